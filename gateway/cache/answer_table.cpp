// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/answer_table.h"

#include <algorithm>

namespace gateway::cache {

namespace {

constexpr std::size_t kMostAliases = 1024; // of one part
constexpr std::int64_t kMostAliasBytes = std::int64_t{2} << 20;
constexpr double kLeastCost = 1000; // nano-dollars: what costs nothing saves time all the same

bool isOver(const AnswerNote& note, std::int64_t now)
{
    return !note.pinned && note.expiresAt <= now;
}

} // namespace

void AnswerTable::value(Part& part, Slot& slot)
{
    if (slot.note.pinned) return;
    part.byWorth.erase({slot.worth, slot.turn, slot.note.key});
    const double saves =
        std::max(kLeastCost, static_cast<double>(slot.note.costNanos)) * (1.0 + slot.note.hits);
    slot.worth = part.floor + saves / static_cast<double>(std::max<std::int64_t>(1, slot.note.bytes));
    slot.turn = ++part.turns;
    part.byWorth.insert({slot.worth, slot.turn, slot.note.key});
}

void AnswerTable::cool(Part& part, Slot& slot)
{
    if (!slot.answer) return;
    part.memoryBytes -= slot.note.bytes;
    part.recent.erase(slot.recent);
    slot.answer.reset();
}

void AnswerTable::drop(Part& part, std::unordered_map<Sha256, Slot, KeyHash>::iterator at)
{
    Slot& slot = at->second;
    cool(part, slot);
    part.byWorth.erase({slot.worth, slot.turn, slot.note.key});
    part.bytes -= slot.note.bytes;
    part.entries.erase(at);
}

void AnswerTable::dropAlias(Part& part, std::unordered_map<Sha256, AliasSlot, KeyHash>::iterator at)
{
    const auto& ready = at->second.alias.ready;
    if (ready) part.aliasBytes -= static_cast<std::int64_t>(ready->own.size());
    part.aliasOrder.erase(at->second.place);
    part.aliases.erase(at);
}

AnswerTable::Slot& AnswerTable::place(Part& part, const AnswerNote& note)
{
    const auto known = part.entries.find(note.key);
    if (known != part.entries.end()) drop(part, known);
    Slot& slot = part.entries[note.key];
    slot.note = note;
    part.bytes += note.bytes;
    value(part, slot);
    return slot;
}

void AnswerTable::warmSlot(Part& part, Slot& slot, std::shared_ptr<const CachedAnswer> answer)
{
    const auto most = m_limits.memoryBytes / static_cast<std::int64_t>(kParts);
    if (slot.answer || slot.note.bytes > most) return;
    part.recent.push_front(slot.note.key);
    slot.recent = part.recent.begin();
    slot.answer = std::move(answer);
    part.memoryBytes += slot.note.bytes;
    while (part.memoryBytes > most)
        cool(part, part.entries.at(part.recent.back()));
}

std::vector<Sha256> AnswerTable::makeRoom(Part& part)
{
    std::vector<Sha256> gone;
    const auto most = m_limits.keptBytes / static_cast<std::int64_t>(kParts);
    while (!part.byWorth.empty() && (part.bytes > most || part.entries.size() > m_limits.most / kParts)) {
        const Rank least = *part.byWorth.begin();
        part.floor = std::max(part.floor, least.worth);
        gone.push_back(least.key);
        drop(part, part.entries.find(least.key));
    }
    return gone;
}

AnswerTable::Found AnswerTable::find(const Sha256& key, std::int64_t now,
                                     const std::optional<std::int64_t>& maxAge) const
{
    Part& part = partOf(key);
    const std::lock_guard lock(part.mutex);
    const auto known = part.entries.find(key);
    if (known == part.entries.end() || isOver(known->second.note, now)) return {};
    const Slot& slot = known->second;
    if (maxAge && now - slot.note.madeAt > *maxAge) return {};
    return {slot.answer, slot.note.madeAt, true};
}

std::vector<Sha256> AnswerTable::keep(std::shared_ptr<const CachedAnswer> answer)
{
    AnswerNote note;
    note.key = answer->key;
    note.bytes = answer->bytes();
    note.costNanos = answer->costNanos;
    note.madeAt = answer->madeAt;
    note.expiresAt = answer->expiresAt;
    Part& part = partOf(note.key);
    const std::lock_guard lock(part.mutex);
    const auto known = part.entries.find(note.key);
    if (known != part.entries.end()) {
        note.hits = known->second.note.hits;
        note.usedAt = known->second.note.usedAt;
        note.pinned = known->second.note.pinned;
    }
    Slot& slot = place(part, note);
    warmSlot(part, slot, std::move(answer));
    return makeRoom(part);
}

std::vector<Sha256> AnswerTable::know(const AnswerNote& note)
{
    Part& part = partOf(note.key);
    const std::lock_guard lock(part.mutex);
    if (part.entries.find(note.key) != part.entries.end()) return {};
    place(part, note);
    return makeRoom(part);
}

void AnswerTable::warm(std::shared_ptr<const CachedAnswer> answer)
{
    Part& part = partOf(answer->key);
    const std::lock_guard lock(part.mutex);
    const auto known = part.entries.find(answer->key);
    if (known != part.entries.end()) warmSlot(part, known->second, std::move(answer));
}

void AnswerTable::noteHit(const Sha256& key, std::int64_t now)
{
    Part& part = partOf(key);
    const std::lock_guard lock(part.mutex);
    const auto known = part.entries.find(key);
    if (known == part.entries.end()) return;
    Slot& slot = known->second;
    ++slot.note.hits;
    slot.note.usedAt = now;
    if (slot.answer) part.recent.splice(part.recent.begin(), part.recent, slot.recent);
    value(part, slot);
}

void AnswerTable::pin(const Sha256& key, bool pinned)
{
    Part& part = partOf(key);
    const std::lock_guard lock(part.mutex);
    const auto known = part.entries.find(key);
    if (known == part.entries.end()) return;
    Slot& slot = known->second;
    slot.note.pinned = pinned;
    if (pinned)
        part.byWorth.erase({slot.worth, slot.turn, key});
    else
        value(part, slot);
}

void AnswerTable::forget(const Sha256& key)
{
    Part& part = partOf(key);
    const std::lock_guard lock(part.mutex);
    const auto known = part.entries.find(key);
    if (known != part.entries.end()) drop(part, known);
}

void AnswerTable::forgetAll(bool pinnedToo)
{
    for (Part& part : m_parts) {
        const std::lock_guard lock(part.mutex);
        for (auto at = part.entries.begin(); at != part.entries.end();) {
            const auto each = at++;
            if (pinnedToo || !each->second.note.pinned) drop(part, each);
        }
        while (!part.aliases.empty())
            dropAlias(part, part.aliases.begin());
    }
}

std::optional<AnswerNote> AnswerTable::noteOf(const Sha256& key) const
{
    Part& part = partOf(key);
    const std::lock_guard lock(part.mutex);
    const auto known = part.entries.find(key);
    return known == part.entries.end() ? std::nullopt : std::optional(known->second.note);
}

std::vector<Sha256> AnswerTable::takeExpired(std::int64_t now)
{
    std::vector<Sha256> gone;
    for (Part& part : m_parts) {
        const std::lock_guard lock(part.mutex);
        for (auto at = part.entries.begin(); at != part.entries.end();) {
            const auto each = at++;
            if (!isOver(each->second.note, now)) continue;
            gone.push_back(each->first);
            drop(part, each);
        }
    }
    return gone;
}

AnswerTable::Figures AnswerTable::figures() const
{
    Figures figures;
    for (const Part& part : m_parts) {
        const std::lock_guard lock(part.mutex);
        figures.answers += part.entries.size();
        figures.bytes += part.bytes;
        figures.memoryBytes += part.memoryBytes + part.aliasBytes;
    }
    return figures;
}

void AnswerTable::setLimits(Limits limits)
{
    std::array<std::unique_lock<std::mutex>, kParts> locks;
    for (std::size_t i = 0; i < kParts; ++i)
        locks[i] = std::unique_lock(m_parts[i].mutex);
    m_limits = limits;
}

std::optional<AnswerTable::Alias> AnswerTable::aliasOf(const Sha256& raw) const
{
    Part& part = partOf(raw);
    const std::lock_guard lock(part.mutex);
    const auto known = part.aliases.find(raw);
    return known == part.aliases.end() ? std::nullopt : std::optional(known->second.alias);
}

void AnswerTable::noteAlias(const Sha256& raw, Alias alias)
{
    Part& part = partOf(raw);
    const std::lock_guard lock(part.mutex);
    if (const auto known = part.aliases.find(raw); known != part.aliases.end()) dropAlias(part, known);
    part.aliasOrder.push_front(raw);
    if (alias.ready) part.aliasBytes += static_cast<std::int64_t>(alias.ready->own.size());
    part.aliases.emplace(raw, AliasSlot{std::move(alias), part.aliasOrder.begin()});
    while (part.aliases.size() > kMostAliases ||
           (part.aliasBytes > kMostAliasBytes && part.aliases.size() > 1))
        dropAlias(part, part.aliases.find(part.aliasOrder.back()));
}

} // namespace gateway::cache
