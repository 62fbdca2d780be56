// SPDX-License-Identifier: GPL-3.0-or-later
// Asks a moderation model: OpenAI's /v1/moderations and what speaks like it.
#include <utility>

#include <nlohmann/json.hpp>

#include "base/json_text.h"
#include "guardrail/asked_model.h"
#include "guardrail/check_kind.h"

namespace gateway::guardrail {

namespace {

class ModerationCheck final : public Check {
public:
    ModerationCheck(std::string model, std::vector<std::string> categories, double threshold,
                    std::chrono::milliseconds timeout)
        : m_model(std::move(model))
        , m_categories(std::move(categories))
        , m_threshold(threshold)
        , m_timeout(timeout)
    {
    }

    [[nodiscard]] std::optional<Inquiry> inquiry(const Subject& subject) const override
    {
        if (subject.text.empty()) return std::nullopt;
        Inquiry inquiry;
        inquiry.path = "/v1/moderations";
        inquiry.timeout = m_timeout;
        JsonWriter json(inquiry.body);
        json.beginObject().key("model").string(m_model).key("input").string(subject.text).endObject();
        return inquiry;
    }

    [[nodiscard]] Result<Opinion> read(int status, std::string_view reply) const override
    {
        if (status < 200 || status > 299) return modelFailed(status);
        const auto answer = nlohmann::json::parse(reply, nullptr, false);
        const auto results = answer.is_object() ? answer.find("results") : answer.end();
        if (results == answer.end() || !results->is_array() || results->empty() ||
            !results->front().is_object())
            return gatewayError(Code::Internal, "The moderation model's answer has no results.");
        std::string found;
        for (const auto& result : *results) {
            for (const std::string& category : alarms(result))
                found.append(found.empty() ? "" : ", ").append(category);
        }
        if (found.empty()) return Opinion();
        return Opinion{true, "the moderation model found " + found};
    }

private:
    [[nodiscard]] bool isWanted(const std::string& category) const
    {
        // "violence" means "violence/graphic", too.
        for (const std::string& each : m_categories) {
            if (category == each || category.starts_with(each + "/")) return true;
        }
        return m_categories.empty();
    }

    /// By its own flags where no threshold is set, else by the scores.
    [[nodiscard]] std::vector<std::string> alarms(const nlohmann::json& result) const
    {
        std::vector<std::string> names;
        const char* const member = m_threshold > 0 ? "category_scores" : "categories";
        const auto found = result.is_object() ? result.find(member) : result.end();
        if (found == result.end() || !found->is_object()) return names;
        for (const auto& [category, value] : found->items()) {
            const bool isHigh = value.is_boolean() ? value.get<bool>()
                                                   : value.is_number() && value.get<double>() >= m_threshold;
            if (isHigh && isWanted(category)) names.push_back(category);
        }
        return names;
    }

    std::string m_model;
    std::vector<std::string> m_categories;
    double m_threshold;
    std::chrono::milliseconds m_timeout;
};

Result<std::unique_ptr<Check>> makeModeration(const Parameters& parameters)
{
    auto model = askedModel(parameters);
    if (!model) return model.error();
    return std::unique_ptr<Check>(
        new ModerationCheck(std::move(*model), parameters.texts("categories"),
                            static_cast<double>(parameters.number("threshold_percent")) / 100,
                            std::chrono::milliseconds(parameters.number("timeout_ms"))));
}

} // namespace

const CheckKind& moderationKind()
{
    static const CheckKind kind = [] {
        CheckKind made{"moderation",
                       "Moderation model",
                       "Asks a model for moderation, such as openai/omni-moderation-latest.",
                       modelParameters({{"categories",
                                         Parameter::Type::Texts,
                                         "Categories",
                                         "[]",
                                         {},
                                         0,
                                         0,
                                         "Such as violence or self-harm; empty: all."},
                                        {"threshold_percent",
                                         Parameter::Type::Number,
                                         "Alarm from this score on (%)",
                                         "0",
                                         {},
                                         0,
                                         100,
                                         "0: as the model says itself."}}),
                       false,
                       true,
                       true,
                       makeModeration};
        made.asks = true;
        return made;
    }();
    return kind;
}

} // namespace gateway::guardrail
