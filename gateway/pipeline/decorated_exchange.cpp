// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/decorating.h"
#include "pipeline/generate_exchange.h"

namespace gateway::pipeline {

bool GenerateExchange::changesBody(const routing::Target& target) const
{
    const bool isDecorated = !target.decorations.empty() && (m_endpoint.operation == Operation::Chat ||
                                                             m_endpoint.operation == Operation::CountTokens);
    return isDecorated || (target.own && target.own->changesBody());
}

GenerateExchange::Failure GenerateExchange::makeBodyFor(Attempt& attempt, std::string_view body,
                                                        const JsonDocument& document, OwnBody& into)
{
    const routing::Target& target = attempt.target;
    if (target.own && target.own->changesBody()) {
        if (auto problem = makeOwnBody(body, document, *target.own, into)) return problem;
        body = into.text;
    }
    if (target.decorations.empty() || m_endpoint.operation == Operation::Embed) return std::nullopt;
    auto made = decorated(m_dialect.id(), body, target.decorations, target.model,
                          [this](std::string_view name) { return valueInPrompt(name); });
    if (!made) return made.error();
    // What clients say of themselves is guarded as their prompts are.
    if (const auto* blocks = m_guarding ? m_guarding->requestThat(guardrail::Action::Block) : nullptr)
        return guardrailBlocked(*blocks, false);
    into.text = std::move(made->body);
    into.cachePrefix = std::move(made->cachePrefix);
    attempt.rewritesJson = std::move(made->rewritesJson);
    into.document = {};
    if (!scanJson(into.text, into.document)) return std::nullopt;
    return gatewayError(Code::Internal, "The request with what its route adds is not valid JSON.");
}

std::string GenerateExchange::valueInPrompt(std::string_view name)
{
    std::string value = promptValue(name, m_row, m_id.microseconds() / 1'000'000);
    return m_guarding && isPromptMetadata(name) ? m_guarding->said(value) : value;
}

} // namespace gateway::pipeline
