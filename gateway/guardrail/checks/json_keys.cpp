// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <utility>

#include "base/json_scan.h"
#include "guardrail/any_all_none.h"
#include "guardrail/check_kind.h"

namespace gateway::guardrail {

namespace {

/// What may be JSON in a text: the insides of fenced blocks, then whatever stands between a brace and the
/// next that closes.
std::vector<std::string_view> jsonCandidates(std::string_view text)
{
    constexpr std::size_t kMost = 1000;
    constexpr std::string_view kFence = "```";
    std::vector<std::string_view> all;
    for (std::size_t at = text.find(kFence); at != std::string_view::npos && all.size() < kMost;) {
        const std::size_t begin = text.find_first_not_of('`', at); // a fence may be longer
        const std::size_t end = begin == std::string_view::npos ? begin : text.find(kFence, begin);
        if (end == std::string_view::npos) break;
        std::string_view inside = text.substr(begin, end - begin);
        if (inside.starts_with("json")) inside.remove_prefix(4);
        all.push_back(inside);
        at = text.find(kFence, std::min(text.size(), text.find_first_not_of('`', end)));
    }
    for (std::size_t at = text.find('{'); at != std::string_view::npos && all.size() < 2 * kMost;) {
        const std::size_t end = text.find('}', at);
        if (end == std::string_view::npos) break;
        all.push_back(text.substr(at, end - at + 1));
        at = text.find('{', end);
    }
    return all;
}

class JsonKeysCheck final : public Check {
public:
    JsonKeysCheck(std::vector<std::string> keys, std::string which)
        : m_keys(std::move(keys)), m_which(std::move(which))
    {
    }

    [[nodiscard]] Opinion judge(const Subject& subject) const override
    {
        for (const std::string_view candidate : jsonCandidates(subject.text)) {
            // No tree: what a model writes may be as deep and as large as it likes.
            JsonDocument json;
            const auto isThere = [&json](const std::string& key) { return json.find(key) != nullptr; };
            if (!scanJson(candidate, json) && json.root == JsonKind::Object &&
                holds(m_which, m_keys, isThere))
                return {};
        }
        return {true, "the answer has no JSON object with the keys that it should have"};
    }

private:
    std::vector<std::string> m_keys;
    std::string m_which;
};

Result<std::unique_ptr<Check>> makeJsonKeys(const Parameters& parameters)
{
    if (parameters.texts("keys").empty())
        return clientError(Code::InvalidRequest, "\"keys\" has to name one at least.", "keys");
    return std::unique_ptr<Check>(new JsonKeysCheck(parameters.texts("keys"), parameters.text("operator")));
}

} // namespace

const CheckKind& jsonKeysKind()
{
    static const CheckKind kind{
        "json_keys",
        "JSON with keys",
        "Fails unless the answer has a JSON object in it with any, all or none of some keys.",
        {{"keys", Parameter::Type::Texts, "Keys"},
         {"operator", Parameter::Type::Choice, "Which", R"("all")", {"any", "all", "none"}}},
        false,
        false,
        true,
        makeJsonKeys};
    return kind;
}

} // namespace gateway::guardrail
