// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/masking.h"

#include <algorithm>
#include <array>
#include <random>

#include "base/json_text.h"
#include "base/sha256.h"
#include "base/strings.h"
#include "guardrail/personal/name_lists.h"

namespace gateway::guardrail {

namespace {

constexpr std::string_view kMarkLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"; // none is taken for another
constexpr std::size_t kMarkSize = 6;
constexpr std::size_t kHashDigits = 16;

std::string inCapitals(std::string_view kind)
{
    std::string name(kind);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return name;
}

std::string withLastFour(std::string_view text)
{
    std::string masked(text);
    std::size_t kept = 0;
    for (std::size_t at = masked.size(); at-- > 0;) {
        if (!isAsciiAlnum(masked[at])) continue;
        if (kept < 4)
            ++kept;
        else
            masked[at] = '*';
    }
    // What has no more than four is hidden all the same.
    if (std::none_of(masked.begin(), masked.end(), [](char c) { return c == '*'; })) masked.assign(4, '*');
    return masked;
}

/// Letters and digits become others of their kind, by the digest's bytes; an address of mail keeps its form
/// but leads nowhere.
std::string synthetic(std::string_view kind, std::string_view text, const Sha256& digest)
{
    std::string masked(text);
    std::size_t next = 0;
    for (char& c : masked) {
        const std::uint8_t byte = digest[next % digest.size()];
        const auto mixed = static_cast<unsigned>(byte) + static_cast<unsigned>(next / digest.size()) * 7;
        ++next;
        if (isAsciiDigit(c))
            c = static_cast<char>('0' + mixed % 10);
        else if (c >= 'a' && c <= 'z')
            c = static_cast<char>('a' + mixed % 26);
        else if (c >= 'A' && c <= 'Z')
            c = static_cast<char>('A' + mixed % 26);
    }
    if (kind == "email") masked = masked.substr(0, masked.find('@')) + "@example.com";
    return masked;
}

} // namespace

std::string hidden(std::string_view kind)
{
    return "[" + inCapitals(kind) + "]";
}

std::string newMaskSalt()
{
    std::random_device random;
    std::string salt;
    for (int i = 0; i < 8; ++i) {
        const std::uint32_t word = random();
        for (int shift = 0; shift < 32; shift += 8)
            salt.push_back(static_cast<char>(word >> shift & 0xff));
    }
    return salt;
}

std::string Masks::markOf(std::string_view kind, std::string_view text) const
{
    const Sha256 digest = hmacSha256(m_salt, std::string(kind) + '\n' + std::string(text));
    std::string mark;
    for (std::size_t i = 0; i < kMarkSize; ++i)
        mark.push_back(kMarkLetters[digest[i] % kMarkLetters.size()]);
    return mark;
}

std::string Masks::maskOf(const Rule& rule, std::string_view kind, std::string_view text)
{
    if (const auto own = rule.check ? rule.check->replacement() : std::nullopt) return std::string(*own);
    const MaskStyle style = rule.styleOf(kind);
    std::string mask;
    if (style == MaskStyle::Synthetic && kind == "name") {
        // By word, so that somebody is called the same with and without a surname.
        mask = otherName(text, [this](std::string_view word) {
            const Sha256 digest = hmacSha256(m_salt, word);
            return std::uint32_t{digest[0]} << 16U | std::uint32_t{digest[1]} << 8U | digest[2];
        });
    } else if (style == MaskStyle::LastFour) {
        mask = withLastFour(text);
    } else if (style == MaskStyle::Synthetic) {
        mask = synthetic(kind, text, hmacSha256(m_salt, text));
    } else if (style == MaskStyle::Hash) {
        mask = "[" + inCapitals(kind) + ":" + hexText(hmacSha256(m_salt, text)).substr(0, kHashDigits) + "]";
    } else if (rule.config.restore) {
        mask = "[" + inCapitals(kind) + "_" + markOf(kind, text) + "]";
    } else {
        mask = hidden(kind);
    }
    const bool isBracketed = style == MaskStyle::Placeholder || style == MaskStyle::Hash;
    if (rule.config.restore && isBracketed) {
        const auto [entry, isNew] = m_originals.emplace(mask, text);
        if (isNew) m_longest = std::max(m_longest, mask.size());
        // Two texts of one mask: the later one is hidden for good.
        if (!isNew && entry->second != text) return hidden(kind);
    }
    return mask;
}

std::string Masks::restored(std::string_view text, bool escaped) const
{
    std::string out;
    std::size_t done = 0;
    for (std::size_t at = text.find('['); at < text.size(); at = text.find('[', at + 1)) {
        const std::size_t end = text.substr(at, m_longest).find(']');
        if (end == std::string_view::npos) continue;
        const auto found = m_originals.find(text.substr(at, end + 1));
        if (found == m_originals.end()) continue;
        out.append(text.substr(done, at - done));
        const std::string quoted = escaped ? jsonQuoted(found->second) : std::string();
        out.append(escaped ? std::string_view(quoted).substr(1, quoted.size() - 2) : found->second);
        done = at + end + 1;
        at += end;
    }
    return out.append(text.substr(done));
}

std::size_t Masks::openSince(std::string_view text) const
{
    const std::size_t begin = text.size() - std::min(text.size(), m_longest == 0 ? 0 : m_longest - 1);
    for (std::size_t at = text.find('[', begin); at < text.size(); at = text.find('[', at + 1)) {
        const auto next = m_originals.lower_bound(text.substr(at));
        if (next != m_originals.end() && next->first.starts_with(text.substr(at))) return at;
    }
    return text.size();
}

} // namespace gateway::guardrail
