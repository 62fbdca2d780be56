// SPDX-License-Identifier: GPL-3.0-or-later
// Agents that go round in circles: told of beside the answer, or held back before it is asked for.
#include <array>
#include <charconv>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

#include "net/offload.h"
#include "pipeline/generate_exchange.h"

namespace gateway::pipeline {

namespace {

constexpr std::size_t kLargeConversation = std::size_t{64} << 10; // would hold the IO thread up
constexpr const char* kLoopTag = "agent-loop";

Error loopError(const LoopVerdict& verdict, bool answered)
{
    const bool isSpend = verdict.kind == LoopVerdict::Kind::SessionSpend;
    std::string text = "Stopped, as this agent seems to go round in circles. " + verdict.text;
    text += isSpend ? " Begin a new session, or raise loop_guard.session_usd."
                    : " Do not do the same again: try something else, or ask the user.";
    if (!answered) text += " Nobody answered in time whether it may go on.";
    Error error = gatewayError(isSpend ? Code::BudgetExceeded : Code::GuardrailBlocked, text);
    error.final = true;
    return error;
}

/// None where memory is short: that an agent is looked at must not end anything.
LoopSigns signsOrNone(DialectId dialect, std::string_view body) noexcept
{
    try {
        return loopSigns(dialect, body);
    } catch (...) {
        return {};
    }
}

} // namespace

GenerateExchange::~GenerateExchange()
{
    // A worker may still read the body where this ends early; it does not take long.
    if (m_loopWatch) m_loopWatch->done.wait(false, std::memory_order_acquire);
}

bool GenerateExchange::mayLoop() const
{
    return m_runtime->config->loopGuard.action != LoopAction::Off && !m_apart && !m_forGuardrail &&
           !m_facts.isEmpty && m_endpoint.operation == Operation::Chat && m_facts.hasTools;
}

void GenerateExchange::nameSession(std::uint64_t mark)
{
    // What begins with nothing cannot be told from others, and is no session.
    if (!m_session.empty() || mark == 0) return;
    // Nobody said which: the same key, program and first words are taken for one.
    std::array<char, 16> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), mark, 16).ptr;
    m_session = m_asker + "#" + std::string(digits.data(), end);
}

void GenerateExchange::nameSession()
{
    if (m_session.empty()) nameSession(conversationMark(m_dialect.id(), m_body));
}

net::Task<GenerateExchange::Failure> GenerateExchange::guardLoop()
{
    const LoopGuardConfig& guard = m_runtime->config->loopGuard;
    if (!mayLoop()) co_return std::nullopt;
    // Kept by itself: the row is gone once it is recorded, and the look may take longer.
    m_session = m_row.session;
    m_loopKey = m_row.key;
    m_asker = m_row.key + "/" + m_row.client;
    // How a conversation began that is kept here is found out by a worker.
    const bool isKept = goesOnFromKept();
    if (guard.sessionUsd && !isKept) nameSession();
    if (guard.action != LoopAction::Ask && guard.action != LoopAction::Stop) {
        m_looksLater = isKept;
        if (!m_looksLater) startLoopWatch();
        co_return std::nullopt;
    }
    LoopSight sight;
    if (m_body.size() < kLargeConversation && !isKept)
        sight.signs = signsOrNone(m_dialect.id(), m_body);
    else
        sight = co_await net::offload(m_context.pool, m_context.context, [this] { return wholeSight(); });
    if (isKept && guard.sessionUsd) nameSession(sight.mark);
    if (!sight.signs.goesOn) co_return std::nullopt;
    if (isKept)
        nameSession(sight.mark);
    else
        nameSession();
    co_return co_await heldBack(sight.signs);
}

LoopSight GenerateExchange::wholeSight() const
{
    if (!goesOnFromKept()) return {signsOrNone(m_dialect.id(), m_body)};
    try {
        const auto whole = wholeBody();
        if (!whole) return {};
        return {loopSigns(m_dialect.id(), *whole), conversationMark(m_dialect.id(), *whole)};
    } catch (...) {
        return {};
    }
}

