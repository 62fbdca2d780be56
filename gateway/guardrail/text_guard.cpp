// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/text_guard.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "base/json_text.h"
#include "meaning/own_embedder.h"

namespace gateway::guardrail {

namespace {

constexpr std::size_t kMostSpots = 50;

std::string_view stageName(Stage stage)
{
    switch (stage) {
    case Stage::Request:
        return "request";
    case Stage::ToolResult:
        return "tool_result";
    case Stage::Response:
        return "response";
    case Stage::ToolCall:
        return "tool_call";
    case Stage::Undecided:
        break;
    }
    return "";
}

std::int64_t nanosNow()
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

void writeVerdict(JsonWriter& json, const Verdict& verdict)
{
    const Rule& rule = *verdict.rule;
    json.beginObject().key("guardrail").string(rule.config.id.text).key("check").string(rule.config.check);
    json.key("action").string(actionName(rule.action));
    json.key("mode").string(rule.config.mode);
    if (!verdict.kinds.empty()) {
        json.key("found").beginObject();
        for (const auto& [kind, count] : verdict.kinds)
            json.key(kind).integer(count);
        json.endObject().key("spots").beginArray();
        for (const Spot& spot : verdict.spots) {
            json.beginObject()
                .key("stage")
                .string(stageName(spot.stage))
                .key("message")
                .integer(spot.message);
            json.key("start").integer(static_cast<std::int64_t>(spot.start));
            json.key("size").integer(static_cast<std::int64_t>(spot.size)).key("kind").string(spot.kind);
            json.endObject();
        }
        json.endArray();
    }
    if (!verdict.reason.empty()) json.key("reason").string(verdict.reason);
    if (verdict.failed) json.key("failed").boolean(true);
    if (verdict.askedAnew > 0) json.key("asked_anew").integer(verdict.askedAnew);
    if (verdict.mended && !verdict.failed) json.key("mended").boolean(true);
    json.key("us").integer(verdict.nanos / 1000).endObject();
}

} // namespace

std::vector<TextGuard::Placed> TextGuard::withoutHidden(std::vector<Placed> places) const
{
    // Those that change the text, the earlier rule's first, hide what overlaps them; who only looks sees all.
    std::map<std::size_t, std::size_t> taken; // start and end
    std::vector<std::size_t> order(places.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t left, std::size_t right) {
        return places[left].rule < places[right].rule;
    });
    std::vector<bool> hidden(places.size());
    for (const std::size_t i : order) {
        const Placed& each = places[i];
        if (m_mode == Mode::Obey && !m_verdicts[each.rule].rule->changes()) continue;
        const std::size_t end = each.found.start + each.found.size;
        const auto next = taken.lower_bound(each.found.start);
        const bool overlaps = (next != taken.end() && next->first < end) ||
                              (next != taken.begin() && std::prev(next)->second > each.found.start);
        if (overlaps)
            hidden[i] = true;
        else
            taken.emplace(each.found.start, end);
    }
    std::vector<Placed> left;
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (!hidden[i]) left.push_back(places[i]);
    }
    return left;
}

TextGuard::TextGuard(const std::vector<const Rule*>& rules, Masks& masks, FindCache* cache, Mode mode)
    : m_masks(masks), m_cache(cache), m_mode(mode)
{
    for (const Rule* rule : rules)
        m_verdicts.push_back({rule});
}

std::vector<TextGuard::Placed> TextGuard::find(std::string_view text, Stage stage)
{
    std::vector<Placed> all;
    std::vector<Found> found;
    std::optional<Sha256> hash; // of the text, once it is asked for
    for (std::size_t i = 0; i < m_verdicts.size(); ++i) {
        const Rule& rule = *m_verdicts[i].rule;
        if (!rule.kind->places || !rule.covers(stage)) continue;
        const std::int64_t begun = nanosNow();
        found.clear();
        findBy(m_verdicts[i], text, hash, found);
        for (const Found& each : found) {
            if (!rule.isException(text.substr(each.start, each.size))) all.push_back({each, i});
        }
        m_verdicts[i].nanos += nanosNow() - begun;
    }
    std::stable_sort(all.begin(), all.end(), [](const Placed& left, const Placed& right) {
        return left.found.start != right.found.start ? left.found.start < right.found.start
                                                     : left.rule < right.rule;
    });
    return withoutHidden(std::move(all));
}

void TextGuard::findBy(Verdict& verdict, std::string_view text, std::optional<Sha256>& hash,
                       std::vector<Found>& found)
try {
    const Rule& rule = *verdict.rule;
    if (!m_cache || text.size() < FindCache::kWorth) return rule.check->find(text, found);
    if (!hash) hash = sha256(text);
    if (auto known = m_cache->find(*hash, rule.looker)) {
        found = *std::move(known);
        return;
    }
    rule.check->find(text, found);
    m_cache->keep(*hash, rule.looker, found);
} catch (...) { // of memory, or of a library's
    found.clear();
    verdict.failed = true;
}

