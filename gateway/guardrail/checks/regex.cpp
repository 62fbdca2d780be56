// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <utility>

#include "base/pattern.h"
#include "guardrail/check_kind.h"

namespace gateway::guardrail {

namespace {

class RegexCheck final : public Check {
public:
    RegexCheck(std::vector<Pattern> patterns, std::string name)
        : m_patterns(std::move(patterns)), m_name(std::move(name))
    {
    }

    void find(std::string_view text, std::vector<Found>& into) const override
    {
        std::vector<Found> found;
        for (const Pattern& pattern : m_patterns) {
            for (std::size_t at = 0; const auto match = pattern.find(text, at);) {
                const auto start = static_cast<std::size_t>(match->data() - text.data());
                if (!match->empty()) found.push_back({start, match->size(), m_name});
                at = start + std::max<std::size_t>(1, match->size());
                if (at > text.size()) break;
            }
        }
        // The first of those that overlap, and of those that begin together the longest.
        std::sort(found.begin(), found.end(), [](const Found& left, const Found& right) {
            return left.start != right.start ? left.start < right.start : left.size > right.size;
        });
        std::size_t end = 0;
        for (const Found& each : found) {
            if (each.start < end) continue;
            into.push_back(each);
            end = each.start + each.size;
        }
    }

private:
    std::vector<Pattern> m_patterns;
    std::string m_name;
};

Result<std::unique_ptr<Check>> makeRegex(const Parameters& parameters)
{
    std::vector<Pattern> patterns;
    for (const std::string& text : parameters.texts("patterns")) {
        auto pattern = Pattern::parse((parameters.flag("ignore_case") ? "(?i)" : "") + text);
        if (!pattern) return clientError(Code::InvalidRequest, pattern.error().message, "patterns");
        patterns.push_back(std::move(pattern.value()));
    }
    if (patterns.empty())
        return clientError(Code::InvalidRequest, "\"patterns\" needs a regular expression at least.",
                           "patterns");
    return std::unique_ptr<Check>(new RegexCheck(std::move(patterns), parameters.text("name")));
}

} // namespace

const CheckKind& regexKind()
{
    static const CheckKind kind{
        "regex",
        "Regular expressions",
        "Finds what your own expressions match, in RE2's syntax.",
        {{"patterns", Parameter::Type::Texts, "Expressions"},
         {"ignore_case", Parameter::Type::Flag, "Ignore case", "false"},
         {"name", Parameter::Type::Text, "Name in masks and in the log", R"("match")"}},
        true,
        true,
        true,
        makeRegex};
    return kind;
}

} // namespace gateway::guardrail
