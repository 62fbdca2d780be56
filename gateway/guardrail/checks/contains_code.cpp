// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <utility>

#include "base/strings.h"
#include "guardrail/check_kind.h"

namespace gateway::guardrail {

namespace {

/// What stands behind a fence, and the language's name.
constexpr std::array<std::pair<std::string_view, std::string_view>, 25> kFenceNames{
    {{"sql", "SQL"},
     {"py", "Python"},
     {"ts", "TypeScript"},
     {"js", "JavaScript"},
     {"java", "Java"},
     {"cs", "C#"},
     {"cpp", "C++"},
     {"c", "C"},
     {"rb", "Ruby"},
     {"php", "PHP"},
     {"swift", "Swift"},
     {"kt", "Kotlin"},
     {"go", "Go"},
     {"rs", "Rust"},
     {"scala", "Scala"},
     {"r", "R"},
     {"pl", "Perl"},
     {"sh", "Shell"},
     {"html", "HTML"},
     {"css", "CSS"},
     {"xml", "XML"},
     {"json", "JSON"},
     {"yml", "YAML"},
     {"md", "Markdown"},
     {"dockerfile", "Dockerfile"}}};

/// Portkey's other names.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kOtherFences{
    {{"gyp", "Python"}, {"tsx", "TypeScript"}, {"jsx", "JavaScript"}}};

bool isLanguage(std::string_view fence, std::string_view format)
{
    const auto isIt = [&](const auto& each) {
        return equalsIgnoreCase(each.first, fence) && each.second == format;
    };
    // Portkey knows few long names; they are as common.
    return equalsIgnoreCase(fence, format) || std::any_of(kFenceNames.begin(), kFenceNames.end(), isIt) ||
           std::any_of(kOtherFences.begin(), kOtherFences.end(), isIt);
}

/// The languages of all fenced blocks that are closed.
std::vector<std::string_view> fencedLanguages(std::string_view text)
{
    constexpr std::string_view kCodeFence = "```";
    constexpr std::size_t kMostBlocks = 1000;
    std::vector<std::string_view> languages;
    for (std::size_t at = text.find(kCodeFence);
         at != std::string_view::npos && languages.size() < kMostBlocks;) {
        std::size_t end = at + kCodeFence.size();
        while (end < text.size() && (isAsciiAlnum(text[end]) || text[end] == '_'))
            ++end;
        // A fence that opens names its language and ends its line.
        if (end == at + kCodeFence.size() || end >= text.size() || text[end] != '\n') {
            at = text.find(kCodeFence, at + 1);
            continue;
        }
        const std::size_t close = text.find("\n```", end + 1);
        if (close == std::string_view::npos) break;
        languages.push_back(text.substr(at + kCodeFence.size(), end - at - kCodeFence.size()));
        at = text.find(kCodeFence, close + 4);
    }
    return languages;
}

class ContainsCodeCheck final : public Check {
public:
    ContainsCodeCheck(std::string format, bool otherWay) : m_format(std::move(format)), m_otherWay(otherWay)
    {
    }

    [[nodiscard]] Opinion judge(const Subject& subject) const override
    {
        const auto languages = fencedLanguages(subject.text);
        const bool has = std::any_of(languages.begin(), languages.end(),
                                     [this](std::string_view each) { return isLanguage(each, m_format); });
        if (!subject.text.empty() && has != m_otherWay) return {};
        return {true, m_otherWay ? "the text has code in it that it should not have"
                                 : "the text has no code of that language"};
    }

private:
    std::string m_format;
    bool m_otherWay;
};

Result<std::unique_ptr<Check>> makeContainsCode(const Parameters& parameters)
{
    return std::unique_ptr<Check>(new ContainsCodeCheck(parameters.text("format"), parameters.flag("not")));
}

} // namespace

const CheckKind& containsCodeKind()
{
    static const CheckKind kind = [] {
        std::vector<std::string_view> formats;
        for (const auto& [fence, name] : kFenceNames)
            formats.push_back(name);
        return CheckKind{"contains_code",
                         "Contains code",
                         "Fails unless there is a block of code of a language.",
                         {{"format", Parameter::Type::Choice, "Language", "null", formats},
                          {"not", Parameter::Type::Flag, "The other way round", "false"}},
                         false,
                         true,
                         true,
                         makeContainsCode};
    }();
    return kind;
}

} // namespace gateway::guardrail
