// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/lexical_tokens.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/strings.h"
#include "base/utf8.h"
#include "meaning/normal_form.h"

namespace gateway::cache {

namespace {

constexpr std::string_view kLineEnds = "\r\n";
constexpr std::string_view kOpening = "([{<\"'*", kClosing = ")]}>";
constexpr std::size_t kWordsBeforeText = 3; // "Translate this sentence: …"

bool isLetter(char c)
{
    return (asciiLower(c) >= 'a' && asciiLower(c) <= 'z') || (static_cast<unsigned char>(c) & 0x80U) != 0;
}

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v';
}

bool isUpper(char c)
{
    return c >= 'A' && c <= 'Z';
}

/// Letters of scripts that English is not written in.
bool isForeign(char32_t point)
{
    if (point < 0x250 || (point >= 0x1E00 && point < 0x1F00)) return false; // Latin
    if (point >= 0x2000 && point < 0x2C00) return false;                    // signs
    return point < 0x1F000 && (point < 0xFE00 || point > 0xFE0F);           // pictures, their variants
}

/// Signs are parted from what stands around them, quotation marks and dashes are those of ASCII.
void appendPlain(std::string& plain, char32_t point)
{
    if (point == 0x2018 || point == 0x2019) return plain.push_back('\'');
    if (point == 0x201C || point == 0x201D || point == 0xAB || point == 0xBB) return plain.push_back('"');
    if (point >= 0x2010 && point <= 0x2015) {
        plain += point <= 0x2012 ? "-" : " - ";
        return;
    }
    const bool isInvisible = (point >= 0x200B && point <= 0x200F) || point == 0xAD || point == 0x2060 ||
                             (point >= 0xFE00 && point <= 0xFE0F);
    if (isInvisible) return;
    const bool isSign = (point >= 0x80 && point < 0xC0) || point == 0xD7 || point == 0xF7 ||
                        (point >= 0x2000 && point < 0x2C00) || point >= 0x1F000;
    if (isSign) plain.push_back(' ');
    appendUtf8(plain, point);
    if (isSign) plain.push_back(' ');
}

std::optional<std::string> plainText(std::string_view text)
{
    if (!isUtf8(text)) return std::nullopt;
    const std::string normal = meaning::normalForm(text);
    std::string plain;
    plain.reserve(normal.size());
    const char *at = normal.data(), *end = at + normal.size();
    while (at < end) {
        const std::size_t size = utf8Sequence(at, end);
        if (size == 0) return std::nullopt;
        const char32_t point = decodeUtf8(at, size);
        if (isForeign(point)) return std::nullopt;
        if (point < 0x80)
            plain.push_back(*at == '\0' ? ' ' : *at);
        else
            appendPlain(plain, point);
        at += size;
    }
    return plain;
}

std::string oneSpaced(std::string_view text)
{
    std::string spaced;
    for (const char each : text) {
        if (!isBlank(each))
            spaced.push_back(each);
        else if (!spaced.empty() && spaced.back() != ' ')
            spaced.push_back(' ');
    }
    while (!spaced.empty() && (spaced.back() == ' ' || spaced.back() == '.'))
        spaced.pop_back();
    return spaced;
}

/// Splits a text into words, one piece between spaces after the other.
class LexicalSplitter {
public:
    std::vector<Token> split(std::string_view text)
    {
        const auto lines = text.find_first_of(kLineEnds);
        const std::string_view first = text.substr(0, lines);
        splitLine(first);
        if (lines != std::string_view::npos) quote(text.substr(lines));
        return std::move(m_tokens);
    }

private:
    void push(Token::Kind kind, std::string text)
    {
        Token token;
        token.kind = kind;
        token.text = std::move(text);
        token.beginsSentence = std::exchange(m_begins, kind == Token::Kind::End);
        m_tokens.push_back(std::move(token));
    }

    void quote(std::string_view text)
    {
        std::string spaced = oneSpaced(text);
        if (!spaced.empty()) push(Token::Kind::Quote, std::move(spaced));
    }

    void splitLine(std::string_view line)
    {
        std::size_t at = 0;
        while (at < line.size()) {
            if (isBlank(line[at])) {
                ++at;
                continue;
            }
            if (const std::size_t end = quoteEnd(line, at)) {
                quote(line.substr(at + 1, end - at - 1));
                at = end + 1;
                continue;
            }
            std::size_t end = at;
            while (end < line.size() && !isBlank(line[end]))
                ++end;
            const std::string_view chunk = line.substr(at, end - at);
            if (chunk.back() == ':' && handsTextOver()) {
                splitChunk(chunk);
                return quote(line.substr(end));
            }
            splitChunk(chunk);
            at = end;
        }
    }