std::optional<std::string> TextGuard::take(const Placed& placed, std::string_view text, Spot spot)
{
    Verdict& verdict = m_verdicts[placed.rule];
    ++verdict.kinds[placed.found.kind];
    spot.size = placed.found.size;
    spot.kind = placed.found.kind;
    if (verdict.spots.size() < kMostSpots) verdict.spots.push_back(spot);
    if (m_mode == Mode::HideAll) return hidden(placed.found.kind);
    if (!verdict.rule->changes()) return std::nullopt;
    return m_masks.maskOf(*verdict.rule, placed.found.kind, text);
}

std::optional<std::string> TextGuard::guard(std::string_view text, Stage stage, std::uint32_t message)
{
    std::string masked;
    std::size_t done = 0;
    bool changed = false;
    for (const Placed& each : find(text, stage)) {
        const std::string_view what = text.substr(each.found.start, each.found.size);
        const auto mask = take(each, what, {stage, message, each.found.start});
        if (!mask) continue;
        masked.append(text.substr(done, each.found.start - done)).append(*mask);
        done = each.found.start + each.found.size;
        changed = true;
    }
    if (!changed) return std::nullopt;
    masked.append(text.substr(done));
    return masked;
}

std::optional<std::string> TextGuard::guardJson(std::string_view json, Stage stage, std::uint32_t message)
{
    JsonPlain plain;
    plain.feed(json);
    plain.finish();
    std::string masked;
    std::size_t done = 0;
    bool changed = false;
    for (const Placed& each : find(plain.text(), stage)) {
        const std::size_t end = each.found.start + each.found.size;
        if (!plain.isValue(each.found.start, end)) continue;
        const std::string_view what =
            std::string_view(plain.text()).substr(each.found.start, each.found.size);
        const auto mask = take(each, what, {stage, message, each.found.start});
        if (!mask) continue;
        const std::string quoted = jsonQuoted(*mask);
        masked.append(json.substr(done, plain.rawAt(each.found.start) - done));
        masked.append(quoted, 1, quoted.size() - 2);
        done = plain.rawAt(end);
        changed = true;
    }
    if (!changed) return std::nullopt;
    masked.append(json.substr(done));
    return masked;
}

std::size_t TextGuard::openSince(std::string_view text, Stage stage) const
{
    std::size_t open = text.size();
    for (const Verdict& each : m_verdicts) {
        if (each.rule->kind->places && each.rule->covers(stage))
            open = std::min(open, each.rule->check->openSince(text));
    }
    return open;
}

bool TextGuard::looksAt(Stage stage) const
{
    return std::any_of(m_verdicts.begin(), m_verdicts.end(), [stage](const Verdict& each) {
        return each.rule->kind->places && each.rule->covers(stage);
    });
}

bool TextGuard::acts(Stage stage) const
{
    return std::any_of(m_verdicts.begin(), m_verdicts.end(), [stage](const Verdict& each) {
        return each.rule->kind->places && each.rule->acts() && each.rule->covers(stage);
    });
}

std::optional<std::string> TextGuard::judge(Subject subject)
{
    std::optional<std::string> better;
    m_betterMessages.clear();
    m_addedMessages.clear();
    for (Verdict& verdict : m_verdicts) {
        if (verdict.rule->kind->places || verdict.rule->kind->asks || !verdict.rule->covers(subject.stage))
            continue;
        const std::int64_t begun = nanosNow();
        Opinion opinion;
        try {
            opinion = verdict.rule->check->judge(subject);
        } catch (...) {
            verdict.failed = true;
        }
        verdict.nanos += nanosNow() - begun;
        if (opinion.alarm)
            verdict.reason = opinion.reason.empty() ? "The check failed." : std::move(opinion.reason);
        if (!opinion.alarm || verdict.rule->observes || verdict.rule->action != Action::Rewrite) continue;
        if (!opinion.instead && !opinion.add) {
            verdict.failed = true; // nothing to put in its place
            continue;
        }
        verdict.mended = true;
        if (opinion.add) {
            m_addedMessages.push_back(*std::move(opinion.add));
        } else if (opinion.insteadOf == MessageOf::Last) {
            better = *std::move(opinion.instead);
            subject.text = *better;
        } else {
            std::string& message = m_betterMessages[opinion.insteadOf];
            message = *std::move(opinion.instead);
            subject.firstOf[static_cast<std::size_t>(opinion.insteadOf)] = message;
        }
    }
    return better;
}

std::vector<std::size_t> TextGuard::asking(Stage stage) const
{
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < m_verdicts.size(); ++i) {
        if (m_verdicts[i].rule->kind->asks && m_verdicts[i].rule->covers(stage)) places.push_back(i);
    }
    return places;
}

