// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/word_automaton.h"

#include <algorithm>
#include <deque>
#include <utility>

namespace gateway::guardrail {

namespace {

constexpr std::uint32_t kNowhere = ~std::uint32_t{0};

unsigned char lowered(char byte)
{
    const auto value = static_cast<unsigned char>(byte);
    return value >= 'A' && value <= 'Z' ? static_cast<unsigned char>(value + 32) : value;
}

} // namespace

WordAutomaton::WordAutomaton(std::vector<Beginning> beginnings) : m_beginnings(std::move(beginnings))
{
    for (const Beginning& each : m_beginnings) {
        for (const char byte : each.word) {
            std::uint8_t& column = m_columns[lowered(byte)];
            if (column == 0) column = static_cast<std::uint8_t>(m_width++);
        }
    }
    for (std::size_t byte = 'A'; byte <= 'Z'; ++byte)
        m_columns[byte] = m_columns[byte + 32];
    m_next.assign(m_width, kNowhere);
    m_words.resize(1);
    for (std::size_t i = 0; i < m_beginnings.size(); ++i)
        addWord(i);
    close();
}

void WordAutomaton::addWord(std::size_t beginning)
{
    std::size_t state = 0;
    for (const char byte : m_beginnings[beginning].word) {
        const std::size_t at = state * m_width + m_columns[lowered(byte)];
        if (m_next[at] == kNowhere) {
            m_next[at] = static_cast<std::uint32_t>(m_words.size());
            m_words.emplace_back();
            m_next.resize(m_next.size() + m_width, kNowhere);
        }
        state = m_next[at];
    }
    m_words[state].push_back(static_cast<std::uint16_t>(beginning));
}

/// Fills in where to go on when a word does not, breadth first, so that shorter ones are ready.
void WordAutomaton::close()
{
    std::vector<std::uint32_t> fall(m_words.size(), 0);
    std::deque<std::uint32_t> open{0};
    while (!open.empty()) {
        const std::uint32_t state = open.front();
        open.pop_front();
        for (std::size_t column = 0; column < m_width; ++column) {
            std::uint32_t& next = m_next[state * m_width + column];
            const std::uint32_t otherwise = state == 0 ? 0 : m_next[fall[state] * m_width + column];
            if (next == kNowhere) {
                next = otherwise;
                continue;
            }
            fall[next] = otherwise;
            const auto& shorter = m_words[otherwise];
            m_words[next].insert(m_words[next].end(), shorter.begin(), shorter.end());
            open.push_back(next);
        }
    }
    for (const auto& words : m_words)
        m_ends.push_back(words.empty() ? 0 : 1);
    for (std::uint32_t& next : m_next)
        next *= static_cast<std::uint32_t>(m_width);
}

bool WordAutomaton::standsAt(const Beginning& beginning, std::string_view text, std::size_t place) const
{
    const std::size_t after = place + beginning.word.size();
    if (!beginning.anyCase && text.substr(place, beginning.word.size()) != beginning.word) return false;
    if (after + beginning.tailSize > text.size()) return false;
    for (std::size_t i = 0; i < beginning.tailSize; ++i) {
        if (!beginning.tail.test(static_cast<unsigned char>(text[after + i]))) return false;
    }
    return true;
}

std::vector<Begun> WordAutomaton::find(std::string_view text) const
{
    std::vector<Begun> found;
    std::size_t state = 0; // times the width
    for (std::size_t i = 0; i < text.size(); ++i) {
        state = m_next[state + m_columns[static_cast<unsigned char>(text[i])]];
        if (state == 0 || m_ends[state / m_width] == 0) continue;
        for (const std::uint16_t word : m_words[state / m_width]) {
            const std::size_t place = i + 1 - m_beginnings[word].word.size();
            if (standsAt(m_beginnings[word], text, place)) found.push_back({place, word});
        }
    }
    std::sort(found.begin(), found.end(), [](const Begun& left, const Begun& right) {
        return left.place != right.place ? left.place < right.place : left.beginning < right.beginning;
    });
    return found;
}

} // namespace gateway::guardrail