    /// "Translate this:", "Fix the grammar in this sentence:", but not "Python: how do I".
    [[nodiscard]] bool handsTextOver() const
    {
        const auto words =
            static_cast<std::size_t>(std::count_if(m_tokens.begin(), m_tokens.end(), [](const Token& each) {
                return each.kind == Token::Kind::Word;
            }));
        return words + 1 >= kWordsBeforeText;
    }

    /// Where what is quoted from `at` on ends; 0: nothing is.
    static std::size_t quoteEnd(std::string_view line, std::size_t at)
    {
        const char mark = line[at];
        if ((mark != '"' && mark != '\'' && mark != '`') || at + 1 >= line.size() || isBlank(line[at + 1]))
            return 0;
        for (std::size_t end = line.find(mark, at + 1); end != std::string_view::npos;
             end = line.find(mark, end + 1)) {
            const bool endsWord =
                end + 1 == line.size() || (!isAsciiAlnum(line[end + 1]) && !isLetter(line[end + 1]));
            if (endsWord && end > at + 1) return end;
        }
        return 0;
    }

    void splitChunk(std::string_view chunk)
    {
        std::string_view core = chunk;
        if (std::none_of(core.begin(), core.end(), [](char c) { return isAsciiAlnum(c) || isLetter(c); }))
            return splitSigns(core);
        while (core.size() > 1 && kOpening.find(core.front()) != std::string_view::npos &&
               !isClosedLater(core))
            core.remove_prefix(1);
        while (core.size() > 1 && isEnding(core))
            core.remove_suffix(1);
        const std::string_view behind =
            chunk.substr(static_cast<std::size_t>(core.data() - chunk.data()) + core.size());
        splitCore(core);
        pauseFor(behind);
    }

    /// "(x)" of "(x)+1" belongs to it, "(" of "(optional)" does not.
    static bool isClosedLater(std::string_view core)
    {
        return core.front() == '(' && core.find(')') + 1 < core.size() &&
               core.find(')') != std::string_view::npos;
    }

    static bool isEnding(std::string_view core)
    {
        const char last = core.back();
        if (std::string_view(".,;:!?\"'").find(last) != std::string_view::npos) return true;
        const std::size_t bracket = kClosing.find(last);
        if (bracket == std::string_view::npos) return false;
        const char opening = kOpening[bracket];
        return std::count(core.begin(), core.end(), opening) < std::count(core.begin(), core.end(), last);
    }

    void pauseFor(std::string_view signs)
    {
        if (signs.find_first_of(".!?") != std::string_view::npos) {
            return push(Token::Kind::End, signs.find('?') != std::string_view::npos ? "?" : "");
        }
        if (signs.find_first_of(",;:") != std::string_view::npos) push(Token::Kind::Pause, {});
    }

    void splitSigns(std::string_view signs)
    {
        if (signs.find_first_not_of(".,;:!?") == std::string_view::npos) return pauseFor(signs);
        push(Token::Kind::Sign, std::string(signs));
    }

    void splitCore(std::string_view core)
    {
        if (std::string_view("#$").find(core.front()) != std::string_view::npos && core.size() > 1 &&
            isAsciiDigit(core[1])) {
            push(Token::Kind::Sign, std::string(1, core.front()));
            core.remove_prefix(1);
        }
        const auto isOf = [core](auto&& test) { return std::all_of(core.begin(), core.end(), test); };
        if (isOf([](char c) { return isLetter(c) || c == '\''; })) return splitWord(core);
        if (splitNumber(core)) return;
        if (isOf([](char c) { return isLetter(c) || isAsciiDigit(c) || c == '\'' || c == '-'; }))
            return splitHyphens(core);
        std::string_view owner = core;
        if (owner.ends_with("'s")) owner.remove_suffix(2);
        push(Token::Kind::Code, std::string(owner));
        m_tokens.back().isOwner = owner.size() < core.size();
    }

