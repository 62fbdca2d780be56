// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/stream_guard.h"

#include <algorithm>

#include "base/json_text.h"

namespace gateway::guardrail {

namespace {

constexpr std::size_t kContextBytes = 160;               // what checks see of the text before
constexpr std::size_t kMostOpen = std::size_t{16} << 10; // of something that grows on
// A place that is older has to have changed by then, when so much stands behind it.
constexpr std::size_t kMostWaiting = 64;
constexpr std::size_t kSettled = 16;
constexpr std::size_t kLookEvery = 512; // bytes

/// Not within a character.
std::size_t atCharacter(std::string_view text, std::size_t place)
{
    while (place > 0 && place < text.size() && (static_cast<unsigned char>(text[place]) & 0xc0) == 0x80)
        --place;
    return place;
}

} // namespace

StreamGuard::StreamGuard(TextGuard& guard, const Masks* restore, Stage stage, std::uint32_t message,
                         bool isJson)
    : m_guard(guard)
    , m_restore(restore && restore->restores() ? restore : nullptr)
    , m_stage(stage)
    , m_message(message)
    , m_isJson(isJson)
    , m_looks(guard.looksAt(stage))
    , m_acts(guard.acts(stage))
{
}

std::size_t StreamGuard::held() const
{
    return (m_acts ? text().size() - m_decided : 0) + m_unrestored.size();
}

std::string StreamGuard::feed(std::string_view part)
{
    if (m_blocked) return {};
    if (!m_looks) return restored(std::string(part), false);
    if (m_isJson)
        m_json.feed(part);
    else
        m_plain.append(part);
    // Who only looks need not look at every word by itself.
    m_unlooked += part.size();
    if (!m_acts && m_unlooked < kLookEvery) return restored(std::string(part), false);
    m_unlooked = 0;
    std::string out = decide(false);
    return restored(m_acts ? std::move(out) : std::string(part), false);
}

std::string StreamGuard::finish()
{
    if (m_blocked) return {};
    if (!m_looks) return restored({}, true);
    if (m_isJson) m_json.finish();
    std::string out = decide(true);
    return restored(m_acts ? std::move(out) : std::string(), true);
}

std::string StreamGuard::decide(bool final)
{
    const std::string& all = text();
    std::size_t cut = all.size();
    if (!final) {
        cut = atCharacter(all, std::max(m_guard.openSince(all, m_stage), m_decided));
        if (all.size() - m_decided > kMostOpen) cut = all.size();
    }
    if (cut <= m_decided) return {};
    std::size_t decided = cut;
    std::string out = place(cut, final, decided);
    m_decided = decided;
    forget();
    return out;
}

/// `decided`: how far that went.
std::string StreamGuard::place(std::size_t cut, bool final, std::size_t& decided)
{
    std::string out;
    std::size_t done = m_decided;
    const std::string& all = text();
    const auto places = m_guard.find(all, m_stage);
    m_blocked = m_guard.failedClosed() != nullptr;
    if (m_blocked) return out;
    for (const TextGuard::Placed& each : places) {
        const std::size_t end = each.found.start + each.found.size;
        const std::size_t start = std::max(each.found.start, done);
        if (end <= done || start >= cut) continue;
        if (m_isJson && !m_json.isValue(each.found.start, end)) continue;
        const bool grows = !final && end > cut && all.size() - m_decided <= kMostOpen &&
                           (all.size() - start < kMostWaiting || all.size() - end < kSettled);
        if (grows) {
            decided = start;
            break;
        }
        const std::string_view what = std::string_view(all).substr(each.found.start, each.found.size);
        // What follows would no longer be known for a part of it.
        const bool endless = !final && all.size() - end < kSettled && all.size() - m_decided > kMostOpen;
        const auto mask = m_guard.take(each, what, {m_stage, m_message, m_forgotten + each.found.start});
        if (endless && mask) m_guard.giveUp(each);
        if (m_guard.firstThat(Action::Block) || m_guard.failedClosed()) {
            append(out, done, start);
            m_blocked = true;
            return out;
        }
        if (!mask) continue;
        append(out, done, start);
        if (m_isJson) {
            const std::string quoted = jsonQuoted(*mask);
            out.append(quoted, 1, quoted.size() - 2);
        } else {
            out.append(*mask);
        }
        done = end;
        decided = std::max(decided, end);
    }
    append(out, done, std::max(done, decided));
    return out;
}

void StreamGuard::append(std::string& out, std::size_t from, std::size_t to) const
{
    if (!m_isJson) {
        out.append(m_plain, from, to - from);
        return;
    }
    const std::size_t begin = m_json.rawAt(from);
    out.append(m_json.raw(), begin, m_json.rawAt(to) - begin);
}

void StreamGuard::forget()
{
    if (m_decided <= 2 * kContextBytes) return;
    const std::size_t bytes = atCharacter(text(), m_decided - kContextBytes);
    if (m_isJson)
        m_json.drop(bytes);
    else
        m_plain.erase(0, bytes);
    m_decided -= bytes;
    m_forgotten += bytes;
}

std::string StreamGuard::restored(std::string out, bool final)
{
    if (!m_restore) return out;
    m_unrestored.append(out);
    const std::size_t cut = final ? m_unrestored.size() : m_restore->openSince(m_unrestored);
    std::string ready = m_restore->restored(std::string_view(m_unrestored).substr(0, cut), m_isJson);
    m_unrestored.erase(0, cut);
    return ready;
}

} // namespace gateway::guardrail
