// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "gateway/ids.h"

#include "listener/request_handler.h"
#include "pipeline/admin_desk.h"
#include "pipeline/thread_context.h"

namespace gateway::pipeline {

/// One call to /admin/v1: hands it over to the desk and waits for what that says. IO thread only.
class AdminExchange : public listener::Exchange {
public:
    AdminExchange(ThreadContext& context, AdminDesk& desk, AdminCall call, RequestId id)
        : m_context(context), m_desk(desk), m_call(std::move(call)), m_id(id)
    {
    }
    [[nodiscard]] std::optional<listener::Answer> earlyAnswer() override { return std::nullopt; }
    [[nodiscard]] std::uint64_t bodyLimit() const override { return std::uint64_t{8} << 20; }
    net::Task<void> run(std::string body, listener::Responder& responder) override;
    [[nodiscard]] listener::Answer refuse(const Error& error) override;
    void cancel() override;

private:
    /// Outlives the exchange where the client leaves before the answer has come.
    struct Waiting {
        net::Signal signal;
        std::optional<AdminAnswer> answer;
    };

    ThreadContext& m_context;
    AdminDesk& m_desk;
    AdminCall m_call;
    RequestId m_id;
    std::shared_ptr<Waiting> m_waiting = std::make_shared<Waiting>();
};

} // namespace gateway::pipeline
