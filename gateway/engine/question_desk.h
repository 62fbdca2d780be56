// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "base/wall_clock.h"
#include "engine/alert_book.h"
#include "engine/mailbox.h"
#include "engine/spend_questions.h"
#include "pipeline/spend_desk.h"

namespace gateway::engine {

/// Takes what requests ask and tell to the owner's thread. Any thread.
class QuestionDesk final : public pipeline::SpendDesk {
public:
    QuestionDesk(Mailbox& mailbox, SpendQuestions& questions, AlertBook& alerts)
        : m_mailbox(mailbox), m_questions(questions), m_alerts(alerts)
    {
    }

    std::uint64_t ask(pipeline::SpendAsking asking, Answered answered) override
    {
        const std::uint64_t ticket = m_tickets.fetch_add(1, std::memory_order_relaxed) + 1;
        m_mailbox.post([this, ticket, asking = std::move(asking), answered = std::move(answered)] {
            m_questions.ask(ticket, asking, answered, nowMicros());
        });
        return ticket;
    }
    void leave(std::uint64_t ticket) override
    {
        m_mailbox.post([this, ticket] { m_questions.leave(ticket); });
    }
    void tell(Alert alert, std::string incident) override
    {
        m_mailbox.post([this, alert = std::move(alert), incident = std::move(incident)] {
            m_alerts.raiseOnce(alert, incident, nowMicros());
        });
    }

private:
    Mailbox& m_mailbox;
    SpendQuestions& m_questions; // owner's thread
    AlertBook& m_alerts;         // the same
    std::atomic<std::uint64_t> m_tickets{0};
};

} // namespace gateway::engine
