// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/attacks/marks.h"

#include <algorithm>
#include <array>

#include "base/strings.h"
#include "base/utf8.h"
#include "guardrail/attacks/fold.h"

namespace gateway::guardrail {

namespace {

constexpr std::size_t kMostLetters = 160; // of a word that are read
constexpr std::size_t kLeastSpaced = 5;   // letters that stand apart
constexpr std::size_t kLeastJoined = 16;  // letters of words that are written as one

enum class ByteSort : std::uint8_t { Other, Letter, Digit, High };

constexpr std::array<ByteSort, 256> byteSorts()
{
    std::array<ByteSort, 256> sorts{};
    for (unsigned i = 0; i < 256; ++i) {
        const char c = static_cast<char>(i);
        sorts[i] = i >= 0x80         ? ByteSort::High
                   : isAsciiDigit(c) ? ByteSort::Digit
                   : isAsciiAlnum(c) ? ByteSort::Letter
                                     : ByteSort::Other;
    }
    return sorts;
}
constexpr auto kByteSorts = byteSorts();

struct DelimiterSort {
    std::string_view text; // small letters
    Meaning meaning;
    bool atLine; // only as the first of its line
};
constexpr DelimiterSort kDelimiters[] = {
    {"<|im_start|>", Meaning::Delimiter, false},
    {"<|im_end|>", Meaning::Delimiter, false},
    {"<|system|>", Meaning::Delimiter, false},
    {"<|user|>", Meaning::Delimiter, false},
    {"<|assistant|>", Meaning::Delimiter, false},
    {"<|endoftext|>", Meaning::Delimiter, false},
    {"<|eot_id|>", Meaning::Delimiter, false},
    {"<|end|>", Meaning::Delimiter, false},
    {"<|begin_of_text|>", Meaning::Delimiter, false},
    {"<|start_header_id|>", Meaning::Delimiter, false},
    {"<|end_header_id|>", Meaning::Delimiter, false},
    {"<|start|>", Meaning::Delimiter, false},
    {"<|channel|>", Meaning::Delimiter, false},
    {"<|message|>", Meaning::Delimiter, false},
    {"<start_of_turn>", Meaning::Delimiter, false},
    {"<end_of_turn>", Meaning::Delimiter, false},
    {"<<sys>>", Meaning::Delimiter, false},
    {"<</sys>>", Meaning::Delimiter, false},
    {"[inst]", Meaning::Delimiter, false},
    {"[/inst]", Meaning::Delimiter, false},
    {"[system_prompt]", Meaning::Delimiter, false},
    {"[available_tools]", Meaning::Delimiter, false},
    {"[tool_results]", Meaning::Delimiter, false},
    {"[system](#", Meaning::Delimiter, false},
    {"</system>", Meaning::LooseDelimiter, false},
    {"<system>", Meaning::LooseDelimiter, true},
    {"<system_prompt>", Meaning::LooseDelimiter, true},
    {"</system_prompt>", Meaning::LooseDelimiter, false},
    {"</instructions>", Meaning::LooseDelimiter, false},
    {"</user_input>", Meaning::LooseDelimiter, false},
    {"</tool_result>", Meaning::LooseDelimiter, false},
    {"</document>", Meaning::LooseDelimiter, false},
    {"### system:", Meaning::Delimiter, true},
    {"### system prompt", Meaning::Delimiter, true},
    {"### system message", Meaning::Delimiter, true},
    {"### new instruction", Meaning::Delimiter, true},
    {"### end of", Meaning::LooseDelimiter, true},
    {"### instruction:", Meaning::LooseDelimiter, true},
    {"### human:", Meaning::LooseDelimiter, true},
    {"### assistant:", Meaning::LooseDelimiter, true},
    {"[system]:", Meaning::Delimiter, true},
    {"[system message]", Meaning::Delimiter, true},
};

char leetLetter(char c, char ofOne)
{
    switch (c) {
    case '0':
        return 'o';
    case '1':
    case '!':
    case '|':
        return ofOne;
    case '3':
        return 'e';
    case '4':
    case '@':
        return 'a';
    case '5':
    case '$':
        return 's';
    case '7':
        return 't';
    case '8':
        return 'b';
    case '9':
        return 'g';
    default:
        return c;
    }
}

class MarkReader {
public:
    explicit MarkReader(std::string_view text) : m_text(text) {}
    AttackMarks read();

private:
    struct SpacedLetter {
        char letter;
        std::size_t start, end;
    };
    void readPlain();
    void readHigh();
    void readOther();
    [[nodiscard]] bool goesOnWithin() const;
    void beginWord();
    void endWord();
    void senseOf(std::string_view word, std::size_t letters);
    [[nodiscard]] bool unleet(std::string_view word);
    void unjoin(std::string_view word);
    void takeSpaced();
    void add(Meanings meanings, std::size_t start, std::size_t end, Reading reading);
    void beginSentence(std::size_t start);
    void endSentence(bool passage);
    void readSign();
    void readStop();
    void readDelimiter();
    void joinPairs();

