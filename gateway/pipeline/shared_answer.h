// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "gateway/snapshot.h"

#include "base/sha256.h"
#include "listener/request_handler.h"
#include "net/task.h"

namespace gateway::pipeline {

/// An answer that is made once for several clients of one IO thread: for the first by its own exchange, while
/// the others read along. It is kept whole as long as it is made, so that a late one gets it from its
/// beginning. It comes as fast as the fastest of them takes it. IO thread only.
class SharedAnswer {
public:
    class Reader;

    explicit SharedAnswer(boost::asio::io_context& context) : m_context(context) {}

    // What makes it says:
    void send(const listener::Answer& answer);
    void begin(const listener::Answer& head, std::string_view first);
    void write(std::string_view bytes);
    void finish(std::string_view last);
    void cut();
    /// Its row in the log, before the last bytes.
    void note(const LogRow& row, const Error* error);
    /// Who answered, and the counts.
    /// The first client is gone. `abandon` is called when the last of the others leaves, too.
    void leave(std::function<void()> abandon) { m_abandon = std::move(abandon); }
    /// What made it is over, whatever came of it.
    void close();
    [[nodiscard]] bool hasReaders() const { return !m_readers.empty(); }
    /// One of them has taken all there is.
    [[nodiscard]] bool isPulled() const;
    /// Notified when that may be so, or one has left.
    [[nodiscard]] net::Signal& pulled() const { return *m_pulled; }
    void wakeMaker();
    /// It is not too long to be kept.
    [[nodiscard]] bool isKept() const { return m_kept; }
    /// Of what is too long, once the first client has taken what there was.
    void forget()
    {
        if (!hasReaders()) m_bytes = {};
    }
    /// From now on nobody else may read along: it was given up, or is too long to be kept.
    void refuseReaders() { m_takesReaders = false; }
    [[nodiscard]] bool takesReaders() const { return m_takesReaders; }

    // What the others see:
    [[nodiscard]] const std::optional<listener::Answer>& head() const { return m_head; }
    [[nodiscard]] bool isStream() const { return m_isStream; }
    [[nodiscard]] std::string_view bytes() const { return m_bytes; } // of a stream, so far
    [[nodiscard]] bool ended() const { return m_ended; }
    [[nodiscard]] bool wasCut() const { return m_cut; }
    [[nodiscard]] const LogRow& row() const { return m_row; }
    [[nodiscard]] const std::optional<Error>& error() const { return m_error; }

    /// One that reads along, woken whenever there is more.
    class Reader {
    public:
        Reader(SharedAnswer& answer, std::shared_ptr<net::Signal> woken);
        Reader(const Reader&) = delete;
        Reader& operator=(const Reader&) = delete;
        ~Reader();
        /// So many bytes of a stream have gone to its client.
        void took(std::size_t bytes);

    private:
        friend class SharedAnswer;
        SharedAnswer& m_answer;
        std::shared_ptr<net::Signal> m_woken;
        std::size_t m_taken = 0;
    };

private:
    void wake();

    boost::asio::io_context& m_context;
    std::optional<listener::Answer> m_head;
    std::string m_bytes;
    LogRow m_row; // provider, model, counts and cost only
    std::optional<Error> m_error;
    std::vector<Reader*> m_readers;
    std::shared_ptr<net::Signal> m_pulled = std::make_shared<net::Signal>();
    std::function<void()> m_abandon;
    bool m_takesReaders = true;
    bool m_kept = true;
    bool m_isStream = false;
    bool m_ended = false;
    bool m_cut = false;
};

/// The first client's side of an answer that others read along. A stream is fed to that client apart from
/// what makes it, so that one that reads slowly holds up nobody but itself.
class SharingResponder : public listener::Responder {
public:
    SharingResponder(listener::Responder& own, SharedAnswer& answer) : m_own(own), m_answer(answer) {}
    net::Task<bool> send(const listener::Answer& answer) override;
    [[nodiscard]] bool waitsForTurn() const override { return m_own.waitsForTurn(); }
    net::Task<bool> begin(const listener::Answer& head, std::string_view first) override;
    net::Task<bool> write(std::string_view bytes) override;
    net::Task<bool> finish(std::string_view last) override;
    void cut() override;
    [[nodiscard]] bool gone() const override { return m_own.gone() && !m_answer.hasReaders(); }
    /// To be waited for before this goes: the first client is fed no more.
    net::Task<void> ended();

private:
    net::Detached feed();
    net::Task<bool> feedAll();
    /// Until somebody has taken all there is. False: nobody is left.
    net::Task<bool> waitForPull();
    /// Until the first client has what is kept, after which this may write to it itself.
    net::Task<void> waitForOwn();
    void stopFeeding();

    listener::Responder& m_own;
    SharedAnswer& m_answer;
    net::Signal m_more;       // for the feeding
    std::size_t m_taken = 0;  // bytes that the first client has
    bool m_fed = true;        // it is not being fed: not yet, or no more
    bool m_ownGone = false;   // it takes nothing any more
    bool m_finishing = false; // all there is is all there will be
    bool m_over = false;      // nothing comes any more by the feeding
    bool m_cutting = false;   // and the client is to see that
};

struct Sha256Hash {
    [[nodiscard]] std::size_t operator()(const Sha256& digest) const;
};
/// What is under way on one IO thread, by what was asked.
using SharedAnswers = std::unordered_map<Sha256, std::shared_ptr<SharedAnswer>, Sha256Hash>;

} // namespace gateway::pipeline
