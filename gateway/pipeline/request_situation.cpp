// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/request_situation.h"

#include <algorithm>
#include <ctime>
#include <utility>
#include <variant>

#include "accounting/cost.h"
#include "base/json_cursor.h"
#include "base/json_text.h"
#include "base/strings.h"
#include "pipeline/route_meaning.h"
#include "pipeline/spending.h"
#include "pipeline/token_estimate.h"
#include "routing/complexity.h"

namespace gateway::pipeline {

namespace {

// What an answer is taken to have where nobody knows, and at most where the request allows more.
constexpr std::int64_t kUsualOutput = 500;

void addText(std::string& text, const Message& message)
{
    for (const Part& part : message.parts) {
        const auto* piece = std::get_if<TextPart>(&part);
        if (!piece) continue;
        if (!text.empty()) text += '\n';
        text += piece->text;
    }
}

} // namespace

std::string lastUserText(const Request& request)
{
    std::string text;
    const auto last = std::find_if(request.messages.rbegin(), request.messages.rend(),
                                   [](const Message& message) { return message.role == Role::User; });
    if (last != request.messages.rend()) addText(text, *last);
    return text;
}

Usage expectedUsage(std::int64_t inputTokens, std::int64_t outputTokens)
{
    Usage usage;
    usage.known = true;
    usage.inputTokens = inputTokens;
    usage.outputTokens = outputTokens;
    return usage;
}

std::optional<Money> expectedCost(const TargetFacts& target, const Usage& usage)
{
    if (!target.provider || target.provider->config.local) return Money();
    const Cost cost = accounting::costBy(target.prices, usage);
    return cost.source == CostSource::Unknown ? std::nullopt : std::optional(cost.amount);
}

RequestSituation::RequestSituation(const Runtime& runtime, RoutedRequest request, std::minstd_rand& random,
                                   std::int64_t nowMicros, const InlineRoutes* inlined)
    : m_runtime(runtime)
    , m_request(std::move(request))
    , m_random(random)
    , m_now(nowMicros)
    , m_inlined(inlined)
{
}

std::string RequestSituation::held(const RouteConfig& route) const
{
    std::string all;
    bool isGiven = false;
    for (const std::string_view part : splitAt(route.stickyBy, ',')) {
        const std::string value = heldBy(trimmed(part));
        isGiven = isGiven || !value.empty();
        if (part.data() != route.stickyBy.data()) all += '\0';
        all += value;
    }
    return isGiven ? all : std::string();
}

std::string RequestSituation::heldBy(std::string_view name) const
{
    if (name == "session") return m_request.row ? m_request.row->session : std::string();
    const FieldValue value = field(name);
    switch (value.kind) {
    case FieldValue::Kind::Text:
    case FieldValue::Kind::List:
        return std::string(value.text);
    case FieldValue::Kind::Number:
        return std::to_string(value.number);
    case FieldValue::Kind::Bool:
        return value.truth ? "true" : "false";
    default:
        return {};
    }
}

std::uint64_t RequestSituation::turn(const RouteConfig& route, bool take) const
{
    const RouteRuntime* runtime = runtimeOf(route);
    if (!runtime || !runtime->turns) return 0;
    return take && m_takesTurns ? runtime->turns->fetch_add(1, std::memory_order_relaxed)
                                : runtime->turns->load(std::memory_order_relaxed);
}

const Condition* RequestSituation::when(const RouteConfig& route, std::size_t place) const
{
    const RouteRuntime* runtime = runtimeOf(route);
    if (!runtime || place >= runtime->when.size() || !runtime->when[place]) return nullptr;
    return &*runtime->when[place];
}

const RouteRuntime* RequestSituation::runtimeOf(const RouteConfig& route) const
{
    if (m_route != &route) {
        m_route = &route;
        m_routeRuntime = m_runtime.findRoute(route.id.text);
    }
    return m_routeRuntime;
}

TargetFacts RequestSituation::factsOf(const TargetConfig& target) const
{
    const ProviderRuntime* provider = m_runtime.findProvider(target.provider.text);
    return provider
               ? m_runtime.factsOf(target.provider.text, routing::listedName(provider->config, target.model))
               : TargetFacts();
}

void RequestSituation::look(const RouteConfig& route, std::size_t place, unsigned looks,
                            routing::TargetView& view) const
{
    const TargetConfig& target = route.targets[place];
    const RouteRuntime* known = runtimeOf(route);
    std::optional<TargetFacts> found;
    const TargetFacts& facts =
        known && place < known->targets.size() ? known->targets[place] : found.emplace(factsOf(target));
    if (const routing::TargetState* state = facts.state) {
        view.inFlight = state->inFlight();
        if ((looks & routing::kLooksAtTimes) != 0) {
            view.firstTokenMicros = state->firstTokenMicros(m_now);
            view.tokenMicros = state->tokenMicros(m_now);
        }
        view.successes = state->successes() + state->praise();
        view.failures = state->failures() + state->blame();
        const auto share = [](std::int64_t used, const std::optional<std::uint32_t>& limit) {
            return limit ? static_cast<double>(used) / *limit : 0;
        };
        if ((looks & routing::kLooksAtUsage) != 0) {
            view.usage = std::max(share(state->requestsThisMinute(m_now), target.limits.rpm),
                                  share(state->tokensThisMinute(m_now), target.limits.tpm));
        }
    }
    if ((looks & routing::kLooksAtCost) == 0) return;
    if (!m_expected) m_expected = expectedUsage(inputTokens(), static_cast<std::int64_t>(outputTokens()));
    view.cost = expectedCost(facts, *m_expected);
}

routing::Likenesses RequestSituation::likenesses(const RouteConfig& route) const
{
    const RouteRuntime* runtime = runtimeOf(route);
    if (!runtime || !runtime->meaning) return {};
    const auto* found = m_request.likenesses ? m_request.likenesses->of(*runtime->meaning) : nullptr;
    if (!found) return {nullptr, "nothing of the request can be compared"};
    // Whoever found it has made what tells phrases, so that nothing is waited for here.
    return {found, meaning::ownPhraseMaker().works() ? "nothing is said in the request" : kNoEmbedder};
}

double RequestSituation::outputTokens() const
{
    const auto most = m_request.facts ? m_request.facts->maxTokens : std::nullopt;
    return static_cast<double>(most ? std::min(*most, kUsualOutput) : kUsualOutput);
}

std::int64_t RequestSituation::inputTokens() const
{
    if (!m_inputTokens) m_inputTokens = estimatedTokens(m_request.bytes);
    return *m_inputTokens;
}

FieldValue RequestSituation::keep(std::string text) const
{
    return FieldValue::of(std::string_view(m_kept.emplace_front(std::move(text))));
}

FieldValue RequestSituation::json(std::string_view value) const
{
    return FieldValue::ofJson(value, m_kept.emplace_front());
}

FieldValue RequestSituation::parameter(std::string_view name) const
{
    if (!m_request.body) return {};
    if (const JsonMember* member = m_request.body->find(name)) return json(member->value);
    // A name with dots leads inwards.
    const std::size_t dot = name.find('.');
    if (dot == std::string_view::npos) return {};
    const JsonMember* outer = m_request.body->find(name.substr(0, dot));
    std::string_view value = outer ? outer->value : std::string_view();
    std::string_view rest = name.substr(dot + 1);
    while (!rest.empty() && !value.empty()) {
        const std::size_t end = std::min(rest.find('.'), rest.size());
        value = memberValue(value, rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return json(value);
}

const RequestSituation::Said& RequestSituation::said() const
{
    if (m_said) return *m_said;
    Said& said = m_said.emplace();
    const Request* request = m_request.conversation ? m_request.conversation() : nullptr;
    if (!request) return said;
    std::string system;
    for (const Message& message : request->messages) {
        if (message.role == Role::System) addText(system, message);
    }
    said.system = keep(std::move(system));
    said.lastUser = keep(lastUserText(*request));
    return said;
}

FieldValue RequestSituation::clock(bool hour) const
{
    const auto seconds = static_cast<std::time_t>(m_now / 1'000'000);
    std::tm local{};
    if (!localtime_r(&seconds, &local)) return {};
    if (hour) return FieldValue::of(static_cast<double>(local.tm_hour));
    return FieldValue::of(
        static_cast<double>(local.tm_wday == 0 ? 7 : local.tm_wday)); // ISO 8601: Monday is 1
}

FieldValue RequestSituation::machine(std::string_view name) const
{
    if (!m_runtime.machine || !m_runtime.readsMachine) return {}; // nobody looks where no route asks
    const MachineFlags& flags = *m_runtime.machine;
    if (name == "network") {
        std::string network = flags.network.text();
        return network.empty() ? FieldValue() : keep(std::move(network));
    }
    const std::atomic<bool>& flag = name == "online"    ? flags.online
                                    : name == "metered" ? flags.metered
                                                        : flags.battery;
    return FieldValue::of(flag.load(std::memory_order_relaxed));
}

/// In US dollars. What budgets of single targets have left is not asked: no target is chosen yet.
FieldValue RequestSituation::money(bool spent) const
{
    const accounting::BudgetTable* budgets = m_runtime.budgets.get();
    if (!budgets) return {};
    const auto dollars = [](Money amount) {
        return FieldValue::of(static_cast<double>(amount.nanos()) /
                              static_cast<double>(Money::kNanosPerDollar));
    };
    if (spent) return dollars(Money::fromNanos(budgets->today().state(m_now).spent));
    const auto left = budgets->left(spenderOf(*m_request.row), m_now);
    return left ? dollars(*left) : FieldValue();
}

FieldValue RequestSituation::personal(bool kinds) const
{
    if (!m_request.personal) return {};
    if (!kinds) return FieldValue::of(m_request.isPersonal());
    std::string list;
    for (const std::string_view name : guardrail::entityNames()) {
        if ((*m_request.personal & guardrail::bitOf(*guardrail::entityNamed(name))) == 0) continue;
        list.append(list.empty() ? "[\"" : ",\"").append(name).append("\"");
    }
    return list.empty() ? json("[]") : json(m_kept.emplace_front(list + "]"));
}

FieldValue RequestSituation::complexity() const
{
    const Request* const request = m_request.conversation ? m_request.conversation() : nullptr;
    if (!request) return {};
    routing::ComplexitySigns signs;
    signs.text = said().lastUser.text;
    signs.inputTokens = inputTokens();
    signs.offersTools = !request->tools.empty();
    signs.wantsShape = !request->responseFormatJson.empty() &&
                       decodeJsonString(memberValue(request->responseFormatJson, "type")) != "text";
    return FieldValue::of(routing::complexityOf(signs));
}

FieldValue RequestSituation::field(std::string_view name) const
{
    for (const auto& [known, value] : m_fields) {
        if (known == name) return value;
    }
    const FieldValue value = found(name);
    constexpr std::size_t kMostKept = 32; // more are looked for slower than they are found
    if (m_fields.size() < kMostKept) m_fields.emplace_back(name, value);
    return value;
}

FieldValue RequestSituation::found(std::string_view name) const
{
    const LogRow& row = *m_request.row;
    const auto behind = [name](std::string_view prefix) {
        return name.starts_with(prefix) ? name.substr(prefix.size()) : std::string_view();
    };
    const auto given = [](std::string_view value) {
        return value.empty() ? FieldValue() : FieldValue::of(value);
    };
    if (const auto key = behind("params."); !key.empty()) return parameter(key);
    if (const auto key = behind("metadata."); !key.empty())
        return row.metadataJson.empty() ? FieldValue() : json(memberValue(row.metadataJson, key));
    if (const auto key = behind("headers."); !key.empty())
        return m_request.head ? given(m_request.head->field(key)) : FieldValue();
    if (const auto key = behind("machine."); !key.empty()) return machine(key);
    if (name == "url.pathname") return m_request.head ? given(m_request.head->path) : FieldValue();
    if (name == "model") return given(row.requestedModel);
    if (name == "key") return given(row.key);
    if (name == "client") return given(row.client);
    if (name == "program") return given(row.program);
    if (name == "repository") return given(row.repository);
    if (name == "dialect") return given(row.dialect);
    if (name == "stream") return FieldValue::of(row.stream);
    if (name == "tools") return FieldValue::of(m_request.facts && m_request.facts->hasTools);
    if (name == "images") return FieldValue::of(m_request.facts && m_request.facts->hasImages);
    if (name == "input_tokens") return FieldValue::of(static_cast<double>(inputTokens()));
    if (name == "text.last_user") return said().lastUser;
    if (name == "text.system") return said().system;
    if (name == "complexity") return complexity();
    if (name == "pii" || name == "pii.kinds") return personal(name == "pii.kinds");
    if (name == "hour" || name == "weekday") return clock(name == "hour");
    if (name == "spend.today" || name == "budget.left") return money(name == "spend.today");
    return {};
}

} // namespace gateway::pipeline
