// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/strings.h"
#include "guardrail/check_kind.h"

namespace gateway::guardrail {

namespace {

/// Portkey's names for the same.
constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kPortkeysTypes{
    {{"chatComplete", "chat"},
     {"messages", "chat"},
     {"createModelResponse", "chat"},
     {"complete", "completions"},
     {"embed", "embeddings"},
     {"imageGenerate", "images"},
     {"imageEdit", "images"},
     {"createSpeech", "speech"},
     {"createTranscription", "transcriptions"},
     {"createTranslation", "transcriptions"}}};

using TypeNames = std::vector<std::string>;

bool namesType(const TypeNames& list, std::string_view type)
{
    return std::any_of(list.begin(), list.end(), [type](const std::string& each) {
        if (each == type) return true;
        return std::any_of(kPortkeysTypes.begin(), kPortkeysTypes.end(),
                           [&](const auto& row) { return row.first == each && row.second == type; });
    });
}

bool haveInCommon(const TypeNames& left, const TypeNames& right)
{
    return std::any_of(left.begin(), left.end(),
                       [&right](const std::string& each) { return contains(right, each); });
}

/// A list in the metadata, or a text with commas.
TypeNames namedIn(const Subject& subject, std::string_view key)
{
    if (subject.metadataJson.find("_endpoints") == std::string_view::npos) return {};
    const auto metadata = nlohmann::json::parse(subject.metadataJson, nullptr, false);
    const auto given = metadata.is_object() ? metadata.find(std::string(key)) : metadata.end();
    TypeNames names;
    if (given == metadata.end()) return names;
    if (given->is_string()) {
        std::string_view rest = given->get_ref<const std::string&>();
        for (bool more = !rest.empty(); more;) {
            const std::size_t comma = rest.find(',');
            names.emplace_back(trimmed(rest.substr(0, comma)));
            more = comma != std::string_view::npos;
            if (more) rest.remove_prefix(comma + 1);
        }
    }
    for (const auto& each : given->is_array() ? *given : nlohmann::json::array())
        names.push_back(each.is_string() ? each.get<std::string>() : each.dump());
    return names;
}

class AllowedRequestTypesCheck final : public Check {
public:
    AllowedRequestTypesCheck(TypeNames allowed, TypeNames blocked)
        : m_allowed(std::move(allowed)), m_blocked(std::move(blocked))
    {
    }

    [[nodiscard]] Opinion judge(const Subject& subject) const override
    {
        // What the configuration leaves open the request's metadata may say.
        const TypeNames allowed = m_allowed.empty() ? namedIn(subject, "supported_endpoints") : m_allowed;
        const TypeNames blocked = m_blocked.empty() ? namedIn(subject, "blocked_endpoints") : m_blocked;
        const bool isIn = allowed.empty() || namesType(allowed, subject.requestType);
        if (isIn && !namesType(blocked, subject.requestType) && !haveInCommon(allowed, blocked)) return {};
        return {true, "requests of this sort are not allowed"};
    }

private:
    TypeNames m_allowed, m_blocked;
};

Result<std::unique_ptr<Check>> makeAllowedRequestTypes(const Parameters& parameters)
{
    auto allowed = parameters.texts("allowed");
    auto blocked = parameters.texts("blocked");
    for (const std::string& each : blocked) {
        if (contains(allowed, each))
            return clientError(Code::InvalidRequest, "`" + each + "` is allowed and blocked.", "blocked");
    }
    return std::unique_ptr<Check>(new AllowedRequestTypesCheck(std::move(allowed), std::move(blocked)));
}

} // namespace

const CheckKind& allowedRequestTypesKind()
{
    static const CheckKind kind{
        "allowed_request_types",
        "Allowed sorts of requests",
        "Fails unless the request is of an allowed sort: chat, completions, embeddings, images, "
        "speech, transcriptions, moderations, rerank, realtime.",
        {{"allowed", Parameter::Type::Texts, "Allowed (empty: all)", "[]"},
         {"blocked", Parameter::Type::Texts, "Blocked", "[]"}},
        false,
        true,
        false,
        makeAllowedRequestTypes,
        false,
        false,
        false,
        true};
    return kind;
}

} // namespace gateway::guardrail
