// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/frame_scanner.h"
#include "pipeline/target_exchange.h"

namespace gateway::pipeline {

/// A request whose body and answer are passed on rather than understood. A body is held as far as has to be
/// known of it, the rest goes through part by part; so does an answer that is no JSON. As long as nothing was
/// passed on that is not held, another key or target can still be tried. IO thread only.
class RelayExchange : public TargetExchange {
public:
    using TargetExchange::TargetExchange;

    [[nodiscard]] bool takesParts() const override { return true; }
    net::Task<void> run(std::string, listener::Responder&) override { co_return; }
    net::Task<void> runInParts(listener::RequestBody& body, listener::Responder& responder) override;

protected:
    static constexpr std::uint64_t kHeld = 4u << 20; // what is held to be sent to another target, if need be

    /// What one attempt sends.
    struct Outgoing {
        CallHead head;      // without its framing
        std::string edited; // instead of what is held
        bool isEdited = false;
    };

    /// Reads of the body what has to be known, and makes the plan.
    virtual net::Task<Failure> prepare() = 0;
    [[nodiscard]] virtual Result<Outgoing> outgoing(Attempt& attempt) = 0;
    /// Whether what is held is enough to go on, however much it is.
    [[nodiscard]] virtual bool knowsEnough() const { return true; }
    /// Looks at a part of the body on its way, the empty one at its end, too. An error ends the exchange.
    [[nodiscard]] virtual Failure inspectPart(std::string_view) { return std::nullopt; }
    /// A whole JSON answer as the client gets it; reads what was used.
    [[nodiscard]] virtual Result<std::string> answerBody(const Attempt& attempt, std::string body) = 0;
    virtual void inspectEvent(const SseEvent&) {}
    /// Looks at a whole JSON answer once its use is known, and may change it. An error refuses it.
    virtual net::Task<Failure> guardAnswer(std::string& body);
    /// Why an answer that comes piece by piece does not go on.
    [[nodiscard]] virtual Failure refusedStream() const { return std::nullopt; }
    /// All of a stream's events have been seen, or as many as came.
    virtual void inspectEnd() {}
    /// Looks at a part of an answer that is passed on piece by piece, the empty one at its good end, too.
    virtual void inspectAnswer(std::string_view) {}
    /// How the answer's bytes are cut into events for inspectEvent(); nothing where they are just bytes.
    [[nodiscard]] virtual std::optional<Framing> framingOf(const upstream::ReplyHead& reply) const;
    /// True where JSON, too, comes piece by piece.
    [[nodiscard]] virtual bool streamsJson() const { return false; }
    /// Fields of the answer besides our own.
    [[nodiscard]] virtual listener::Headers fieldsOf(const Attempt&, const upstream::ReplyHead&) const
    {
        return {};
    }
    /// A stream of events that breaks ends with this, so that the client sees it; empty: it is cut.
    [[nodiscard]] virtual std::string brokenEnd(const Error&) const { return {}; }

    /// Reads until the body is whole or more than `most` bytes are held.
    net::Task<Failure> hold(std::uint64_t most);
    /// A JSON body, whole and checked.
    net::Task<Failure> holdJson(JsonDocument& into);
    [[nodiscard]] bool isAllHeld() const { return m_allHeld; }

    Usage m_usage; // of the answer, as far as it was said

private:
    net::Task<Failure> callProvider(Attempt& attempt) final;
    [[nodiscard]] bool mayRepeat() const final { return !m_partsGone; }
    net::Task<Result<const upstream::ReplyHead*>> upload(upstream::Call& call, std::string_view head,
                                                         std::string_view first, bool chunked);
    net::Task<Failure> passAnswer(upstream::Call& call, Attempt& attempt, const upstream::ReplyHead& reply);
    net::Task<Failure> passWhole(upstream::Call& call, Attempt& attempt, const upstream::ReplyHead& reply);
    net::Task<Failure> passEmpty(Attempt& attempt, const upstream::ReplyHead& reply);
    net::Task<Failure> passParts(upstream::Call& call, Attempt& attempt, const upstream::ReplyHead& reply);
    net::Task<void> endParts(Attempt& attempt, int status, const Failure& failure, std::string last);
    [[nodiscard]] listener::Answer answerHead(const Attempt& attempt, const upstream::ReplyHead& reply,
                                              bool withCost) const;
    void noteFirstByte(Attempt& attempt);
    void settleUse(const Attempt& attempt);

    listener::RequestBody* m_source = nullptr;
    bool m_allHeld = false;
    bool m_partsGone = false; // bytes went to a provider that are not held
};

} // namespace gateway::pipeline