    /// "1,000", "3.9", "10th", "3pm", "15%", "12:30", "-5".
    bool splitNumber(std::string_view core)
    {
        std::size_t at = core.front() == '-' || core.front() == '+' ? 1 : 0;
        if (at == core.size() || !isAsciiDigit(core[at])) return false;
        std::string digits(core.substr(0, at));
        for (; at < core.size() &&
               (isAsciiDigit(core[at]) || std::string_view(".,:/").find(core[at]) != std::string_view::npos);
             ++at) {
            if (core[at] != ',') digits.push_back(core[at]);
        }
        std::string_view rest = core.substr(at);
        if (rest.empty() || rest == "%") {
            push(Token::Kind::Number, std::move(digits));
            if (!rest.empty()) push(Token::Kind::Sign, "%");
            return true;
        }
        const std::string word = lowered(rest);
        if (word == "st" || word == "nd" || word == "rd" || word == "th") {
            push(Token::Kind::Number, digits + "th");
            return true;
        }
        if (!std::all_of(word.begin(), word.end(), isLetter) || rest.size() > 3) return false;
        push(Token::Kind::Number, std::move(digits));
        push(Token::Kind::Word, word);
        return true;
    }

    /// "two-factor" is two words, "10-year-old" three; "ORA-00942" and "utf-8" are one, "e-mail" is "email".
    void splitHyphens(std::string_view core)
    {
        const auto parts = splitAt(core, '-');
        const auto isPart = [](std::string_view part) {
            const bool letters =
                std::all_of(part.begin(), part.end(), [](char c) { return isLetter(c) || c == '\''; });
            return !part.empty() && (letters || std::all_of(part.begin(), part.end(), isAsciiDigit));
        };
        const bool areWords = std::all_of(parts.begin(), parts.end(), isPart);
        const bool isNamed = parts.size() == 2 && isAsciiDigit(parts[1].empty() ? 'a' : parts[1].front());
        if (!areWords || isNamed) return push(Token::Kind::Code, lowered(core));
        if (parts.size() == 2 && asciiLower(parts[0].front()) == 'e' && parts[0].size() == 1)
            return splitWord('e' + std::string(parts[1]));
        for (const std::string_view part : parts) {
            if (isAsciiDigit(part.front()))
                push(Token::Kind::Number, std::string(part));
            else
                splitWord(part);
        }
    }

    void word(std::string_view text)
    {
        if (text.empty()) return;
        const bool isInner = std::any_of(text.begin() + 1, text.end(), isUpper);
        push(Token::Kind::Word, lowered(text));
        m_tokens.back().isCapital = isUpper(text.front()) || isInner;
        m_tokens.back().isAllCapital = text.size() > 1 && isInner;
        m_tokens.back().isSeveral = text.size() > 2 && text.back() == 's' && isUpper(text[text.size() - 2]);
    }

    /// With "n't", "'s" and the like taken apart.
    void splitWord(std::string_view text)
    {
        const std::string small = lowered(text);
        if (small == "can't" || small == "cannot" || small == "cant") return word("can"), word("not");
        if (small == "won't" || small == "wont") return word("will"), word("not");
        if (small == "shan't") return word("shall"), word("not");
        for (const std::string_view bare : {"dont", "doesnt", "didnt", "isnt", "arent", "wasnt", "werent",
                                            "shouldnt", "couldnt", "wouldnt", "hasnt", "havent", "hadnt"}) {
            if (small == bare) return word(bare.substr(0, bare.size() - 2)), word("not");
        }
        if (small.ends_with("n't")) return word(text.substr(0, text.size() - 3)), word("not");
        const auto mark = small.find('\'');
        if (mark == std::string::npos) return word(text);
        static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kShort{
            {{"'re", "are"}, {"'ll", "will"}, {"'ve", "have"}, {"'d", "would"}, {"'m", "am"}}};
        for (const auto& [ending, full] : kShort) {
            if (small.substr(mark) == ending) return word(text.substr(0, mark)), word(full);
        }
        word(text.substr(0, mark));
        if (m_tokens.empty() || mark == 0) return;
        static constexpr std::array<std::string_view, 11> kWithIs{
            "what", "who", "where", "when", "how", "why", "which", "it", "that", "there", "here"};
        const bool isIs = std::find(kWithIs.begin(), kWithIs.end(), small.substr(0, mark)) != kWithIs.end();
        if (small.substr(mark) == "'s" && isIs) return word("is");
        if (small.substr(mark) == "'s" || small.size() == mark + 1)
            m_tokens.back().isOwner = true;
        else
            word(text.substr(mark + 1));
    }

    std::vector<Token> m_tokens;
    bool m_begins = true;
};

} // namespace

std::optional<std::vector<Token>> lexicalTokens(std::string_view text)
{
    const auto plain = plainText(text);
    if (!plain) return std::nullopt;
    return LexicalSplitter().split(trimmed(*plain));
}

} // namespace gateway::cache
