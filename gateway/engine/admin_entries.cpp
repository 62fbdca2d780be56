// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of the configuration that have entries with names: budgets, routes, providers, and what keys
// share with them.
#include <algorithm>
#include <utility>

#include "base/json_scan.h"
#include "base/money.h"
#include "base/strings.h"
#include "config/config_fields.h"
#include "config/config_limits.h"
#include "engine/admin_answers.h"
#include "engine/admin_bodies.h"
#include "engine/admin_desk.h"

namespace gateway::engine {

using config::JsonTree;

const AdminDesk::Section AdminDesk::kKeys{"keys", "key"};
const AdminDesk::Section AdminDesk::kBudgets{"budgets", "budget"};
const AdminDesk::Section AdminDesk::kRoutes{"routes", "route"};
const AdminDesk::Section AdminDesk::kProviders{"providers", "provider"};

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// The text of a configuration that is known to be good, as a tree.
JsonTree treeOf(std::string_view text)
{
    if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
    text = trimmed(text);
    return text.empty() ? JsonTree::object() : JsonTree::parse(text);
}

std::string_view budgetStateName(const BudgetState& state)
{
    if (!state.complete) return "unknown";
    return state.spentNanos >= state.limitNanos + state.allowedNanos ? "used_up" : "open";
}

std::string_view providerStateName(ProviderHealth::State state)
{
    switch (state) {
    case ProviderHealth::State::Ready:
        return "ready";
    case ProviderHealth::State::NoKey:
        return "no_key";
    case ProviderHealth::State::KeyRefused:
        return "key_refused";
    case ProviderHealth::State::Failing:
        return "failing";
    case ProviderHealth::State::Undecided:
        break;
    }
    return "unknown";
}

std::string_view providerKeyStateName(KeyHealth::State state)
{
    switch (state) {
    case KeyHealth::State::Ready:
        return "ready";
    case KeyHealth::State::Unreadable:
        return "unreadable";
    case KeyHealth::State::Refused:
        return "refused";
    case KeyHealth::State::RateLimited:
        return "rate_limited";
    case KeyHealth::State::Undecided:
        break;
    }
    return "unknown";
}

void writeState(JsonWriter& json, const BudgetState& state)
{
    const std::int64_t left = state.limitNanos + state.allowedNanos - state.spentNanos - state.reservedNanos;
    writeUsd(json, "limit_usd", state.limitNanos);
    writeUsd(json, "allowed_usd", state.allowedNanos);
    writeUsd(json, "spent_usd", state.spentNanos);
    writeUsd(json, "reserved_usd", state.reservedNanos);
    writeUsd(json, "left_usd", std::max<std::int64_t>(left, 0));
    writeMoment(json, "since", state.since);
    writeMoment(json, "until", state.until);
    json.key("state").string(budgetStateName(state));
}

void writeProviderKeys(JsonWriter& json, const ProviderHealth& health)
{
    json.key("keys").beginArray();
    for (const KeyHealth& key : health.keys) {
        json.beginObject().key("id").string(key.id.text).key("masked").string(key.masked);
        json.key("state").string(providerKeyStateName(key.state)).key("problem").string(key.problem);
        writeMoment(json, "since", key.since);
        writeMoment(json, "until", key.until);
        json.endObject();
    }
    json.endArray();
}

} // namespace

std::variant<JsonTree, pipeline::AdminAnswer> bodyObject(std::string_view body)
{
    JsonDocument document;
    if (trimmed(body).empty()) return JsonTree::object();
    if (body.size() > config::kMaxFileBytes)
        return adminRefusal(413, codeName(Code::RequestTooLarge),
                            "The body is larger than a configuration may be, which is 1 MiB.");
    if (const auto problem = scanJson(body, document, config::kMaxDepth)) {
        const bool twice = problem->fault == JsonFault::DuplicateKey;
        return adminRefusal(400, codeName(twice ? Code::DuplicateKey : Code::InvalidJson),
                            "The body is not valid JSON at line " + std::to_string(problem->line) + ": " +
                                problem->message + ".");
    }
    if (document.root != JsonKind::Object)
        return adminRefusal(400, codeName(Code::InvalidRequest), "The body has to be a JSON object.");
    return JsonTree::parse(trimmed(body));
}

std::variant<JsonTree, pipeline::AdminAnswer> fileObject(std::string_view text)
{
    if (!parseConfig(text).usable())
        return adminRefusal(409, "config_invalid",
                            "The configuration file has problems and would be lost. Correct it first: see "
                            "`problems` in GET /admin/v1/status.");
    JsonTree root = treeOf(text);
    if (root.children.empty()) root.member("version").assign(JsonTree::raw("1"));
    return root;
}

void AdminDesk::changeEntries(const Section& section, const Call& call, EntryEdit edit,
                              std::function<Answer(const Config&)> answer, const Done& done)
{
    Change made;
    made.ifMatch = call.ifMatch;
    made.edit = [member = section.member,
                 edit = std::move(edit)](std::string& text) -> std::optional<Answer> {
        auto file = fileObject(text);
        if (auto* refused = std::get_if<Answer>(&file)) return std::move(*refused);
        JsonTree& root = std::get<JsonTree>(file);
        JsonTree& entries = root.member(member);
        if (entries.kind != JsonKind::Object) entries.assign(JsonTree::object());
        if (auto refused = edit(entries)) return refused;
        text = root.pretty() + "\n";
        return std::nullopt;
    };
    made.answer = [answer = std::move(answer)](const Config& config, const auto&) { return answer(config); };
    made.done = done;
    change(std::move(made));
}

