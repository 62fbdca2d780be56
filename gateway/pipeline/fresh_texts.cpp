// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/fresh_texts.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace gateway::pipeline {

namespace {

using guardrail::CleanPrefixes;
using guardrail::Rule;

constexpr std::size_t kWorth = 256; // shorter values are read in less time
constexpr std::size_t kMostKnown = std::numeric_limits<std::uint32_t>::max();

/// Marks of other rules, or of a configuration before, say nothing.
std::uint64_t readersOf(const CleanPrefixes& known, const std::vector<const Rule*>& rules, DialectId dialect)
{
    std::uint64_t readers = static_cast<std::uint64_t>(dialect);
    for (const Rule* rule : rules) {
        const std::string name = std::to_string(rule->looker.set) + "/" + std::to_string(rule->looker.rule);
        readers = known.hashOf(name, readers);
    }
    return readers;
}

/// The block that ends at that place, or is the first that does behind it.
std::size_t blocksUpTo(std::size_t offset)
{
    return (offset + CleanPrefixes::kBlock - 1) / CleanPrefixes::kBlock;
}

/// How far the beginning of a list is known. Nothing of it: 0.
CleanPrefixes::Mark knownOf(const CleanPrefixes& known, const std::vector<std::uint64_t>& hashes)
{
    for (auto hash = hashes.rbegin(); hash != hashes.rend(); ++hash) {
        if (const auto mark = known.find(*hash)) return *mark;
    }
    return {};
}

} // namespace

bool FreshTexts::isEnoughFor(const std::vector<const Rule*>& rules)
{
    return std::all_of(rules.begin(), rules.end(), [](const Rule* rule) {
        return rule->observes && rule->kind->places && !rule->looksAtAnswers();
    });
}

FreshTexts::FreshTexts(CleanPrefixes& known, const std::vector<const Rule*>& rules, DialectId dialect,
                       const JsonDocument& body)
    : m_known(known), m_dialect(dialect)
{
    const std::uint64_t readers = readersOf(known, rules, dialect);
    for (const JsonMember& member : body.members)
        add(member, readers);
}

void FreshTexts::add(const JsonMember& member, std::uint64_t readers)
{
    const dialect::MemberTexts texts = dialect::textsIn(m_dialect, member);
    if (texts == dialect::MemberTexts::None) return;
    // Only of the first list it can be told how many messages were left out.
    const bool isMessages = texts == dialect::MemberTexts::Messages;
    const bool isLater = isMessages && std::exchange(m_hasMessages, true);
    if (isLater || member.value.size() < kWorth || member.value.size() > kMostKnown) {
        m_members.push_back(member);
        m_bytes += member.value.size();
        return;
    }
    const std::uint64_t name = m_known.hashOf(member.key, readers);
    Open open{member.value, {}, member.kind, isMessages, m_known.hashesOf(member.value, name), {}};
    if (member.kind == JsonKind::Array)
        open.from = knownOf(m_known, open.hashes);
    else if (const auto whole = m_known.find(open.hashes.back()))
        open.from = *whole;
    addFrom(member, std::move(open));
}

void FreshTexts::addFrom(const JsonMember& member, Open open)
{
    const std::size_t from = open.from.offset;
    if (open.isMessages) m_leftOut = open.from.messages;
    if (from >= open.value.size()) {
        // Whoever counts the messages of a later list has to count these.
        if (open.isMessages) m_members.push_back({member.key, "[]", JsonKind::Array, member.keyEscaped});
        return;
    }
    JsonMember fresh = member;
    if (from > 0) fresh.value = m_rests.emplace_back("[").append(open.value.substr(from));
    open.fresh = fresh.value;
    m_bytes += fresh.value.size();
    m_members.push_back(fresh);
    m_open.push_back(std::move(open));
}

bool FreshTexts::mayHold(const std::vector<const Rule*>& rules) const
{
    return std::any_of(rules.begin(), rules.end(), [this](const Rule* rule) {
        return std::any_of(m_members.begin(), m_members.end(),
                           [rule](const JsonMember& member) { return rule->check->mayFind(member.value); });
    });
}

std::vector<dialect::TextPlace> FreshTexts::places() const
{
    return dialect::textsOfMembers(m_dialect, m_members, m_leftOut);
}

void FreshTexts::remember()
{
    for (const Open& open : m_open) {
        if (open.kind == JsonKind::Array)
            keepElements(open);
        else
            m_known.keep(open.hashes.back(), {static_cast<std::uint32_t>(open.value.size()), 0});
    }
}

void FreshTexts::keepElements(const Open& open)
{
    // Where the value is cut, a bracket stands before what is left of it.
    const std::size_t before = open.from.offset == 0 ? 0 : open.from.offset - 1;
    CleanPrefixes::Mark last = open.from;
    forEachElement(open.fresh, [&](std::string_view element, JsonKind) {
        const auto end =
            static_cast<std::size_t>(element.data() + element.size() - open.fresh.data()) + before;
        if (last.offset > open.from.offset && blocksUpTo(end) != blocksUpTo(last.offset))
            m_known.keep(open.hashes[blocksUpTo(last.offset) - 1], last);
        last = {static_cast<std::uint32_t>(end), last.messages + 1};
    });
    const std::size_t blocks = open.value.size() / CleanPrefixes::kBlock;
    if (last.offset > open.from.offset && blocksUpTo(last.offset) <= blocks)
        m_known.keep(open.hashes[blocksUpTo(last.offset) - 1], last);
    m_known.keep(open.hashes.back(), {static_cast<std::uint32_t>(open.value.size()), last.messages});
}

} // namespace gateway::pipeline