void TextGuard::ponder(const Subject& subject)
{
    for (const std::size_t place : asking(subject.stage)) {
        const Rule& rule = *m_verdicts[place].rule;
        const auto inquiry = rule.kind->ponders ? rule.check->inquiry(subject) : std::nullopt;
        if (!inquiry) continue;
        const std::int64_t begun = nanosNow();
        auto opinion = rule.check->ponder(inquiry->body, meaning::ownEmbedder());
        take(place, std::move(opinion), nanosNow() - begun);
    }
}

void TextGuard::take(std::size_t place, Result<Opinion> opinion, std::int64_t nanos)
{
    Verdict& verdict = m_verdicts[place];
    verdict.nanos += nanos;
    if (!opinion) {
        verdict.failed = true;
        verdict.reason = opinion.error().message;
    } else if (opinion->alarm) {
        verdict.reason = opinion->reason.empty() ? "The check failed." : std::move(opinion->reason);
    }
    if (!opinion || verdict.rule->action != Action::Rewrite) return;
    const bool isKnown = opinion->instead || opinion->insteadJson;
    if (isKnown && !opinion->alarm) verdict.reason = "who was asked has another text";
    if (verdict.rule->observes || (!isKnown && !opinion->alarm)) return;
    verdict.failed = true; // until the other text stands there
    if (isKnown && !m_better)
        m_better = {place, opinion->instead.value_or(""), std::move(opinion->insteadJson)};
}

std::optional<TextGuard::Better> TextGuard::takeBetter()
{
    return std::exchange(m_better, std::nullopt);
}

void TextGuard::putIn(const Better& better)
{
    m_verdicts[better.place].failed = false;
    m_verdicts[better.place].mended = true;
}

const Verdict* TextGuard::wantsAnother() const
{
    for (const Verdict& each : m_verdicts) {
        const bool isLetBy = each.failed && each.rule->failsOpen;
        const bool refuses =
            each.alarm() && !isLetBy && !each.rule->observes && (!each.mended || each.failed);
        if (refuses && each.askedAnew < each.rule->config.retries) return &each;
    }
    return nullptr;
}

void TextGuard::forget(const Verdict& wanted)
{
    m_better.reset();
    for (Verdict& each : m_verdicts) {
        Verdict anew{each.rule};
        anew.askedAnew = each.askedAnew + (&each == &wanted ? 1 : 0);
        each = std::move(anew);
    }
}

void TextGuard::forgetAll()
{
    m_better.reset();
    for (Verdict& each : m_verdicts)
        each = Verdict{each.rule};
}

void TextGuard::giveUpMended()
{
    for (Verdict& each : m_verdicts)
        each.failed = each.failed || each.mended;
}

const Verdict* TextGuard::failedClosed() const
{
    for (const Verdict& each : m_verdicts) {
        if (each.failed && !each.rule->failsOpen) return &each;
    }
    return nullptr;
}

const Verdict* TextGuard::firstThat(Action action) const
{
    for (const Verdict& each : m_verdicts) {
        const bool isLetBy = each.failed && each.rule->failsOpen && each.kinds.empty();
        if (each.alarm() && !isLetBy && !each.rule->observes && each.rule->action == action) return &each;
    }
    return nullptr;
}

bool TextGuard::anyAlarm() const
{
    return std::any_of(m_verdicts.begin(), m_verdicts.end(),
                       [](const Verdict& each) { return each.alarm(); });
}

std::string TextGuard::verdictsJson() const
{
    std::string text;
    const auto isTold = [](const Verdict& each) { return each.alarm() || each.askedAnew > 0; };
    if (std::none_of(m_verdicts.begin(), m_verdicts.end(), isTold)) return text;
    JsonWriter json(text);
    json.beginArray();
    for (const Verdict& each : m_verdicts) {
        if (isTold(each)) writeVerdict(json, each);
    }
    json.endArray();
    return text;
}

std::string foundText(const Verdict& verdict)
{
    std::string list;
    for (const auto& [kind, count] : verdict.kinds) {
        list.append(list.empty() ? "it holds " : ", ").append(kind);
        if (count > 1) list.append(" (").append(std::to_string(count)).append(")");
    }
    if (!list.empty()) return list;
    list = verdict.reason.empty() && verdict.failed ? "its check could not be done" : verdict.reason;
    while (list.ends_with('.'))
        list.pop_back();
    return list;
}

std::string refusalText(const Verdict& verdict, bool isAnswer)
{
    const Rule& rule = *verdict.rule;
    if (!rule.config.message.empty()) return rule.config.message;
    std::string text = "The guardrail `" + rule.config.id.text + "` refused the ";
    text.append(isAnswer ? "answer" : "request").append(": ").append(foundText(verdict));
    return text.append(isAnswer ? ". Ask in another way, or change the guardrail in Turnpike."
                                : ". Take that out, or change the guardrail in Turnpike.");
}

} // namespace gateway::guardrail
