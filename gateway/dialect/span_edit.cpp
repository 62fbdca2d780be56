// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/span_edit.h"

#include <algorithm>
#include <functional>

#include "base/json_text.h"

namespace gateway::dialect {

SpanEdit::SpanEdit(std::string_view object, const std::vector<JsonMember>& members)
    : m_object(object), m_members(members)
{
}

const JsonMember* SpanEdit::member(std::string_view key) const
{
    const auto found = std::find_if(m_members.begin(), m_members.end(),
                                    [key](const JsonMember& candidate) { return isNamed(candidate, key); });
    return found == m_members.end() ? nullptr : &*found;
}

void SpanEdit::set(std::string_view key, std::string json)
{
    std::erase(m_removed, key);
    const auto known = std::find_if(m_changes.begin(), m_changes.end(),
                                    [key](const Change& change) { return change.key == key; });
    if (known != m_changes.end()) {
        known->json = std::move(json);
        return;
    }
    const JsonMember* present = member(key);
    m_changes.push_back({std::string(key), std::move(json), present ? present->value : std::string_view()});
}

void SpanEdit::remove(std::string_view key)
{
    std::erase_if(m_changes, [key](const Change& change) { return change.key == key; });
    if (member(key)) m_removed.emplace_back(key);
}

std::string_view SpanEdit::value(std::string_view key) const
{
    if (std::find(m_removed.begin(), m_removed.end(), key) != m_removed.end()) return {};
    for (const Change& change : m_changes) {
        if (change.key == key) return change.json;
    }
    const JsonMember* present = member(key);
    return present ? present->value : std::string_view();
}

void SpanEdit::appendNew(std::string& out) const
{
    bool first = m_members.empty();
    for (const Change& change : m_changes) {
        if (!change.span.empty()) continue;
        if (!first) {
            out += ',';
        }
        first = false;
        appendJsonString(out, change.key);
        out += ':';
        out += change.json;
    }
}

std::string SpanEdit::text() const
{
    const std::size_t close = m_object.rfind('}');
    if (close == std::string_view::npos) return std::string(m_object);
    std::vector<const Change*> replaced;
    std::size_t more = 16;
    for (const Change& change : m_changes) {
        more += change.key.size() + change.json.size() + 8;
        if (!change.span.empty()) {
            replaced.push_back(&change);
        }
    }
    std::sort(replaced.begin(), replaced.end(), [](const Change* left, const Change* right) {
        return std::less<>()(left->span.data(), right->span.data());
    });
    std::string out;
    out.reserve(m_object.size() + more);
    std::size_t at = 0;
    for (const Change* change : replaced) {
        const auto begin = static_cast<std::size_t>(change->span.data() - m_object.data());
        out.append(m_object, at, begin - at);
        out += change->json;
        at = begin + change->span.size();
    }
    out.append(m_object, at, close - at);
    appendNew(out);
    out.append(m_object, close);
    for (const std::string& key : m_removed)
        out = withoutMember(out, key);
    return out;
}

std::string withMember(std::string_view object, std::string_view key, std::string json)
{
    std::vector<JsonMember> members;
    forEachMember(object, [&members](const JsonMember& member) { members.push_back(member); });
    SpanEdit edit(object, members);
    edit.set(key, std::move(json));
    return edit.text();
}

std::string withoutMember(std::string_view object, std::string_view key)
{
    const char* begin = nullptr;
    const char* end = nullptr;
    const char* before = nullptr; // the end of the value before it
    forEachMember(object, [&](const JsonMember& member) {
        if (begin) { // the next one: the comma between goes, too
            if (!before) end = member.key.data() - 1;
            return false;
        }
        const char* const valueEnd = member.value.data() + member.value.size();
        if (member.key == key) {
            begin = before ? before : member.key.data() - 1;
            end = valueEnd;
        } else {
            before = valueEnd;
        }
        return true;
    });
    if (!begin) return std::string(object);
    std::string out(object.data(), begin);
    return out.append(end, object.data() + object.size());
}

std::string withData(const SseEvent& event, std::string_view data)
{
    const std::less_equal<> notAfter;
    const char* const rawEnd = event.raw.data() + event.raw.size();
    const char* const dataEnd = event.data.data() + event.data.size();
    if (notAfter(event.raw.data(), event.data.data()) && notAfter(dataEnd, rawEnd)) {
        std::string out(event.raw.data(), event.data.data());
        out += data;
        out.append(dataEnd, rawEnd);
        return out;
    }
    std::string out;
    if (!event.name.empty()) {
        out.append("event: ").append(event.name).append("\n");
    }
    // Data of several lines only ever breaks between tokens of its JSON, so one line says the same.
    out += "data: ";
    std::for_each(data.begin(), data.end(),
                  [&out](char byte) { out += byte == '\n' || byte == '\r' ? ' ' : byte; });
    out += "\n\n";
    return out;
}

namespace {

/// Merges an object of ours over the top level.
bool merge(SpanEdit& edit, std::string_view object, bool always)
{
    if (object.empty()) return true;
    JsonDocument members;
    if (scanJson(object, members) || members.root != JsonKind::Object) return false;
    for (const JsonMember& member : members.members) {
        const std::string key = unescapeJson(member.key).value_or(std::string());
        if (always || (key != "model" && key != "stream")) edit.set(key, std::string(member.value));
    }
    return true;
}

} // namespace

Outcome applyOverrides(SpanEdit& edit, const BodyEdit& wanted)
{
    if (!wanted.model.empty()) edit.set("model", jsonQuoted(wanted.model));
    if (!merge(edit, wanted.overrideJson, false))
        return gatewayError(Code::Internal,
                            "The target's override is not a JSON object. Run turnpiked check.");
    for (const std::string& each : wanted.remove)
        edit.remove(each);
    if (!merge(edit, wanted.serverJson, true))
        return gatewayError(Code::Internal, "What the provider's kind adds is not a JSON object.");
    return Done{};
}

} // namespace gateway::dialect
