// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "base/strings.h"
#include "net/offload.h"
#include "pipeline/client_origin.h"
#include "pipeline/generate_exchange.h"

namespace gateway::pipeline {

Result<std::string> GenerateExchange::wholeBody() const
{
    if (!goesOnFromKept()) return m_body;
    if (m_guardedWhole) return *m_guardedWhole;
    return m_turn->expanded(m_asked ? m_asked->body : m_body);
}

net::Task<GenerateExchange::Failure> GenerateExchange::guardRequest()
{
    auto rules = rulesInForce();
    if (rules.empty()) co_return std::nullopt;
    if (FreshTexts::isEnoughFor(rules) && !goesOnFromKept() && !addsMetadata())
        co_return co_await lookOn(std::move(rules));
    if (!beginGuarding(rules)) co_return std::nullopt;
    if (!isLongRead() && !goesOnFromKept())
        readRequest();
    else
        co_await net::offload(m_context.pool, m_context.context, [this] {
            readRequest();
            return true;
        });
    if (m_cancelled) co_return goneError();
    auto asks = m_guarding->requestAsks(m_dialect.id(), m_body, aboutRequest());
    co_await askFor(std::move(asks), false);
    if (m_cancelled) co_return goneError();
    // Of a conversation that is kept here only a part was asked about.
    if (!goesOnFromKept()) {
        if (auto other = m_guarding->rewritten(m_dialect.id(), m_body)) takeBody(*std::move(other));
    }
    co_return co_await obeyVerdicts();
}

net::Task<GenerateExchange::Failure> GenerateExchange::lookOn(std::vector<const guardrail::Rule*> rules)
{
    FreshTexts fresh(m_context.shared.clean, rules, m_dialect.id(), m_document);
    if (fresh.bytes() < kLongRead)
        readFresh(rules, fresh);
    else
        co_await net::offload(m_context.pool, m_context.context, [this, &rules, &fresh] {
            readFresh(rules, fresh);
            return true;
        });
    if (m_cancelled) co_return goneError();
    co_return std::nullopt;
}

/// A worker's call, unless it is quick, as is the next.
void GenerateExchange::readFresh(const std::vector<const guardrail::Rule*>& rules, FreshTexts& fresh)
{
    if (fresh.mayHold(rules)) {
        auto guarding = std::make_unique<Guarding>(rules, m_context.shared.maskSalt, m_context.shared.found);
        if (guarding->lookAt(fresh.places())) {
            m_guarding = std::move(guarding);
            if (auto unseen = m_guarding->loggable(m_dialect.id(), m_body)) m_loggedBody = *std::move(unseen);
            return;
        }
    }
    fresh.remember();
}

/// A worker's call, unless it is quick: nobody else looks at this exchange until it is done.
void GenerateExchange::readRequest()
{
    if (!goesOnFromKept() && !m_guarding->mustRead(m_body)) return;
    const Guarding::About about = aboutRequest();
    const Result<std::string> whole = wholeBody();
    const std::string_view said = whole ? std::string_view(*whole) : std::string_view(m_body);
    auto other = m_guarding->request(m_dialect.id(), said, about);
    if (auto unseen = m_guarding->loggable(m_dialect.id(), m_body)) m_loggedBody = *std::move(unseen);
    if (!other) return;
    if (!goesOnFromKept()) return takeBody(*std::move(other));
    m_guardedWhole = *std::move(other);
    if (auto own = m_guarding->again(m_dialect.id(), m_body)) takeBody(*std::move(own));
}

/// All that was read from the body is read anew.
void GenerateExchange::takeBody(std::string body)
{
    if (m_turn && !m_asked) {
        m_asked = std::make_unique<Asked>();
        m_asked->body = std::move(m_body);
        std::ignore = scanJson(m_asked->body, m_asked->document);
        m_turn->readFrom(m_asked->document);
    }
    m_body = std::move(body);
    m_document = {};
    std::ignore = scanJson(m_body, m_document); // strings were exchanged for strings
    if (auto facts = m_dialect.facts(m_document, m_path)) m_facts = std::move(facts.value());
    m_request.reset();
    m_embedRequest.reset();
}

Result<std::string> GenerateExchange::guardedAnswer(std::string body)
{
    if (!guardsAnswers() || m_endpoint.operation != Operation::Chat) return body;
    auto other = m_guarding->answer(m_dialect.id(), body);
    if (auto refused = m_guarding->answerRefused()) {
        m_unusedNanos = m_row.costNanos; // it has its price all the same
        return *std::move(refused);
    }
    if (m_runtime->config->server.logBodies == LogBodies::All)
        m_loggedAnswer = m_guarding->loggableAnswer(m_dialect.id(), body);
    if (other) return *std::move(other);
    return body;
}

net::Task<GenerateExchange::Failure> GenerateExchange::askAboutAnswer(std::string& body)
{
    if (!guardsAnswers() || !m_guarding->asksAboutAnswers() || m_endpoint.operation != Operation::Chat)
        co_return std::nullopt;
    auto asks = m_guarding->answerAsks(m_dialect.id());
    co_await askFor(std::move(asks), true);
    if (m_cancelled) co_return goneError();
    if (auto other = m_guarding->rewrittenAnswer(m_dialect.id())) body = *std::move(other);
    auto refused = m_guarding->answerRefused();
    if (refused) m_unusedNanos = m_row.costNanos; // it has its price all the same
    co_return refused;
}

} // namespace gateway::pipeline
