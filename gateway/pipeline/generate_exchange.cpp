// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/generate_exchange.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/json_text.h"
#include "base/strings.h"
#include "dialect/span_edit.h"
#include "pipeline/inline_config.h"
#include "pipeline/kept_ids.h"
#include "pipeline/ledger.h"

namespace gateway::pipeline {

namespace {

std::vector<std::string> namesOf(const dialect::RequestFacts& facts)
{
    std::vector<std::string> names{facts.model};
    names.insert(names.end(), facts.fallbackModels.begin(), facts.fallbackModels.end());
    return names;
}

} // namespace

GenerateExchange::GenerateExchange(ThreadContext& context, const Admitted& admitted)
    : TargetExchange(context, admitted)
{
    m_path.model = percentDecoded(m_endpoint.rest);
    m_path.operation = m_endpoint.operation;
    m_path.stream = m_endpoint.stream;
    m_path.jsonArray = m_endpoint.jsonArray;
    m_path.batch = m_endpoint.batch;
}

net::Task<void> GenerateExchange::run(std::string body, listener::Responder& responder)
{
    m_body = std::move(body);
    m_responder = &responder;
    Failure problem = parse();
    if (!problem) problem = co_await resolve(namesOf(m_facts));
    if (!problem) problem = keepHolders();
    if (!problem) problem = co_await guardRequest();
    if (!problem) problem = co_await guardLoop();
    if (!problem) problem = co_await answer();
    co_await endWith(problem);
    co_await endLoopWatch();
    castShadow();
}

net::Task<GenerateExchange::Failure> GenerateExchange::answer()
{
    if (beginCache()) {
        auto answered = co_await answerFromCache();
        if (!answered) co_return answered.error();
        if (*answered) co_return std::nullopt;
    }
    const auto key = joinKey();
    if (!key) co_return co_await tryTargets();
    if (Failure refused = co_await admit()) co_return refused;
    const auto same = m_context.answers.find(*key);
    if (same == m_context.answers.end() || !same->second->takesReaders())
        co_return co_await answerShared(*key);
    co_await readAlong(same->second);
    co_return std::nullopt;
}

net::Task<void> GenerateExchange::endWith(const Failure& problem)
{
    if (!problem) co_return;
    if (m_mended && m_begun && problem->code != Code::ClientCancelled)
        co_await endMended(*problem);
    else
        co_await answerError(*problem);
}

GenerateExchange::Failure GenerateExchange::parse()
{
    m_document.members.reserve(16);
    if (const auto problem = scanJson(m_body, m_document)) return jsonError(*problem);
    if (m_document.root != JsonKind::Object)
        return clientError(Code::InvalidRequest, "The body must be a JSON object.");
    if (Failure problem = readFileIds()) return problem;
    if (Failure problem = leaveModelOpen()) return problem;
    auto facts = m_dialect.facts(m_document, m_path);
    if (!facts) return facts.error();
    m_facts = std::move(facts.value());
    auto wishes = readProviderWishes(m_document);
    if (!wishes) return wishes.error();
    m_preferences = std::move(wishes->preferences);
    addRules(m_wishes.data, wishes->data);
    if (m_dialect.id() == DialectId::OpenAiResponses)
        m_turn.emplace(m_context.shared.responses, keeperOf(m_key), m_document,
                       m_idText.substr(m_idText.find('_') + 1));
    noteSession(m_document, m_row);
    m_row.requestedModel = m_facts.model;
    m_row.stream = m_facts.stream;
    return std::nullopt;
}

GenerateExchange::Failure GenerateExchange::readFileIds()
{
    const DialectId dialect = m_dialect.id();
    if (dialect != DialectId::OpenAiChat && dialect != DialectId::OpenAiResponses &&
        dialect != DialectId::AnthropicMessages)
        return std::nullopt;
    auto references = withNativeFileIds(
        m_body, [this](std::string_view id) { return m_runtime->findProvider(id) != nullptr; });
    if (!references) return std::nullopt;
    if (!references->other.empty())
        return clientError(Code::InvalidRequest,
                           "The files belong to two providers, `" + references->provider + "` and `" +
                               references->other + "`. Upload them all to one of them.",
                           "file_id");
    m_fileHolder = std::move(references->provider);
    m_body = std::move(references->body);
    m_document = {};
    if (const auto problem = scanJson(m_body, m_document)) return jsonError(*problem);
    return std::nullopt;
}

GenerateExchange::Failure GenerateExchange::leaveModelOpen()
{
    if (m_wishes.config.empty() || !m_path.model.empty() || m_document.find("model")) return std::nullopt;
    m_body = dialect::withMember(m_body, "model", jsonQuoted(kInlineRoute));
    m_document = {};
    if (const auto problem = scanJson(m_body, m_document)) return jsonError(*problem);
    return std::nullopt;
}

GenerateExchange::Failure GenerateExchange::keepHolders()
{
    if (m_fileHolder.empty()) return std::nullopt;
    std::erase_if(m_plan.targets, [this](const routing::Target& target) { return !mayGoTo(target); });
    if (!m_plan.targets.empty()) {
        beginPlan(); // another target's time may hold now
        return std::nullopt;
    }
    return clientError(Code::InvalidRequest,
                       "The file is kept by `" + shortened(m_fileHolder, 80) + "`, which is no target of `" +
                           m_facts.model + "`. Ask for `" + shortened(m_fileHolder, 80) +
                           "/MODEL`, or upload the file to the model's provider.",
                       "file_id");
}

RoutedRequest GenerateExchange::routedRequest()
{
    RoutedRequest request = TargetExchange::routedRequest();
    request.body = &m_document;
    request.facts = &m_facts;
    request.conversation = [this]() -> const Request* {
        const auto read = canonical();
        return read ? read.value() : nullptr;
    };
    return request;
}

net::Task<GenerateExchange::Failure> GenerateExchange::tryTarget(const routing::Target& target)
{
    const ProviderRuntime* provider = m_runtime->findProvider(target.provider.text);
    if (provider && m_endpoint.operation == Operation::CountTokens &&
        (goesOnFromKept() || !provider->kind->supports(Operation::CountTokens) ||
         !provider->kind->speaks(m_dialect.id(), target.model)))
        return answerCountEstimate(target.model);
    if (provider && m_facts.isEmpty &&
        (provider->kind->inProcess() || !provider->kind->speaks(m_dialect.id(), target.model)))
        return answerLoaded();
    return TargetExchange::tryTarget(target);
}

net::Task<GenerateExchange::Failure> GenerateExchange::callProvider(Attempt& attempt)
{
    if (attempt.provider.kind->inProcess()) {
        if (m_mended && m_begun) return cannotGoOn(attempt);
        return callSandbox(attempt);
    }
    attempt.dialect = &dialectFor(attempt);
    // What is kept here no provider knows, nor what another one has said by now: the conversation has to be
    // put together first.
    attempt.sameDialect = attempt.dialect->id() == m_dialect.id() && !goesOnFromKept() && !m_mended;
    return callUpstream(attempt);
}

Usage GenerateExchange::settleOrEstimate(const Attempt& attempt, Usage usage, std::size_t answerChars)
{
    if (!usage.known) {
        usage.inputTokens = roughTokens(m_body.size());
        usage.outputTokens = roughTokens(answerChars);
        usage.estimated = true;
        usage.known = true;
    }
    settle(attempt, usage);
    if (m_mended) addUse(m_row, m_mended->earlier());
    return usage;
}

net::Task<GenerateExchange::Failure> GenerateExchange::answerCountEstimate(std::string model)
{
    // The provider has no such call: a count of ours is better than an agent that cannot show its context.
    Uncounted said;
    said.input = true;
    const Usage usage = co_await countedFor(std::move(model), {}, std::move(said));
    listener::Answer answer;
    answer.body = m_dialect.encodeCount(std::max<std::int64_t>(1, usage.inputTokens));
    answer.headers = answerHeaders(false);
    record(200, nullptr);
    co_await m_responder->send(answer);
    co_return std::nullopt;
}

net::Task<GenerateExchange::Failure> GenerateExchange::answerLoaded()
{
    listener::Answer answer;
    answer.body = m_dialect.encodeLoaded(m_document, completionContext(m_facts.model));
    answer.headers = answerHeaders(false);
    record(200, nullptr);
    co_await m_responder->send(answer);
    co_return std::nullopt;
}

} // namespace gateway::pipeline