net::Task<GenerateExchange::Failure> GenerateExchange::heldBack(const LoopSigns& signs)
{
    const LoopGuardConfig& guard = m_runtime->config->loopGuard;
    LoopSessions& sessions = m_context.shared.sessions;
    for (;;) {
        const LoopSessions::Session session = sessions.find(sessionOfKey());
        const LoopVerdict verdict = loopVerdict(signs, guard, session);
        if (!verdict) co_return std::nullopt;
        tellLoop(verdict);
        m_row.tags.emplace_back(kLoopTag);
        if (guard.action == LoopAction::Stop) co_return loopError(verdict, true);
        SpendAsking asking;
        asking.question.kind = SpendQuestion::Kind::AgentLoop;
        asking.question.subject = m_session;
        asking.question.reason = verdict.text;
        asking.question.model = m_facts.model;
        asking.question.spentNanos = session.spent;
        asking.wait = guard.askWait;
        const SpendWord word = co_await askUser(std::move(asking));
        if (word == SpendWord::Undecided) co_return goneError();
        if (word != SpendWord::Allowed) co_return loopError(verdict, word == SpendWord::Refused);
        m_row.tags.pop_back();
        sessions.letGoOn(sessionOfKey(), goneOn(verdict, signs, guard, session));
    }
}

void GenerateExchange::startLoopWatch()
{
    const auto made = std::make_shared<LoopWatch>();
    boost::asio::io_context& home = m_context.context;
    // The body stays as it is until endLoopWatch(), and there for as long as this does.
    boost::asio::post(m_context.pool,
                      [watch = made, dialect = m_dialect.id(), body = std::string_view(m_body), &home,
                       alive = boost::asio::make_work_guard(home)] {
                          watch->sight.signs = signsOrNone(dialect, body);
                          watch->done.store(true, std::memory_order_release);
                          watch->done.notify_all();
                          boost::asio::post(home, [watch] { watch->ended.notify(); });
                      });
    m_loopWatch = made; // not before: of one that nobody looks for, the end would never come
}

/// What is known by the time that the row is written.
void GenerateExchange::noteInRow()
{
    const bool isKnown = m_loopWatch && m_loopWatch->done.load(std::memory_order_acquire);
    if (isKnown && loopSeen()) m_row.tags.emplace_back(kLoopTag);
    if (!m_runtime->config->loopGuard.sessionUsd) return;
    if (!m_session.empty())
        m_context.shared.sessions.charge(sessionOfKey(), m_row.costNanos);
    else if (m_looksLater)
        m_chargesLater = m_row.costNanos;
}

/// Of a watch that is done: tells what it has found.
bool GenerateExchange::loopSeen()
{
    const LoopSigns& signs = m_loopWatch->sight.signs;
    if (!signs.goesOn) return false;
    nameSession();
    const LoopVerdict verdict =
        loopVerdict(signs, m_runtime->config->loopGuard, m_context.shared.sessions.find(sessionOfKey()));
    if (verdict && !std::exchange(m_loopWatch->told, true)) tellLoop(verdict);
    return static_cast<bool>(verdict);
}

net::Task<void> GenerateExchange::endLoopWatch()
{
    if (m_looksLater) {
        LoopSight sight =
            co_await net::offload(m_context.pool, m_context.context, [this] { return wholeSight(); });
        nameSession(sight.mark);
        if (!m_session.empty()) m_context.shared.sessions.charge(sessionOfKey(), m_chargesLater);
        m_loopWatch = std::make_shared<LoopWatch>();
        m_loopWatch->sight = std::move(sight);
        m_loopWatch->done.store(true, std::memory_order_release);
        loopSeen();
        co_return;
    }
    if (!m_loopWatch) co_return;
    net::Signal& ended = m_loopWatch->ended; // GCC 12 would wait for a copy of what `co_await …->` names
    co_await ended;
    loopSeen();
}

void GenerateExchange::tellLoop(const LoopVerdict& verdict)
{
    if (!m_context.shared.desk) return;
    Alert alert;
    alert.kind = Alert::Kind::AgentLoop;
    alert.level = Alert::Level::Warning;
    alert.subject = m_session;
    const std::string client = m_asker.substr(m_asker.find('/') + 1);
    alert.text = "An agent (" + (client.empty() ? std::string("unnamed") : client) + ", model " +
                 m_facts.model + ") seems to go round in circles. " + verdict.text +
                 (m_runtime->config->loopGuard.action == LoopAction::Stop
                      ? " It was stopped."
                      : " Look at what it does; loop_guard can ask you, or stop it.");
    m_context.shared.desk->tell(std::move(alert),
                                sessionOfKey() + "\n" + std::to_string(static_cast<int>(verdict.kind)));
}

} // namespace gateway::pipeline
