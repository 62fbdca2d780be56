// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <bit>
#include <string>

#include "base/strings.h"
#include "guardrail/check_kind.h"
#include "guardrail/code/code_signs.h"

namespace gateway::guardrail {

namespace {

struct CodeLine {
    std::size_t start = 0, end = 0, next = 0; // `end`: without the line end
};

CodeLine codeLineAt(std::string_view text, std::size_t start)
{
    const std::size_t end = std::min(text.find('\n', start), text.size());
    return {start, end, std::min(end + 1, text.size())};
}

/// How many characters of a fence a line begins with, and the word behind.
std::size_t codeFence(std::string_view line, std::string_view& word)
{
    line = trimmed(line);
    const std::size_t size = std::min(line.find_first_not_of(line.starts_with('~') ? '~' : '`'), line.size());
    constexpr std::size_t kLeast = 3;
    if (size < kLeast) return 0;
    word = trimmed(line.substr(size));
    if (word.starts_with('{')) word.remove_prefix(1); // "{.python}", "{r}"
    if (word.starts_with('.')) word.remove_prefix(1);
    word = word.substr(0, word.find_first_of(" \t{},:"));
    return size;
}

/// Of a program that has begun: further in, or the end of a block.
bool belongsToCode(std::string_view line)
{
    if (trimmed(line).empty()) return false;
    constexpr std::string_view kCloses = "})]";
    return line.starts_with("  ") || line.starts_with('\t') ||
           kCloses.find(trimmed(line).front()) != std::string_view::npos || trimmed(line) == "end";
}

/// Lines of a program in a row, as they are read.
struct CodeRun {
    std::size_t start = 0, end = 0; // of those that say something
    bool begun = false;
    std::array<unsigned, 64> counts = {}; // by language
    std::size_t blanks = 0;

    void take(const CodeLine& line, LineLanguages languages, CodeLanguages wanted)
    {
        const CodeLanguages some = languages.some & wanted;
        if (!begun) start = line.start;
        begun = true;
        end = line.end;
        for (CodeLanguages left = some; left != 0; left &= left - 1) {
            const auto language = static_cast<std::size_t>(std::countr_zero(left));
            counts[language] += (languages.sure >> language & 1U) != 0 ? 2 : 1;
        }
    }
    [[nodiscard]] bool isCode() const
    {
        return begun && std::any_of(counts.begin(), counts.end(), [](unsigned count) { return count >= 2; });
    }
};

/// Reads a text line by line; what it finds is known as soon as a line ends a block or a run.
class CodeReader {
public:
    CodeReader(std::string_view text, CodeLanguages wanted, bool any)
        : m_text(text), m_wanted(wanted), m_any(any)
    {
    }
    void read(std::vector<Found>& into);
    /// Where a block or a run begins that the end of the text leaves open.
    [[nodiscard]] std::size_t openStart() const { return m_open; }

private:
    void readBlock(const CodeLine& opening, std::size_t fence, std::vector<Found>& into);
    void readLine(const CodeLine& line, std::vector<Found>& into);
    void endRun(std::vector<Found>& into);
    void add(std::size_t start, std::size_t end, std::vector<Found>& into) const;

