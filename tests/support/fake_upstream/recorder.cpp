// SPDX-License-Identifier: GPL-3.0-or-later
#include "recorder.h"

#include "text.h"

namespace fake {

static constexpr size_t kMostEntries = 20'000;
static constexpr size_t kMostBytes = 256 * 1024 * 1024;

uint64_t Recorder::began(const HttpRequest& request, const Ask& ask, uint64_t connection)
{
    ++m_counted;
    ++m_lastNumber;
    if (!m_enabled) return m_lastNumber;
    Entry entry{m_lastNumber,
                std::string(request.method),
                std::string(request.target),
                {},
                std::string(request.body),
                ask.model,
                nowMs(),
                0,
                connection,
                Entry::State::Open};
    for (const auto& [name, value] : request.headers)
        entry.headers.emplace_back(name, value);
    m_bytes += entry.body.size();
    m_entries.push_back(std::move(entry));
    while (m_entries.size() > kMostEntries || (m_bytes > kMostBytes && m_entries.size() > 1)) {
        m_bytes -= m_entries.front().body.size();
        m_entries.pop_front();
    }
    return m_lastNumber;
}

void Recorder::ended(uint64_t number, bool cancelled)
{
    if (number <= m_resetAt) return;
    ++(cancelled ? m_cancelled : m_done);
    if (Entry* entry = entryOf(number)) {
        entry->state = cancelled ? Entry::State::Cancelled : Entry::State::Done;
        entry->endedMs = nowMs();
    }
}

void Recorder::reset()
{
    m_entries.clear();
    m_bytes = 0;
    m_counted = m_cancelled = m_done = 0;
    m_resetAt = m_lastNumber;
}

Recorder::Entry* Recorder::entryOf(uint64_t number)
{
    if (m_entries.empty() || number < m_entries.front().number) return nullptr;
    size_t index = number - m_entries.front().number;
    return index < m_entries.size() ? &m_entries[index] : nullptr;
}

void Recorder::append(std::string& out, const Entry& entry)
{
    static constexpr const char* kStates[] = {"open", "done", "cancelled"};
    out += R"({"seq":)" + std::to_string(entry.number) + R"(,"method":)" + jsonString(entry.method) +
           R"(,"target":)" + jsonString(entry.target) + R"(,"headers":[)";
    for (size_t i = 0; i < entry.headers.size(); ++i) {
        out += i > 0 ? ",[" : "[";
        appendJsonString(out, entry.headers[i].first);
        out += ',';
        appendJsonString(out, entry.headers[i].second);
        out += ']';
    }
    out += R"(],"body":)";
    appendJsonString(out, entry.body);
    out += R"(,"model":)" + jsonString(entry.model) + R"(,"started_ms":)" + std::to_string(entry.startedMs) +
           R"(,"state":")" + kStates[static_cast<size_t>(entry.state)] + '"';
    if (entry.state == Entry::State::Done) out += R"(,"done_ms":)" + std::to_string(entry.endedMs);
    if (entry.state == Entry::State::Cancelled) out += R"(,"cancelled_ms":)" + std::to_string(entry.endedMs);
    out += R"(,"connection":)" + std::to_string(entry.connection) + "}";
}

std::string Recorder::requestsJson() const
{
    std::string out = "[";
    for (const Entry& entry : m_entries) {
        if (out.size() > 1) out += ",\n";
        append(out, entry);
    }
    return out + "]\n";
}

std::string Recorder::countJson() const
{
    return R"({"count":)" + std::to_string(m_counted) + R"(,"open":)" +
           std::to_string(m_counted - m_done - m_cancelled) + R"(,"done":)" + std::to_string(m_done) +
           R"(,"cancelled":)" + std::to_string(m_cancelled) + "}\n";
}

} // namespace fake
