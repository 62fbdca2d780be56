// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/spend_questions.h"

#include <algorithm>
#include <chrono>

namespace gateway::engine {

using pipeline::SpendWord;

SpendQuestions::About SpendQuestions::aboutOf(const SpendQuestion& question)
{
    // Keys choose the names of their sessions themselves: what one may do says nothing of another's.
    const bool isSession = question.kind == SpendQuestion::Kind::AgentLoop;
    return {question.kind, isSession ? question.key + "/" + question.subject : question.subject,
            question.ofKey};
}

bool SpendQuestions::wasRefused(const About& about, std::int64_t now)
{
    std::erase_if(m_refused, [now](const auto& each) { return each.second <= now; });
    return m_refused.find(about) != m_refused.end();
}

SpendQuestions::Table::iterator SpendQuestions::end(Table::iterator open, SpendWord word)
{
    for (const auto& waiter : open->second.waiting)
        waiter.second(word);
    return m_open.erase(open);
}

void SpendQuestions::ask(std::uint64_t ticket, pipeline::SpendAsking asking, Answered answered,
                         std::int64_t now)
{
    const About about = aboutOf(asking.question);
    if (m_closed || wasRefused(about, now)) return answered(SpendWord::Refused);
    if (asking.allowed < m_means.allowed(asking.question)) return answered(SpendWord::Allowed);
    const auto same = std::find_if(m_open.begin(), m_open.end(), [&about](const auto& each) {
        return aboutOf(each.second.question) == about;
    });
    const bool isNew = same == m_open.end();
    Open& open = isNew ? m_open[++m_lastId] : same->second;
    if (isNew) {
        open.question = std::move(asking.question);
        open.question.id = m_lastId;
        open.question.askedAt = now;
        open.question.until =
            now + std::chrono::duration_cast<std::chrono::microseconds>(asking.wait).count();
    }
    open.waiting.emplace_back(ticket, std::move(answered));
    open.question.waiting = static_cast<std::uint32_t>(open.waiting.size());
    if (isNew) m_means.asked(open.question);
    m_means.changed();
}

void SpendQuestions::leave(std::uint64_t ticket)
{
    for (auto open = m_open.begin(); open != m_open.end(); ++open) {
        auto& waiting = open->second.waiting;
        if (std::erase_if(waiting, [ticket](const auto& each) { return each.first == ticket; }) == 0)
            continue;
        open->second.question.waiting = static_cast<std::uint32_t>(waiting.size());
        if (waiting.empty()) m_open.erase(open);
        m_means.changed();
        return;
    }
}

bool SpendQuestions::answer(std::uint64_t id, bool allow, std::int64_t now)
{
    const auto open = m_open.find(id);
    if (open == m_open.end()) return false;
    const bool allowed = allow && m_means.allow(open->second.question);
    if (!allow) m_refused[aboutOf(open->second.question)] = now + kRefusedMicros;
    end(open, allowed ? SpendWord::Allowed : SpendWord::Refused);
    m_means.changed();
    return true;
}

void SpendQuestions::settle(const std::string& budget, bool ofKey)
{
    const About about{SpendQuestion::Kind::Budget, budget, ofKey};
    m_refused.erase(about);
    for (auto open = m_open.begin(); open != m_open.end(); ++open) {
        if (aboutOf(open->second.question) != about) continue;
        end(open, SpendWord::Allowed);
        m_means.changed();
        return;
    }
}

void SpendQuestions::expire(std::int64_t now)
{
    bool ended = false;
    for (auto open = m_open.begin(); open != m_open.end();) {
        if (open->second.question.until > now) {
            ++open;
            continue;
        }
        open = end(open, SpendWord::NoAnswer);
        ended = true;
    }
    if (ended) m_means.changed();
}

void SpendQuestions::refuseAll()
{
    m_closed = true;
    while (!m_open.empty())
        end(m_open.begin(), SpendWord::Refused);
}

std::int64_t SpendQuestions::next() const
{
    std::int64_t first = 0;
    for (const auto& each : m_open) {
        const std::int64_t until = each.second.question.until;
        if (first == 0 || until < first) first = until;
    }
    return first;
}

std::vector<SpendQuestion> SpendQuestions::list() const
{
    std::vector<SpendQuestion> questions;
    questions.reserve(m_open.size());
    for (const auto& each : m_open)
        questions.push_back(each.second.question);
    return questions;
}

} // namespace gateway::engine
