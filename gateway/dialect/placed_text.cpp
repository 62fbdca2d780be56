// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/placed_text.h"

#include <algorithm>
#include <iterator>

#include "base/utf8.h"

namespace gateway::dialect {
namespace {

constexpr std::int64_t kMarkEvery = 256;

bool beginsCodePoint(char byte)
{
    return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
}

} // namespace

void PlacedText::clear()
{
    m_text.clear();
    m_marks.clear();
    m_counted = 0;
    m_length = 0;
}

void PlacedText::count()
{
    for (; m_counted < m_text.size(); ++m_counted) {
        if (!beginsCodePoint(m_text[m_counted])) continue;
        if (m_length % kMarkEvery == 0) m_marks.push_back(m_counted);
        ++m_length;
    }
}

std::int64_t PlacedText::length()
{
    count();
    return m_length;
}

std::int64_t PlacedText::codePointAt(std::int64_t byte)
{
    count();
    if (byte < 0 || byte >= static_cast<std::int64_t>(m_text.size())) return m_length;
    const auto at = static_cast<std::size_t>(byte);
    const auto mark = std::upper_bound(m_marks.begin(), m_marks.end(), at);
    if (mark == m_marks.begin()) return 0;
    const std::size_t from = *std::prev(mark);
    return (mark - m_marks.begin() - 1) * kMarkEvery +
           static_cast<std::int64_t>(utf8Length(std::string_view(m_text).substr(from, at - from)));
}

std::int64_t PlacedText::byteAt(std::int64_t codePoint)
{
    count();
    const auto end = static_cast<std::int64_t>(m_text.size());
    if (codePoint < 0 || codePoint >= m_length) return end;
    std::int64_t left = codePoint % kMarkEvery;
    std::size_t at = m_marks[static_cast<std::size_t>(codePoint / kMarkEvery)];
    while (at < m_text.size() && (left > 0 || !beginsCodePoint(m_text[at]))) {
        left -= beginsCodePoint(m_text[at]) ? 1 : 0;
        ++at;
    }
    return static_cast<std::int64_t>(at);
}

} // namespace gateway::dialect
