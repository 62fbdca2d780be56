// SPDX-License-Identifier: GPL-3.0-or-later
#include "provider/kind.h"

#include "gateway/error.h"

namespace gateway::provider {

#define PROVIDER_KIND(factory) const Kind& factory();
#include "provider/providers.def"
#undef PROVIDER_KIND

const Kind* findKind(std::string_view id)
{
#define PROVIDER_KIND(factory)                                                                               \
    if (factory().id() == id) return &factory();
#include "provider/providers.def"
#undef PROVIDER_KIND
    return nullptr;
}

Result<TokenCall> Kind::tokenCall(const Secret&, std::int64_t) const
{
    return gatewayError(Code::Internal, "This kind of provider takes its key as it is.");
}

Result<Token> Kind::readToken(std::string_view) const
{
    return gatewayError(Code::Internal, "This kind of provider gives no tokens.");
}

std::string secretLine(std::string_view begin, const Secret& secret)
{
    std::string line;
    line.reserve(begin.size() + secret.reveal().size() + 1);
    return line.append(begin).append(secret.reveal());
}

std::string_view kindForModelName(std::string_view model)
{
    if (model.starts_with("claude-")) return "anthropic";
    if (model.starts_with("gemini-")) return "gemini";
    if (model.starts_with("gpt-")) return "openai";
    const bool reasoningSeries = model.size() >= 2 && model[0] == 'o' && model[1] >= '1' && model[1] <= '4';
    return reasoningSeries ? std::string_view("openai") : std::string_view();
}

} // namespace gateway::provider
