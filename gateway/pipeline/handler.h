// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>

#include "access/access_fields.h"
#include "listener/request_handler.h"
#include "pipeline/endpoints.h"
#include "pipeline/thread_context.h"

namespace gateway::pipeline {

/// The door of one IO thread: checks a head in the contract's order (Host, Origin, key, path, method, content
/// type) and makes the exchange for it.
class Handler : public listener::RequestHandler {
public:
    explicit Handler(ThreadContext& context) : m_context(context) {}

    [[nodiscard]] std::unique_ptr<listener::Exchange> begin(const listener::RequestHead& head,
                                                            listener::PeerInfo& peer) override;
    [[nodiscard]] listener::Answer unreadable(const Error& error) override;

private:
    struct Door {
        const listener::RequestHead& head;
        access::AccessFields fields;
        Endpoint endpoint;
        std::shared_ptr<const Runtime> runtime;
        RequestId id;
        const access::VirtualKey* key = nullptr;
        bool isAdmin = false;
        std::shared_ptr<ClientOrigin> origin = {};
    };

    [[nodiscard]] std::optional<Error> checkKey(Door& door) const;
    [[nodiscard]] std::optional<Error> checkShape(const Door& door) const;
    [[nodiscard]] static std::optional<Error> checkUpgrade(const Door& door);
    [[nodiscard]] static std::optional<Error> checkDialect(const Door& door);
    [[nodiscard]] Door doorOf(const listener::RequestHead& head);
    /// Begins to find out who asks, at a connection's first call that is let in.
    void askForOrigin(Door& door, listener::PeerInfo& peer) const;
    [[nodiscard]] std::unique_ptr<listener::Exchange> exchangeFor(Door& door, listener::PeerInfo& peer);
    [[nodiscard]] std::unique_ptr<listener::Exchange> admit(const Door& door);
    [[nodiscard]] std::unique_ptr<listener::Exchange> administer(const Door& door);
    /// One call to a model on the WebSocket that `head` opened.
    [[nodiscard]] std::unique_ptr<listener::Exchange> beginTurn(const listener::RequestHead& head,
                                                                const std::shared_ptr<ClientOrigin>& origin);
    [[nodiscard]] std::unique_ptr<listener::Exchange> socketFor(const Door& door);
    [[nodiscard]] std::unique_ptr<listener::Exchange> refused(const Door& door, const Error& error);
    [[nodiscard]] listener::Answer operation(const Door& door) const;
    [[nodiscard]] std::string metrics() const;
    void recordRefusal(const Door& door, const Error& error);

    ThreadContext& m_context;
    std::int64_t m_refusalWindow = 0; // second in which refusals are counted
    int m_refusalsLogged = 0;
};

} // namespace gateway::pipeline