    const Lexicon& m_lexicon = Lexicon::shared();
    std::string_view m_text;
    std::size_t m_at = 0;
    AttackMarks m_marks;
    std::string m_word; // folded
    std::size_t m_wordStart = 0, m_wordLetters = 0;
    bool m_inWord = false, m_odd = false; // `m_odd`: digits, signs or folded letters in it
    std::size_t m_lineStart = 0;
    std::size_t m_sentenceStart = 0;
    std::uint32_t m_sentenceWord = 0;
    bool m_sentenceEmpty = true;
    std::vector<SpacedLetter> m_spaced;
};

AttackMarks MarkReader::read()
{
    while (m_at < m_text.size()) {
        switch (kByteSorts[static_cast<unsigned char>(m_text[m_at])]) {
        case ByteSort::Letter:
        case ByteSort::Digit:
            readPlain();
            break;
        case ByteSort::High:
            readHigh();
            break;
        case ByteSort::Other:
            readOther();
            break;
        }
    }
    m_marks.lastOpen = m_inWord || !m_spaced.empty();
    if (!m_spaced.empty()) m_marks.lastWord = m_spaced.front().start;
    if (m_inWord && m_spaced.empty()) m_marks.lastWord = m_wordStart;
    endWord();
    takeSpaced();
    m_marks.sentences.push_back({m_sentenceStart, m_text.size(), m_sentenceWord});
    joinPairs();
    return std::move(m_marks);
}

void MarkReader::beginWord()
{
    if (m_inWord) return;
    m_inWord = true;
    m_wordStart = m_at;
    m_word.clear();
    m_wordLetters = 0;
    m_odd = false;
    beginSentence(m_at);
}

void MarkReader::readPlain()
{
    beginWord();
    while (m_at < m_text.size()) {
        const char c = m_text[m_at];
        const ByteSort sort = kByteSorts[static_cast<unsigned char>(c)];
        if (sort == ByteSort::Letter)
            ++m_wordLetters;
        else if (sort == ByteSort::Digit)
            m_odd = true;
        else
            break;
        if (m_word.size() < kMostLetters) m_word += asciiLower(c);
        ++m_at;
    }
}

void MarkReader::readHigh()
{
    const char* const at = m_text.data() + m_at;
    const std::size_t size = utf8Sequence(at, m_text.data() + m_text.size());
    if (size == 0) {
        endWord();
        ++m_at;
        return;
    }
    const char32_t point = decodeUtf8(at, size);
    if (point == 0x3002 || point == 0xFF01 || point == 0xFF1F || point == 0xFF0E) { // 。！？．
        endWord();
        m_at += size;
        endSentence(true);
        return;
    }
    const char32_t plain = folded(point);
    if (isUnspaced(point) && plain == point) {
        endWord();
        takeSpaced();
        beginSentence(m_at);
        std::size_t taken = size;
        if (const Meanings meanings = m_lexicon.phraseAt(m_text.substr(m_at), taken); meanings != 0)
            add(meanings, m_at, m_at + taken, Reading::Plain);
        m_marks.lastWord = m_at;
        ++m_marks.words;
        m_at += taken;
        return;
    }
    if (plain != 0 && (plain == 0x2019 || !isSpacedLetter(plain))) {
        // An apostrophe within a word is none of its letters.
        if (plain != 0x2019 || m_word.size() <= 2) endWord();
        if (plain == 0x1F513) add(bitOf(Meaning::Jailbreak), m_at, m_at + size, Reading::Plain);
    } else if (plain != 0) {
        beginWord();
        ++m_wordLetters;
        m_odd = m_odd || plain != point;
        if (m_word.size() < kMostLetters) appendUtf8(m_word, plain);
    }
    m_at += size;
}

/// A sign that may stand for a letter, or an apostrophe, goes on with its word.
bool MarkReader::goesOnWithin() const
{
    return m_inWord && m_at + 1 < m_text.size() &&
           kByteSorts[static_cast<unsigned char>(m_text[m_at + 1])] != ByteSort::Other;
}

void MarkReader::readOther()
{
    const char c = m_text[m_at];
    switch (c) {
    case '\'':
        if (!goesOnWithin() || m_word.size() <= 2) endWord();
        break;
    case '@':
    case '$':
    case '!':
    case '|':
        return readSign();
    case '_':
        // Names of tools are written so.
        if (goesOnWithin() && m_word.size() > 1) {
            const std::size_t start = m_wordStart;
            endWord();
            add(bitOf(Meaning::Tool), start, m_at, Reading::Plain);
        }
        endWord();
        break;
    case '.':
    case '?':
        return readStop();
    case '\n':
        endWord();
        takeSpaced();
        ++m_at;
        endSentence(m_at < m_text.size() && (m_text[m_at] == '\n' || m_text[m_at] == '\r'));
        m_lineStart = m_at;
        return;
    case '(':
        // A call in a program is no sentence.
        if (m_inWord) {
            endWord();
            ++m_marks.passage;
        }
        break;
    case ':':
        endWord();
        if (m_text.substr(m_at).starts_with("://"))
            add(bitOf(Meaning::Url), m_wordStart, m_at + 3, Reading::Plain);
        break;
    case '<':
    case '[':
    case '#':
        endWord();
        readDelimiter();
        break;
    default:
        endWord();
    }
    ++m_at;
}

/// That may stand for a letter.
void MarkReader::readSign()
{
    const char c = m_text[m_at];
    const bool begins = !m_inWord && (c == '@' || c == '$') && m_at + 1 < m_text.size() &&
                        kByteSorts[static_cast<unsigned char>(m_text[m_at + 1])] == ByteSort::Letter;
    if (begins || goesOnWithin()) {
        beginWord();
        m_odd = true;
        if (m_word.size() < kMostLetters) m_word += c;
        ++m_at;
        return;
    }
    endWord();
    ++m_at;
    if (c == '!') endSentence(true);
}

/// That may end a sentence.
void MarkReader::readStop()
{
    endWord();
    ++m_at;
    const bool ends = m_at == m_text.size() || static_cast<unsigned char>(m_text[m_at]) <= ' ' ||
                      m_text[m_at] == '"' || m_text[m_at] == ')';
    if (ends && m_spaced.size() < 2) endSentence(true);
}

void MarkReader::readDelimiter()
{
    for (const DelimiterSort& each : kDelimiters) {
        if (each.text.front() != m_text[m_at]) continue;
        if (!startsWithIgnoreCase(m_text.substr(m_at), each.text)) continue;
        if (each.atLine && !trimmed(m_text.substr(m_lineStart, m_at - m_lineStart)).empty()) continue;
        add(bitOf(each.meaning), m_at, m_at + each.text.size(), Reading::Plain);
        return;
    }
}

void MarkReader::endWord()
{
    if (!m_inWord) return;
    m_inWord = false;
    const std::string_view word = m_word;
    const std::size_t end = m_at;
    m_marks.lastWord = m_wordStart;
    if (word.size() == 1) {
        m_spaced.push_back({leetLetter(word.front(), 'i'), m_wordStart, end});
        ++m_marks.words;
        return;
    }
    takeSpaced();
    senseOf(word, m_wordLetters);
    ++m_marks.words;
}

void MarkReader::senseOf(std::string_view word, std::size_t letters)
{
    const std::size_t end = m_at;
    // In capitals it is no man's name.
    if (m_text.substr(m_wordStart, end - m_wordStart) == "DAN")
        return add(bitOf(Meaning::Persona) | m_lexicon.meaningsOf(word), m_wordStart, end, Reading::Plain);
    if (const Meanings meanings = m_lexicon.meaningsOf(word); meanings != 0) {
        return add(meanings, m_wordStart, end, Reading::Plain);
    }
    const std::size_t at = word.find('@');
    if (at != std::string_view::npos && at > 0 && end < m_text.size() && m_text[end] == '.')
        return add(bitOf(Meaning::Url), m_wordStart, end, Reading::Plain);
    if (m_odd && letters >= 1 && word.size() >= 3 && unleet(word)) return;
    if (m_odd) return;
    if (const Meanings meanings = m_lexicon.cipheredMeanings(word); meanings != 0)
        return add(meanings, m_wordStart, end, Reading::Ciphered);
    if (const Meanings meanings = m_lexicon.stirredMeanings(word); meanings != 0)
        return add(meanings, m_wordStart, end, Reading::Stirred);
    if (word.size() >= kLeastJoined && word.size() < kMostLetters) unjoin(word);
}

bool MarkReader::unleet(std::string_view word)
{
    for (const char ofOne : {'i', 'l'}) {
        std::string plain(word);
        for (char& c : plain)
            c = leetLetter(c, ofOne);
        if (const Meanings meanings = m_lexicon.meaningsOf(plain); meanings != 0) {
            add(meanings, m_wordStart, m_at, Reading::Plain);
            return true;
        }
    }
    return false;
}

/// Words written as one: all of it has to be such, or nearly.
void MarkReader::unjoin(std::string_view word)
{
    struct Part {
        Meanings meanings;
        std::size_t start, end;
    };
    std::vector<Part> parts;
    std::size_t known = 0;
    for (std::size_t at = 0; at < word.size();) {
        const std::size_t start = at;
        if (const Meanings meanings = m_lexicon.takeFrom(word, at); meanings != 0) {
            parts.push_back({meanings, start, at});
            known += at - start;
        } else {
            ++at;
        }
    }
    if (parts.size() < 3 || known * 10 < word.size() * 8) return;
    for (const Part& part : parts) {
        add(part.meanings, m_wordStart + part.start, m_wordStart + part.end, Reading::Plain);
        ++m_marks.words;
    }
}

void MarkReader::takeSpaced()
{
    if (m_spaced.size() >= kLeastSpaced) {
        std::string letters;
        for (const SpacedLetter& each : m_spaced)
            letters += each.letter;
        for (std::size_t at = 0; at < letters.size();) {
            const std::size_t start = at;
            const Meanings meanings = m_lexicon.takeFrom(letters, at);
            if (meanings == 0) {
                ++at;
                continue;
            }
            add(meanings, m_spaced[start].start, m_spaced[at - 1].end, Reading::Plain);
            ++m_marks.words;
        }
    }
    m_spaced.clear();
}

void MarkReader::add(Meanings meanings, std::size_t start, std::size_t end, Reading reading)
{
    beginSentence(start);
    const auto sentence = static_cast<std::uint32_t>(m_marks.sentences.size());
    m_marks.marks.push_back({start, end, meanings, m_marks.words, sentence, m_marks.passage, reading});
}

void MarkReader::beginSentence(std::size_t start)
{
    if (!m_sentenceEmpty) return;
    m_sentenceEmpty = false;
    m_sentenceStart = start;
    m_sentenceWord = m_marks.words;
}

void MarkReader::endSentence(bool passage)
{
    if (passage) takeSpaced();
    if (!m_sentenceEmpty) {
        m_marks.sentences.push_back({m_sentenceStart, m_at, m_sentenceWord});
        m_sentenceStart = m_at;
        m_sentenceEmpty = true;
    }
    if (passage) ++m_marks.passage;
}

/// "system prompt" is one thing in two words, in the one order or the other.
void MarkReader::joinPairs()
{
    auto& marks = m_marks.marks;
    const Meanings system = bitOf(Meaning::System), prompt = bitOf(Meaning::Prompt) | bitOf(Meaning::Message);
    for (std::size_t i = 0; i + 1 < marks.size(); ++i) {
        AttackMark& left = marks[i];
        AttackMark& right = marks[i + 1];
        const std::uint32_t apart = right.word - left.word;
        if (left.passage != right.passage || apart > 2) continue;
        if ((left.meanings & system) != 0 && (right.meanings & prompt) != 0 && apart == 1)
            right.meanings |= bitOf(Meaning::SystemPrompt);
        if ((left.meanings & prompt) != 0 && (right.meanings & system) != 0)
            left.meanings |= bitOf(Meaning::SystemPrompt);
    }
}

} // namespace

AttackMarks marksOf(std::string_view text)
{
    return MarkReader(text).read();
}

} // namespace gateway::guardrail
