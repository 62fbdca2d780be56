// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/clean_prefixes.h"

#include <algorithm>
#include <atomic>
#include <new>
#include <random>

#define XXH_INLINE_ALL // nothing to link
#include <xxhash.h>

namespace gateway::guardrail {

namespace {

std::uint64_t drawnSeed()
{
    std::random_device device;
    return (std::uint64_t{device()} << 32U) | device();
}

/// An empty slot proves the hash 0.
std::uint64_t notZero(std::uint64_t hash)
{
    return hash == 0 ? 1 : hash;
}

} // namespace

CleanPrefixes::CleanPrefixes()
    : m_seed(drawnSeed()), m_slots(static_cast<Slot*>(std::calloc(kMarks, sizeof(Slot))))
{
    if (!m_slots) throw std::bad_alloc();
}

std::uint64_t CleanPrefixes::hashOf(std::string_view bytes, std::uint64_t apart) const
{
    return notZero(XXH3_64bits_withSeed(bytes.data(), bytes.size(), m_seed ^ apart));
}

std::vector<std::uint64_t> CleanPrefixes::hashesOf(std::string_view value, std::uint64_t apart) const
{
    std::vector<std::uint64_t> hashes;
    hashes.reserve(value.size() / kBlock + 1);
    std::uint64_t before = m_seed ^ apart;
    do {
        const std::string_view block = value.substr(0, kBlock);
        before = notZero(XXH3_64bits_withSeed(block.data(), block.size(), before));
        hashes.push_back(before);
        value.remove_prefix(block.size());
    } while (!value.empty());
    return hashes;
}

std::optional<CleanPrefixes::Mark> CleanPrefixes::find(std::uint64_t hash) const
{
    Slot& slot = slotOf(hash);
    const std::uint64_t proof = std::atomic_ref(slot.proof).load(std::memory_order_relaxed);
    const std::uint64_t mark = std::atomic_ref(slot.mark).load(std::memory_order_relaxed);
    if ((proof ^ mark) != hash) return std::nullopt;
    return Mark{static_cast<std::uint32_t>(mark), static_cast<std::uint32_t>(mark >> 32U)};
}

void CleanPrefixes::keep(std::uint64_t hash, Mark mark)
{
    const std::uint64_t both = (std::uint64_t{mark.messages} << 32U) | mark.offset;
    Slot& slot = slotOf(hash);
    std::atomic_ref(slot.proof).store(hash ^ both, std::memory_order_relaxed);
    std::atomic_ref(slot.mark).store(both, std::memory_order_relaxed);
}

} // namespace gateway::guardrail
