// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/personal/id_rules.h"

#include <array>

namespace gateway::guardrail {

namespace {

constexpr std::size_t kMaxIdBytes = 32;

bool isCapital(char c)
{
    return c >= 'A' && c <= 'Z';
}

bool fits(char form, char c)
{
    switch (form) {
    case '9':
        return isAsciiDigit(c);
    case 'A':
        return isCapital(c);
    case 'a':
        return isAsciiLetter(c);
    case 'X':
        return isAsciiDigit(c) || isCapital(c);
    default:
        return form == c;
    }
}

/// Its letters and digits, where a form fits the text at `start`.
class Match {
public:
    Match(std::string_view text, std::string_view form)
    {
        if (text.size() < form.size() || form.size() > m_id.size()) return;
        for (std::size_t i = 0; i < form.size(); ++i) {
            if (!fits(form[i], text[i])) return;
            if (isAsciiDigit(text[i]) || isAsciiLetter(text[i])) m_id[m_size++] = capital(text[i]);
        }
        m_fits = true;
    }
    [[nodiscard]] bool fitsText() const { return m_fits; }
    [[nodiscard]] std::string_view id() const { return {m_id.data(), m_size}; }

private:
    std::array<char, kMaxIdBytes> m_id{};
    std::size_t m_size = 0;
    bool m_fits = false;
};

/// Each part of a list that is parted by "|".
template <class Do>
void forEachPart(std::string_view list, Do perform)
{
    while (!list.empty()) {
        const std::size_t bar = list.find('|');
        if (!perform(list.substr(0, bar))) return;
        list = bar == std::string_view::npos ? std::string_view() : list.substr(bar + 1);
    }
}

bool isCalledSo(const Scan& scan, std::size_t start, std::size_t end, std::string_view called)
{
    bool so = false;
    forEachPart(called, [&](std::string_view name) {
        so = scan.isCalled(start, end, {name});
        return !so;
    });
    return so;
}

std::size_t sizeAt(const Scan& scan, std::size_t start, const IdRule& rule)
{
    std::size_t size = 0;
    forEachPart(rule.forms, [&](std::string_view form) {
        const bool speaks = form.front() == '!', needsCall = form.front() == '?';
        if (speaks || needsCall) form.remove_prefix(1);
        const Match match(scan.text.substr(start), form);
        const std::size_t end = start + form.size();
        if (!match.fitsText() || !scan.standsAlone(start, end) || scan.at(end) == '-') return true;
        // What it is called is looked for last: that is the dearest part.
        const bool known = rule.check(match.id()) && (speaks || (!needsCall && scan.isAll(start, end)) ||
                                                      isCalledSo(scan, start, end, rule.called));
        if (known) size = form.size();
        return size == 0;
    });
    return size;
}

} // namespace

void findByRules(const Scan& scan, std::span<const IdRule> rules, Entity entity, std::vector<Finding>& found)
{
    for (const Word& word : scan.words) {
        const char first = scan.text[word.start];
        if (!isAsciiDigit(first) && !isCapital(first)) continue;
        const char left = scan.before(word.start);
        if (left == '-' || left == '+' || left == '/') continue;
        for (const IdRule& rule : rules) {
            const std::size_t size = sizeAt(scan, word.start, rule);
            if (size == 0) continue;
            found.push_back({word.start, size, entity, rule.name});
            break;
        }
    }
}

} // namespace gateway::guardrail
