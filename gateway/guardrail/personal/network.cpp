// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "guardrail/personal/finders.h"

namespace gateway::guardrail {

namespace {

const CalledBy& versionNames()
{
    static const CalledBy names("version|ver|release|build|section");
    return names;
}

bool isHexDigit(char c)
{
    return hexValue(c) >= 0;
}

/// The end of four numbers up to 255 with dots between; `start` where there are none.
std::size_t addressEnd(std::string_view text, std::size_t start)
{
    std::size_t at = start;
    for (int part = 0; part < 4; ++part) {
        if (part > 0 && (at >= text.size() || text[at++] != '.')) return start;
        int value = 0;
        const std::size_t from = at;
        while (at < text.size() && isAsciiDigit(text[at]) && at - from < 4)
            value = value * 10 + (text[at++] - '0');
        if (at == from || value > 255) return start;
    }
    return at;
}

/// RFC 4291, section 2.2: groups of up to four hexadecimal digits with colons between, one "::" at most, and
/// perhaps an address of the former kind in the place of the last two.
class SixParser {
public:
    SixParser(std::string_view text, std::size_t start) : m_text(text), m_at(start) {}

    /// Its end; nothing: there is none.
    [[nodiscard]] std::size_t end()
    {
        if (m_text.substr(m_at, 2) == "::") m_gap = true, m_at += 2;
        while (m_at < m_text.size() && isHexDigit(m_text[m_at])) {
            // More than there can be: whatever it is, it is not read to its end from each of its colons.
            if (!takeGroup() || m_groups > 8) return 0;
            if (m_four || m_at >= m_text.size() || m_text[m_at] != ':') break;
            if (m_text.substr(m_at, 2) == "::") {
                if (m_gap) return 0;
                m_gap = true;
                m_at += 2;
            } else if (m_at + 1 < m_text.size() && isHexDigit(m_text[m_at + 1])) {
                ++m_at;
            } else {
                break;
            }
        }
        const bool whole = m_gap ? m_groups < 8 : m_groups == 8;
        return whole ? m_at : 0;
    }
    [[nodiscard]] int groups() const { return m_groups; }

private:
    bool takeGroup()
    {
        const std::size_t four = addressEnd(m_text, m_at);
        if (four != m_at) {
            m_at = four;
            m_groups += 2;
            return m_four = true;
        }
        const std::size_t from = m_at;
        while (m_at < m_text.size() && isHexDigit(m_text[m_at]))
            ++m_at;
        ++m_groups;
        return m_at - from <= 4;
    }

    std::string_view m_text;
    std::size_t m_at;
    int m_groups = 0;
    bool m_gap = false, m_four = false;
};

/// With the size of its network behind ("/24") or the interface ("%eth0").
std::size_t withNetwork(std::string_view text, std::size_t end)
{
    if (end + 1 >= text.size() || (text[end] != '/' && text[end] != '%')) return end;
    const bool slash = text[end] == '/';
    std::size_t at = end + 1;
    while (at < text.size() && (slash ? isAsciiDigit(text[at]) : isWordByte(text[at])))
        ++at;
    return at == end + 1 || (slash && isWordByte(at < text.size() ? text[at] : ' ')) ? end : at;
}

void findSix(const Scan& scan, std::vector<Finding>& found)
{
    const std::string_view text = scan.text;
    for (std::size_t colon = text.find(':'); colon != std::string_view::npos;) {
        std::size_t start = colon;
        while (start > 0 && isHexDigit(text[start - 1]) && colon - start < 5)
            --start;
        SixParser parser(text, start);
        const std::size_t end = parser.end();
        const char left = scan.before(start), right = scan.at(end);
        const bool alone = !isWordByte(left) && left != ':' && left != '.' && !isWordByte(right) &&
                           right != ':' && !(right == '.' && isAsciiDigit(scan.at(end + 1)));
        // Two colons between names are C++, and by themselves hardly ever an address.
        if (end > 0 && alone && parser.groups() > 0) {
            found.push_back({start, withNetwork(text, end) - start, Entity::IpAddress});
            colon = text.find(':', end);
        } else {
            colon = text.find(':', colon + 1);
        }
    }
}

} // namespace

void findIpAddresses(const Scan& scan, std::vector<Finding>& found)
{
    for (const Word& word : scan.words) {
        if (!word.digits || word.size() > 3) continue;
        const std::size_t end = addressEnd(scan.text, word.start);
        if (end == word.start) continue;
        const char left = scan.before(word.start), right = scan.at(end);
        const bool longer = left == '.' || left == '-' || isWordByte(right) ||
                            (right == '.' && isAsciiDigit(scan.at(end + 1)));
        if (longer || scan.isCalled(word.start, end, versionNames())) continue;
        found.push_back({word.start, withNetwork(scan.text, end) - word.start, Entity::IpAddress});
    }
    findSix(scan, found);
}

/// Six pairs of hexadecimal digits with colons or dashes between, or three groups of four with dots; not the
/// address of everybody or nobody.
void findMacAddresses(const Scan& scan, std::vector<Finding>& found)
{
    const std::string_view text = scan.text;
    for (const std::string_view form : {"HH:HH:HH:HH:HH:HH", "HH-HH-HH-HH-HH-HH", "HHHH.HHHH.HHHH"}) {
        const std::size_t mark = form.find_first_not_of('H');
        std::size_t least = 0;
        for (std::size_t at = text.find(form[mark]); at < text.size(); at = text.find(form[mark], at + 1)) {
            if (at < least + mark) continue;
            const std::size_t i = at - mark;
            if (i + form.size() > text.size()) break;
            if (!isHexDigit(text[i]) || isWordByte(scan.before(i))) continue;
            std::size_t fit = 0;
            while (fit < form.size() &&
                   (form[fit] == 'H' ? isHexDigit(text[i + fit]) : form[fit] == text[i + fit]))
                ++fit;
            if (fit < form.size()) continue;
            const char left = scan.before(i), right = scan.at(i + fit);
            if (isWordByte(right) || right == form[2] || left == form[2]) continue;
            const std::string_view address = text.substr(i, fit);
            const char digit = address.front();
            const bool same = std::all_of(address.begin(), address.end(),
                                          [digit](char c) { return !isHexDigit(c) || c == digit; });
            if (!same) found.push_back({i, fit, Entity::MacAddress});
            least = i + fit + 1;
        }
    }
}

} // namespace gateway::guardrail