    std::string_view m_text;
    CodeLanguages m_wanted;
    bool m_any;
    std::size_t m_at = 0;
    CodeRun m_run;
    std::size_t m_open = m_text.size();
};

void CodeReader::add(std::size_t start, std::size_t end, std::vector<Found>& into) const
{
    while (start < end && static_cast<unsigned char>(m_text[start]) <= ' ')
        ++start;
    while (end > start && static_cast<unsigned char>(m_text[end - 1]) <= ' ')
        --end;
    if (start < end) into.push_back({start, end - start, "code"});
}

void CodeReader::endRun(std::vector<Found>& into)
{
    if (m_run.isCode()) add(m_run.start, m_run.end, into);
    m_run = {};
}

void CodeReader::read(std::vector<Found>& into)
{
    while (m_at < m_text.size()) {
        const CodeLine line = codeLineAt(m_text, m_at);
        m_at = line.next;
        std::string_view word;
        const std::size_t fence = codeFence(m_text.substr(line.start, line.end - line.start), word);
        if (fence == 0) {
            readLine(line, into);
            continue;
        }
        endRun(into);
        const CodeLanguages language = languageOfFence(word);
        if (language != 0 && (m_any || (language & m_wanted) != 0)) readBlock(line, fence, into);
    }
    if (m_run.begun) m_open = std::min(m_open, m_run.start);
    endRun(into);
}

/// To the line that closes it, or the end.
void CodeReader::readBlock(const CodeLine& opening, std::size_t fence, std::vector<Found>& into)
{
    while (m_at < m_text.size()) {
        const CodeLine line = codeLineAt(m_text, m_at);
        m_at = line.next;
        std::string_view word;
        const std::size_t size = codeFence(m_text.substr(line.start, line.end - line.start), word);
        if (size < fence || !word.empty()) continue;
        if (line.end == m_text.size()) m_open = std::min(m_open, opening.start);
        return add(opening.start, line.end, into);
    }
    m_open = std::min(m_open, opening.start);
    add(opening.start, m_text.size(), into);
}

void CodeReader::readLine(const CodeLine& line, std::vector<Found>& into)
{
    const std::string_view text = m_text.substr(line.start, line.end - line.start);
    const LineLanguages languages = languagesOfLine(text);
    constexpr std::size_t kMostBlanks = 2;
    m_run.blanks = trimmed(text).empty() ? m_run.blanks + 1 : 0;
    if ((languages.some & m_wanted) != 0)
        m_run.take(line, languages, m_wanted);
    else if (m_run.begun && belongsToCode(text))
        m_run.end = line.end;
    else if (languages.some == 0 && (!isCodeLike(text) || m_run.blanks >= kMostBlanks))
        endRun(into);
}

class CodeCheck final : public Check {
public:
    explicit CodeCheck(CodeLanguages wanted) : m_wanted(wanted), m_any(wanted == 0)
    {
        // A chat is written in Markdown: that is no code unless it is asked for.
        if (m_any) m_wanted = ~codeLanguageBit("Markdown");
    }

    void find(std::string_view text, std::vector<Found>& into) const override
    {
        CodeReader(text, m_wanted, m_any).read(into);
    }

    [[nodiscard]] std::size_t openSince(std::string_view text) const override
    {
        std::vector<Found> found;
        CodeReader reader(text, m_wanted, m_any);
        reader.read(found);
        // The last line, until it is known to be prose.
        const std::size_t line = text.rfind('\n') + 1; // npos + 1 is 0
        const bool prose = beginsAsProse(text.substr(line)) && text.size() - line >= kTold;
        const std::size_t open = prose || text.size() - line > kMostLine ? text.size() : line;
        return std::min(open, reader.openStart());
    }

private:
    static constexpr std::size_t kTold = 48;      // bytes that tell prose
    static constexpr std::size_t kMostLine = 400; // that is held

    CodeLanguages m_wanted;
    bool m_any;
};

Result<std::unique_ptr<Check>> makeCode(const Parameters& parameters)
{
    CodeLanguages wanted = 0;
    for (const std::string& name : parameters.texts("formats"))
        wanted |= codeLanguageBit(name);
    return std::unique_ptr<Check>(new CodeCheck(wanted));
}

} // namespace

const CheckKind& codeKind()
{
    static const CheckKind kind{"code",
                                "Code",
                                "Finds blocks of code: fenced ones by the language they name, others by "
                                "several lines that look like it.",
                                {{"formats", Parameter::Type::Choices, "Languages", "[]", codeLanguageNames(),
                                  0, 0, "None: any but Markdown."}},
                                true,
                                true,
                                true,
                                makeCode};
    return kind;
}

} // namespace gateway::guardrail
