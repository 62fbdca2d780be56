// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/attacks/payload.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/base64.h"
#include "base/strings.h"
#include "base/utf8.h"
#include "guardrail/attacks/fold.h"

namespace gateway::guardrail {

namespace {

constexpr std::size_t kLeastRun = 20; // characters of base64 or hexadecimal
constexpr std::size_t kMostRun = 8192;
constexpr std::size_t kLeastEscapes = 4;
constexpr std::size_t kLeastPairs = 8; // of hexadecimal digits, with spaces between them
constexpr std::size_t kLeastTags = 4;

constexpr std::array<bool, 256> codeBytes()
{
    std::array<bool, 256> bytes{};
    for (unsigned i = 0; i < 128; ++i) {
        const char c = static_cast<char>(i);
        bytes[i] = isAsciiAlnum(c) || c == '+' || c == '/' || c == '-' || c == '_';
    }
    return bytes;
}
constexpr auto kCodeBytes = codeBytes();

bool isCodeByte(char c)
{
    return kCodeBytes[static_cast<unsigned char>(c)];
}

/// Letters, mostly, and nothing that no text holds.
bool readsAsText(std::string_view bytes)
{
    if (bytes.size() < 8) return false;
    std::size_t letters = 0;
    for (const char c : bytes) {
        if (isControlByte(c) && c != '\n' && c != '\t' && c != '\r') return false;
        letters += isAsciiAlnum(c) || c == ' ' || static_cast<unsigned char>(c) >= 0x80 ? 1 : 0;
    }
    return letters * 10 >= bytes.size() * 6 && utf8Length(bytes) > 0;
}

std::optional<std::string> fromHex(std::string_view digits)
{
    std::string out;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
        const int high = hexValue(digits[i]), low = hexValue(digits[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        out += static_cast<char>(high * 16 + low);
    }
    return out;
}

/// The first characters tell of most runs that they are names.
bool beginsAsText(std::string_view run)
{
    constexpr std::size_t kFirst = 16;
    const auto first = fromBase64(run.substr(0, kFirst));
    return first && readsAsText(*first);
}

/// Of a long run without spaces.
bool mayDecode(std::string_view run)
{
    std::size_t part = 0; // where its part of one code begins
    for (std::size_t at = 0; at <= run.size(); ++at) {
        if (at < run.size() && isCodeByte(run[at])) continue;
        const std::string_view code = run.substr(part, at - part);
        const bool hex = std::all_of(code.begin(), code.end(), [](char c) { return hexValue(c) >= 0; });
        // What ends the run may be too short to tell.
        if (code.size() >= kLeastRun ? hex || beginsAsText(code) : at == run.size()) return true;
        constexpr std::string_view kOthers = "%\\&\xF3:";
        if (at < run.size() && kOthers.find(run[at]) != std::string_view::npos) return true;
        part = at + 1;
    }
    return false;
}

bool isHexPair(std::string_view text, std::size_t at)
{
    return at + 1 < text.size() && hexValue(text[at]) >= 0 && hexValue(text[at + 1]) >= 0;
}

class PayloadReader {
public:
    PayloadReader(std::string_view text, std::size_t& budget) : m_text(text), m_budget(budget) {}
    std::vector<Payload> read();

private:
    void readRun();
    [[nodiscard]] bool readPairs();
    void readEscapes();
    [[nodiscard]] std::size_t escapeAt(std::size_t at, char32_t& point) const;
    void readTags();
    void keep(std::size_t start, std::optional<std::string> text);

    std::string_view m_text;
    std::size_t& m_budget;
    std::size_t m_at = 0;
    std::vector<Payload> m_found;
};

std::vector<Payload> PayloadReader::read()
{
    while (m_at < m_text.size() && m_budget > 0) {
        const char c = m_text[m_at];
        if (isCodeByte(c))
            readRun();
        else if (c == '%' || c == '\\' || c == '&')
            readEscapes();
        else if (c == '\xF3')
            readTags();
        else
            ++m_at;
    }
    return std::move(m_found);
}

void PayloadReader::keep(std::size_t start, std::optional<std::string> text)
{
    if (!text) return;
    m_budget -= std::min(m_budget, text->size());
    if (readsAsText(*text)) m_found.push_back({start, m_at, *std::move(text)});
}

void PayloadReader::readRun()
{
    const std::size_t start = m_at;
    if (isHexPair(m_text, start) && readPairs()) return;
    while (m_at < m_text.size() && isCodeByte(m_text[m_at]))
        ++m_at;
    std::string_view run = m_text.substr(start, std::min(m_at - start, kMostRun));
    if (run.size() < kLeastRun) return;
    while (m_at < m_text.size() && m_text[m_at] == '=')
        ++m_at;
    const bool hex = std::all_of(run.begin(), run.end(), [](char c) { return hexValue(c) >= 0; });
    if (hex && run.size() % 2 == 0) return keep(start, fromHex(run));
    run = run.substr(0, run.size() - (run.size() % 4 == 1 ? 1 : 0));
    if (!beginsAsText(run)) return;
    keep(start, fromBase64(run));
}

/// "69 67 6e 6f …"
bool PayloadReader::readPairs()
{
    const std::size_t start = m_at;
    std::string digits;
    std::size_t at = m_at;
    while (isHexPair(m_text, at) && digits.size() < kMostRun) {
        digits.append(m_text.substr(at, 2));
        at += 2;
        if (at == m_text.size() || (m_text[at] != ' ' && m_text[at] != ':')) break;
        ++at;
    }
    if (digits.size() < 2 * kLeastPairs) return false;
    m_at = at;
    keep(start, fromHex(digits));
    return true;
}

/// The size of an escape and what it stands for; 0: there is none.
std::size_t PayloadReader::escapeAt(std::size_t at, char32_t& point) const
{
    const std::string_view text = m_text.substr(at, 10);
    const auto digits = [&](std::size_t from, std::size_t count) {
        point = 0;
        for (std::size_t i = from; i < from + count; ++i) {
            const int value = i < text.size() ? hexValue(text[i]) : -1;
            if (value < 0) return false;
            point = point * 16 + static_cast<char32_t>(value);
        }
        return true;
    };
    if (text.starts_with('%')) return digits(1, 2) ? 3 : 0;
    if (text.starts_with("\\x")) return digits(2, 2) ? 4 : 0;
    if (text.starts_with("\\u")) return digits(2, 4) ? 6 : 0;
    if (!text.starts_with("&#")) return 0;
    const bool hex = text.size() > 2 && asciiLower(text[2]) == 'x';
    point = 0;
    for (std::size_t i = hex ? 3 : 2; i < text.size(); ++i) {
        if (text[i] == ';') return i + 1;
        const int value = hexValue(text[i]);
        if (value < 0 || (!hex && value > 9)) return 0;
        point = point * (hex ? 16 : 10) + static_cast<char32_t>(value);
    }
    return 0;
}

void PayloadReader::readEscapes()
{
    const std::size_t start = m_at;
    std::string out;
    std::size_t escapes = 0;
    while (m_at < m_text.size() && m_at - start < kMostRun) {
        char32_t point = 0;
        if (const std::size_t size = escapeAt(m_at, point); size > 0) {
            ++escapes;
            m_at += size;
            if (m_text[m_at - size] == '%')
                out += static_cast<char>(point);
            else
                appendUtf8(out, point);
        } else if (static_cast<unsigned char>(m_text[m_at]) > ' ' && m_at > start) {
            out += m_text[m_at++] == '+' ? ' ' : m_text[m_at - 1];
        } else {
            break;
        }
    }
    if (m_at == start) ++m_at;
    if (escapes >= kLeastEscapes) return keep(start, std::move(out));
    m_at = start + 1;
}

void PayloadReader::readTags()
{
    const std::size_t start = m_at;
    std::string out;
    while (m_at < m_text.size()) {
        const char* const at = m_text.data() + m_at;
        const std::size_t size = utf8Sequence(at, m_text.data() + m_text.size());
        const char32_t point = size == 0 ? 0 : decodeUtf8(at, size);
        if (point < 0xE0000 || point > 0xE0FFF) break;
        if (const char tag = tagged(point); tag != '\0' && out.size() < kMostRun) out += tag;
        m_at += size;
    }
    if (m_at == start) ++m_at;
    if (out.size() >= kLeastTags) keep(start, std::move(out));
}

} // namespace

std::vector<Payload> payloadsOf(std::string_view text, std::size_t& budget)
{
    return PayloadReader(text, budget).read();
}

bool mayHoldPayload(std::string_view text)
{
    std::size_t run = 0, pairs = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (c == '%' || c == '&' || c == '\\' || c == '\xF3') return true;
        run = isCodeByte(c) ? run + 1 : 0;
        if (run >= kLeastRun) return true;
        if ((c == ' ' || c == ':') && at >= 2 && isHexPair(text, at - 2))
            pairs = at >= 3 && text[at - 3] != c ? 1 : pairs + 1;
        if (pairs >= kLeastPairs - 1) return true;
    }
    return false;
}

std::size_t openPayload(std::string_view text)
{
    std::size_t start = text.size();
    while (start > 0 && text.size() - start<kMostRun&& static_cast<unsigned char>(text[start - 1])> ' ')
        --start;
    const std::string_view run = text.substr(start);
    if (run.size() >= kLeastRun) return mayDecode(run) ? start : text.size();
    if (run.size() >= kLeastRun - 4) return start;
    // Pairs of digits, as far as they go.
    std::size_t pairs = start;
    while (pairs >= 3 && isHexPair(text, pairs - 3) && text[pairs - 1] == ' ' &&
           text.size() - pairs < kMostRun)
        pairs -= 3;
    return pairs < start ? pairs : start;
}

} // namespace gateway::guardrail