void AdminDesk::entry(const Section& section, const Call& call, const Done& done)
{
    const std::string& name = call.path.name;
    if (config::isOwnerKey(name)) return done(notFound(section.noun, name));
    if (call.method == "GET") {
        Answer found = entryAnswer(section, name).value_or(notFound(section.noun, name));
        if (found.status == 200) found.headers.emplace_back("ETag", entityTag(m_means.file.text()));
        return done(std::move(found));
    }
    if (call.method == "DELETE") {
        const auto remove = [noun = section.noun, name](JsonTree& entries) -> std::optional<Answer> {
            if (!entries.find(name)) return notFound(noun, name);
            entries.erase(name);
            return std::nullopt;
        };
        const auto removed = [name](const Config&) {
            Answer answer;
            JsonWriter(answer.body)
                .beginObject()
                .key("name")
                .string(name)
                .key("deleted")
                .boolean(true)
                .endObject();
            return answer;
        };
        return changeEntries(section, call, remove, removed, done);
    }
    auto body = bodyObject(call.body);
    if (auto* refused = std::get_if<Answer>(&body)) return done(std::move(*refused));
    JsonTree given = std::move(std::get<JsonTree>(body));
    if (const JsonTree* said = given.find("name"); said && said->scalar != JsonTree::string(name).scalar)
        return done(adminRefusal(400, codeName(Code::InvalidRequest),
                                 "`name` is not what the path says. Entries are not renamed.", "name"));
    // What was read may be sent back as it is.
    given.erase("name");
    if (section.member == kBudgets.member) given.erase("now");
    const auto isNew = std::make_shared<bool>(false);
    const auto put = [name, given, isNew](JsonTree& entries) -> std::optional<Answer> {
        *isNew = entries.find(name) == nullptr;
        entries.member(name).assign(given);
        return std::nullopt;
    };
    const auto saved = [this, &section, name, isNew](const Config&) {
        Answer answer = entryAnswer(section, name).value_or(Answer{});
        answer.status = *isNew ? 201 : 200;
        return answer;
    };
    changeEntries(section, call, put, saved, done);
}

AdminDesk::Answer AdminDesk::entries(const Section& section) const
{
    Answer answer;
    JsonWriter json(answer.body);
    json.beginObject().key(section.member).beginArray();
    const std::vector<BudgetState> states = statesFor(section);
    JsonTree root = treeOf(m_means.file.text());
    if (const JsonTree* found = root.find(section.member)) {
        for (const JsonTree& entry : found->children) {
            if (!config::isOwnerKey(entry.key)) writeEntry(json, section, entry, states);
        }
    }
    json.endArray();
    if (section.member == kBudgets.member) {
        json.key("keys").beginArray();
        for (const BudgetState& state : states) {
            if (!state.ofKey) continue;
            json.beginObject().key("name").string(state.name);
            writeState(json, state);
            json.endObject();
        }
        json.endArray();
    }
    json.endObject();
    answer.headers.emplace_back("ETag", entityTag(m_means.file.text()));
    return answer;
}

std::optional<AdminDesk::Answer> AdminDesk::entryAnswer(const Section& section, const std::string& name) const
{
    JsonTree root = treeOf(m_means.file.text());
    JsonTree* found = root.find(section.member);
    const JsonTree* entry = found ? found->find(name) : nullptr;
    if (!entry) return std::nullopt;
    Answer answer;
    JsonWriter json(answer.body);
    writeEntry(json, section, *entry, statesFor(section));
    return answer;
}

std::vector<BudgetState> AdminDesk::statesFor(const Section& section) const
{
    return section.member == kBudgets.member ? m_means.budgets() : std::vector<BudgetState>();
}

void AdminDesk::writeEntry(JsonWriter& json, const Section& section, const JsonTree& entry,
                           const std::vector<BudgetState>& states) const
{
    if (section.member == kBudgets.member) return writeBudget(json, entry, states);
    if (section.member == kProviders.member) {
        if (const ProviderConfig* provider = m_means.file.config()->findProvider(entry.key))
            writeProvider(json, *provider);
        return;
    }
    json.beginObject().key("name").string(entry.key);
    for (const JsonTree& member : entry.children)
        json.key(member.key).raw(member.compact());
    json.endObject();
}

void AdminDesk::writeBudget(JsonWriter& json, const JsonTree& entry, const std::vector<BudgetState>& states)
{
    json.beginObject().key("name").string(entry.key);
    for (const JsonTree& member : entry.children)
        json.key(member.key).raw(member.compact());
    const auto state = std::find_if(states.begin(), states.end(), [&entry](const BudgetState& each) {
        return !each.ofKey && each.name == entry.key;
    });
    if (state != states.end()) {
        json.key("now").beginObject();
        writeState(json, *state);
        json.endObject();
    }
    json.endObject();
}

void AdminDesk::writeProvider(JsonWriter& json, const ProviderConfig& provider) const
{
    const ProviderHealth health = m_means.health(provider);
    json.beginObject().key("name").string(provider.id.text).key("kind").string(provider.kind);
    json.key("base_url").string(provider.baseUrl).key("local").boolean(provider.local);
    json.key("state").string(providerStateName(health.state)).key("problem").string(health.problem);
    writeProviderKeys(json, health);
    json.key("models").integer(static_cast<std::int64_t>(m_means.models(provider)));
    json.endObject();
}

} // namespace gateway::engine
