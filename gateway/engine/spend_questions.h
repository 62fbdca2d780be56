// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "gateway/snapshot.h"

#include "pipeline/spend_desk.h"

namespace gateway::engine {

/// What requests wait for the user's word about: one question for each budget and each session of a key,
/// shared by all that wait for it. Where the answer was no, or for a minute after, further requests are
/// refused without asking again. Owner's thread; time is what it is told.
class SpendQuestions {
public:
    using Answered = pipeline::SpendDesk::Answered;

    struct Means {
        /// What is allowed beyond a budget: a word may have come while a request was on its way here.
        std::function<std::int64_t(const SpendQuestion&)> allowed;
        /// Before those who wait go on. False: what was asked about is there no more, so that they do not.
        std::function<bool(const SpendQuestion&)> allow;
        std::function<void(const SpendQuestion&)> asked; // a new one
        std::function<void()> changed;
    };

    explicit SpendQuestions(Means means) : m_means(std::move(means)) {}

    void ask(std::uint64_t ticket, pipeline::SpendAsking asking, Answered answered, std::int64_t now);
    /// Who waited no longer does; a question that nobody waits for any more is taken back.
    void leave(std::uint64_t ticket);
    /// False: there is no such question any more.
    [[nodiscard]] bool answer(std::uint64_t id, bool allow, std::int64_t now);
    /// More was allowed without being asked for: who waits for it goes on.
    void settle(const std::string& budget, bool ofKey);
    /// Ends those whose time is over.
    void expire(std::int64_t now);
    /// Those that are open, and whatever is asked from now on.
    void refuseAll();
    /// When the next one's time is over; 0: there is none.
    [[nodiscard]] std::int64_t next() const;
    /// Oldest first.
    [[nodiscard]] std::vector<SpendQuestion> list() const;

    static constexpr std::int64_t kRefusedMicros = 60'000'000;

private:
    using About = std::tuple<SpendQuestion::Kind, std::string, bool>;
    struct Open {
        SpendQuestion question;
        std::vector<std::pair<std::uint64_t, Answered>> waiting;
    };
    using Table = std::map<std::uint64_t, Open>; // by id, which grows with time

    [[nodiscard]] static About aboutOf(const SpendQuestion& question);
    [[nodiscard]] bool wasRefused(const About& about, std::int64_t now);
    Table::iterator end(Table::iterator open, pipeline::SpendWord word);

    const Means m_means;
    Table m_open;
    std::map<About, std::int64_t> m_refused; // until when
    std::uint64_t m_lastId = 0;
    bool m_closed = false; // nobody will answer any more
};

} // namespace gateway::engine
