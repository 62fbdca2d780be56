// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/code/code_signs.h"

#include <algorithm>
#include <array>

#include "base/strings.h"

namespace gateway::guardrail {

namespace {

namespace code_language {
enum : CodeLanguages {
    Sql = 1U << 0U,
    Python = 1U << 1U,
    TypeScript = 1U << 2U,
    JavaScript = 1U << 3U,
    Java = 1U << 4U,
    CSharp = 1U << 5U,
    Cpp = 1U << 6U,
    Php = 1U << 7U,
    Ruby = 1U << 8U,
    Swift = 1U << 9U,
    Kotlin = 1U << 10U,
    Go = 1U << 11U,
    Rust = 1U << 12U,
    Scala = 1U << 13U,
    R = 1U << 14U,
    Perl = 1U << 15U,
    Shell = 1U << 16U,
    PowerShell = 1U << 17U,
    Html = 1U << 18U,
    Css = 1U << 19U,
    Xml = 1U << 20U,
    Json = 1U << 21U,
    Yaml = 1U << 22U,
    Markdown = 1U << 23U,
    Dockerfile = 1U << 24U,
    C = 1U << 25U
};
}

struct LineSign {
    CodeLanguages languages;
    bool sure;
    std::string_view begin, holds;
    std::string_view end; // one of these characters; "words": few, and no sentence; "alone": nothing else
};

std::vector<LineSign> makeLineSigns()
{
    using namespace code_language;
    return {
#define LINE_SIGN(languages, sure, begin, holds, end) {languages, sure, begin, holds, end},
#include "guardrail/code/line_signs.def"
#undef LINE_SIGN
    };
}

/// By the first character of a line; those that say none are under '\0'.
const std::array<std::vector<LineSign>, 128>& lineSigns()
{
    static const auto kSigns = [] {
        std::array<std::vector<LineSign>, 128> signs;
        for (const LineSign& sign : makeLineSigns())
            signs[sign.begin.empty() ? 0 : static_cast<unsigned char>(sign.begin.front())].push_back(sign);
        return signs;
    }();
    return kSigns;
}

/// Short, and no sentence.
bool isFewWords(std::string_view line)
{
    constexpr std::ptrdiff_t kMostBlanks = 5;
    return std::count(line.begin(), line.end(), ' ') <= kMostBlanks && !line.ends_with('.') &&
           !line.ends_with('?') && !line.ends_with('!') && line.find(", ") == std::string_view::npos;
}

bool fits(const LineSign& sign, std::string_view line)
{
    if (!line.starts_with(sign.begin) || line.find(sign.holds) == std::string_view::npos) return false;
    if (sign.end.empty()) return true;
    if (sign.end == "alone") return line == sign.begin;
    if (sign.end == "words") return isFewWords(line);
    return sign.end.find(line.back()) != std::string_view::npos;
}

/// The words behind a fence, by language.
struct FenceWords {
    CodeLanguages language;
    std::string_view words;
};
constexpr FenceWords kFenceWords[] = {
    {code_language::Sql, "sql mysql postgresql plsql tsql sqlite"},
    {code_language::Python, "python py python3"},
    {code_language::TypeScript, "typescript ts tsx"},
    {code_language::JavaScript, "javascript js jsx node mjs"},
    {code_language::Java, "java"},
    {code_language::CSharp, "c# csharp cs"},
    {code_language::Cpp, "c++ cpp cxx hpp"},
    {code_language::Php, "php"},
    {code_language::Ruby, "ruby rb"},
    {code_language::Swift, "swift"},
    {code_language::Kotlin, "kotlin kt"},
    {code_language::Go, "go golang"},
    {code_language::Rust, "rust rs"},
    {code_language::Scala, "scala"},
    {code_language::R, "r"},
    {code_language::Perl, "perl pl"},
    {code_language::Shell, "shell bash sh zsh console shellscript"},
    {code_language::PowerShell, "powershell ps1 pwsh"},
    {code_language::Html, "html"},
    {code_language::Css, "css scss"},
    {code_language::Xml, "xml svg"},
    {code_language::Json, "json jsonc json5"},
    {code_language::Yaml, "yaml yml"},
    {code_language::Markdown, "markdown md"},
    {code_language::Dockerfile, "dockerfile docker"},
    {code_language::C, "c h"},
};

} // namespace

const std::vector<std::string_view>& codeLanguageNames()
{
    static const std::vector<std::string_view> kNames{
        "SQL",  "Python", "TypeScript", "JavaScript", "Java", "C#",   "C++",
        "PHP",  "Ruby",   "Swift",      "Kotlin",     "Go",   "Rust", "Scala",
        "R",    "Perl",   "Shell",      "PowerShell", "HTML", "CSS",  "XML",
        "JSON", "YAML",   "Markdown",   "Dockerfile", "C"};
    return kNames;
}

CodeLanguages codeLanguageBit(std::string_view name)
{
    const auto& names = codeLanguageNames();
    const auto place = std::find(names.begin(), names.end(), name) - names.begin();
    return static_cast<std::size_t>(place) == names.size() ? 0 : CodeLanguages{1} << place;
}

CodeLanguages languageOfFence(std::string_view word)
{
    if (word.empty()) return 0;
    for (const FenceWords& each : kFenceWords) {
        for (const std::string_view name : splitAt(each.words, ' ')) {
            if (equalsIgnoreCase(name, word)) return each.language;
        }
    }
    return 0;
}

LineLanguages languagesOfLine(std::string_view line)
{
    LineLanguages found;
    constexpr std::size_t kMostLine = 400;
    line = trimmed(line).substr(0, kMostLine);
    if (line.empty() || beginsAsProse(line)) return found;
    const auto first = static_cast<unsigned char>(line.front());
    for (const unsigned char place : {first, static_cast<unsigned char>(0)}) {
        if (place >= lineSigns().size()) continue;
        for (const LineSign& sign : lineSigns()[place]) {
            if (!fits(sign, line)) continue;
            found.some |= sign.languages;
            if (sign.sure) found.sure |= sign.languages;
        }
    }
    return found;
}

bool isCodeLike(std::string_view line)
{
    const std::string_view plain = trimmed(line);
    if (plain.empty() || line.starts_with("  ") || line.starts_with('\t')) return true;
    constexpr std::string_view kFirst = "/#*}])@-<$\"{[", kLast = ";{}(),:[]\\>|";
    return kFirst.find(plain.front()) != std::string_view::npos ||
           kLast.find(plain.back()) != std::string_view::npos;
}

bool beginsAsProse(std::string_view line)
{
    // Five words of small letters in a row, with nothing but a comma between them.
    constexpr std::size_t kLooked = 48, kWords = 5;
    line = trimmed(line).substr(0, kLooked);
    if (line.starts_with("select ") || line.starts_with("insert ") || line.starts_with("create "))
        return false;
    std::size_t words = 0, letters = 0;
    for (const char c : line) {
        const bool small = (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80 || c == '\'';
        if (small || (c >= 'A' && c <= 'Z' && letters == 0)) {
            ++letters;
        } else if (c == ' ' || c == ',') {
            words += letters > 0 ? 1 : 0;
            letters = 0;
            if (words >= kWords) return true;
        } else {
            words = letters = 0;
        }
    }
    return false;
}

} // namespace gateway::guardrail
