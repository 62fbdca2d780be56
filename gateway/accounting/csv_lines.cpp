// SPDX-License-Identifier: GPL-3.0-or-later
#include "accounting/csv_lines.h"

#include <algorithm>

namespace gateway::accounting {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::size_t kMaxFields = 200; // more are no export; what is beyond is left out

} // namespace

CsvLines::CsvLines(std::string_view text) : m_rest(text)
{
    if (m_rest.starts_with(kByteOrderMark)) m_rest.remove_prefix(kByteOrderMark.size());
    const std::string_view first = m_rest.substr(0, m_rest.find('\n'));
    const auto count = [first](char each) { return std::count(first.begin(), first.end(), each); };
    for (const char each : {';', '\t'}) {
        if (count(each) > count(m_separator)) m_separator = each;
    }
}

bool CsvLines::atLineEnd() const
{
    return m_rest.empty() || m_rest.front() == '\n' || m_rest.front() == '\r';
}

std::string CsvLines::field(bool& broken)
{
    std::string text;
    if (!m_rest.starts_with('"')) {
        const char ends[] = {m_separator, '\r', '\n'};
        const std::size_t end =
            std::min(m_rest.find_first_of(std::string_view(ends, sizeof ends)), m_rest.size());
        text = m_rest.substr(0, end);
        m_rest.remove_prefix(end);
        return text;
    }
    m_rest.remove_prefix(1);
    for (;;) {
        const std::size_t quote = m_rest.find('"');
        if (quote == std::string_view::npos) {
            broken = true;
            m_rest = {};
            return text;
        }
        text += m_rest.substr(0, quote);
        m_rest.remove_prefix(quote + 1);
        if (!m_rest.starts_with('"')) break;
        text += '"';
        m_rest.remove_prefix(1);
    }
    // Behind the closing quote there is nothing but the end of the field.
    while (!atLineEnd() && m_rest.front() != m_separator) {
        broken = true;
        m_rest.remove_prefix(1);
    }
    return text;
}

bool CsvLines::next(std::vector<std::string>& fields, bool& broken)
{
    fields.clear();
    broken = false;
    while (!m_rest.empty() && atLineEnd())
        m_rest.remove_prefix(1);
    if (m_rest.empty()) return false;
    for (;;) {
        std::string text = field(broken);
        if (fields.size() < kMaxFields) fields.push_back(std::move(text));
        if (atLineEnd()) return true;
        m_rest.remove_prefix(1); // the separator
    }
}

} // namespace gateway::accounting
