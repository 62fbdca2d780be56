// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <utility>

#include "net/offload.h"
#include "pipeline/generate_exchange.h"
#include "pipeline/stream_pass.h"
#include "pipeline/text_tokens.h"
#include "pipeline/token_estimate.h"

namespace gateway::pipeline {

namespace {

constexpr std::size_t kMostText = std::size_t{256} * 1024; // of an answer, by those who pass it on

} // namespace

std::int64_t GenerateExchange::requestTokens(std::string_view model, const Request* request) const
{
    const accounting::TokenFamily family = accounting::tokenFamily(model);
    if (request) return conversationTokens(*request, family);
    if (m_embedRequest && !m_embedRequest->texts.empty()) {
        std::int64_t tokens = 0;
        for (const std::string& text : m_embedRequest->texts)
            tokens += textTokens(text, family);
        return tokens;
    }
    return estimatedTokens(m_body);
}

net::Task<Usage> GenerateExchange::countedFor(std::string model, Usage usage, Uncounted said)
{
    const Request* request = nullptr;
    if (said.input && m_endpoint.operation != Operation::Embed) {
        co_await readForRules(); // off this thread, where it is long
        if (const auto read = canonical()) request = read.value();
    }
    const auto count = [this, &model, &said, request] {
        std::pair<std::int64_t, std::int64_t> tokens;
        if (said.input) tokens.first = requestTokens(model, request);
        if (!said.text.empty()) {
            tokens.second = textTokens(said.text, accounting::tokenFamily(model));
            // Of the rest of a very long answer only the size is known.
            if (said.answerChars > kMostText) tokens.second += roughTokens(said.answerChars - kMostText);
        }
        endCounting();
        return tokens;
    };
    const auto tokens = co_await net::offload(m_context.pool, m_context.context, count);
    if (said.input) usage.inputTokens = tokens.first;
    usage.outputTokens = std::max(usage.outputTokens, tokens.second);
    usage.estimated = usage.known = true;
    co_return usage;
}

net::Task<Usage> GenerateExchange::countedStream(const Attempt& attempt, const StreamPass& pass)
{
    Usage usage = pass.usage();
    if (usage.known && !usage.estimated) co_return usage;
    Uncounted said{pass.answerText(), pass.answerChars(), !usage.known};
    usage = pass.reported();
    co_return co_await countedFor(attempt.target.model, usage, std::move(said));
}

net::Task<void> GenerateExchange::countWhole(const Attempt& attempt, std::string_view clientBody)
{
    const auto count = [this, &attempt, clientBody] {
        std::int64_t tokens = 0;
        if (m_endpoint.operation == Operation::Embed) return tokens;
        if (const auto completion = m_dialect.decodeCompletion(std::string(clientBody)))
            tokens = answerTokens(completion.value(), accounting::tokenFamily(attempt.target.model));
        return tokens;
    };
    Usage usage;
    usage.outputTokens = co_await net::offload(m_context.pool, m_context.context, count);
    Uncounted said;
    said.input = true;
    usage = co_await countedFor(attempt.target.model, usage, std::move(said));
    settle(attempt, usage);
}

} // namespace gateway::pipeline
