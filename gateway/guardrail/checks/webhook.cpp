// SPDX-License-Identifier: GPL-3.0-or-later
// Asks a server of the user's own, in the shape that Portkey's gateway asks and is answered in
// (plugins/default/webhook): {"verdict":true}, with {"transformedData":{"request":{"text" or "json"}}} where
// it has another text.
#include <utility>

#include <nlohmann/json.hpp>

#include "guardrail/hook_body.h"

namespace gateway::guardrail {

namespace {

/// What a reply puts in the place of what it was told.
void readTransformed(const nlohmann::json& answer, Opinion& opinion)
{
    const auto transformed = answer.find("transformedData");
    if (transformed == answer.end() || !transformed->is_object()) return;
    for (const char* const name : {"request", "response"}) {
        const auto side = transformed->find(name);
        if (side == transformed->end() || !side->is_object()) continue;
        const auto json = side->find("json");
        const auto text = side->find("text");
        if (json != side->end() && json->is_object())
            opinion.insteadJson = json->dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
        else if (text != side->end() && text->is_string())
            opinion.instead = text->get<std::string>();
    }
}

class WebhookCheck final : public HookCheck {
public:
    using HookCheck::HookCheck;

    [[nodiscard]] Result<Opinion> read(int status, std::string_view reply) const override
    {
        if (status < 200 || status > 299)
            return gatewayError(Code::Internal, "The webhook answered with status " + std::to_string(status) +
                                                    " instead of a verdict.");
        const auto answer = nlohmann::json::parse(reply, nullptr, false);
        const auto verdict = answer.is_object() ? answer.find("verdict") : answer.end();
        if (verdict == answer.end() || !verdict->is_boolean())
            return gatewayError(Code::Internal, R"(The webhook's answer has no "verdict" of true or false.)");
        if (!verdict->get<bool>()) return Opinion{true, "the webhook says no"};
        Opinion opinion;
        readTransformed(answer, opinion);
        return opinion;
    }
};

Result<std::unique_ptr<Check>> makeWebhook(const Parameters& parameters)
{
    auto address = HookAddress::parse(parameters);
    if (!address) return address.error();
    return std::unique_ptr<Check>(new WebhookCheck(std::move(*address)));
}

} // namespace

const CheckKind& webhookKind()
{
    static const CheckKind kind = [] {
        CheckKind made{"webhook",
                       "Webhook",
                       "Asks a server of your own, which gets the text and says yes or no.",
                       hookParameters(),
                       false,
                       true,
                       true,
                       makeWebhook};
        made.asks = made.mends = true;
        return made;
    }();
    return kind;
}

} // namespace gateway::guardrail
