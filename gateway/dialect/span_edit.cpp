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
    const auto known = std::find_if(m_changes.begin(), m_changes.end(),
                                    [key](const Change& change) { return change.key == key; });
    if (known != m_changes.end()) {
        known->json = std::move(json);
        return;
    }
    const JsonMember* present = member(key);
    m_changes.push_back({std::string(key), std::move(json), present ? present->value : std::string_view()});
}

std::string_view SpanEdit::value(std::string_view key) const
{
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

Outcome applyOverrides(SpanEdit& edit, const BodyEdit& wanted)
{
    std::string model;
    appendJsonString(model, wanted.model);
    edit.set("model", std::move(model));
    if (wanted.overrideJson.empty()) return Done{};
    JsonDocument overrides;
    if (scanJson(wanted.overrideJson, overrides) || overrides.root != JsonKind::Object) {
        return gatewayError(Code::Internal,
                            "The target's override is not a JSON object. Run turnpiked check.");
    }
    for (const JsonMember& member : overrides.members) {
        const std::string key = unescapeJson(member.key).value_or(std::string());
        if (key != "model" && key != "stream") {
            edit.set(key, std::string(member.value));
        }
    }
    return Done{};
}

} // namespace gateway::dialect
