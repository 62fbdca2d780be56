// SPDX-License-Identifier: GPL-3.0-or-later
// Tells a server of the user's own what passes, in the shape of Portkey's check of this name.
#include <utility>

#include "guardrail/hook_body.h"

namespace gateway::guardrail {

namespace {

class LogCheck final : public HookCheck {
public:
    using HookCheck::HookCheck;

    [[nodiscard]] Result<Opinion> read(int status, std::string_view /*reply*/) const override
    {
        if (status >= 200 && status <= 299) return Opinion();
        return gatewayError(Code::Internal,
                            "Who is told what passes answered with status " + std::to_string(status) + ".");
    }
};

Result<std::unique_ptr<Check>> makeLog(const Parameters& parameters)
{
    auto address = HookAddress::parse(parameters);
    if (!address) return address.error();
    return std::unique_ptr<Check>(new LogCheck(std::move(*address)));
}

} // namespace

const CheckKind& logKind()
{
    static const CheckKind kind = [] {
        CheckKind made{"log",
                       "Log elsewhere",
                       "Posts what passes to a server of your own. It never refuses anything.",
                       hookParameters(),
                       false,
                       true,
                       true,
                       makeLog};
        made.asks = made.tells = true;
        return made;
    }();
    return kind;
}

} // namespace gateway::guardrail
