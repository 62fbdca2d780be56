// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/shadow.h"

#include <exception>
#include <utility>

#include <boost/asio/post.hpp>

#include "base/wall_clock.h"
#include "pipeline/generate_exchange.h"

namespace gateway::pipeline {

namespace {

/// Takes an answer that nobody wants.
class Nobody : public listener::Responder {
public:
    net::Task<bool> send(const listener::Answer&) override { co_return true; }
    net::Task<bool> begin(const listener::Answer&, std::string_view) override { co_return true; }
    net::Task<bool> write(std::string_view) override { co_return true; }
    net::Task<bool> finish(std::string_view) override { co_return true; }
    void cut() override {}
    [[nodiscard]] bool gone() const override { return false; }
};

net::Detached cast(ThreadContext& context, std::shared_ptr<Shadow> shadow)
{
    try {
        const listener::RequestHead& head = shadow->head.head();
        Endpoint endpoint = shadow->endpoint;
        endpoint.rest = findEndpoint(head.path, head.query).rest;
        GenerateExchange exchange(context, Admitted{head, endpoint, shadow->runtime, shadow->key,
                                                    nextRequestId(nowMicros()), shadow->origin});
        const Shadows::Running running(context.shadows, exchange);
        Nobody nobody;
        if (!context.shadows.cancelled()) co_await exchange.runShadow(*shadow, nobody);
    } catch (const std::exception&) {
        // Without memory there is no shadow; the request itself was answered.
    }
    context.shadows.leave();
}

} // namespace

KeptHead::KeptHead(const listener::RequestHead& head) : m_head(head)
{
    std::size_t size = head.method.size() + head.target.size() + head.path.size() + head.query.size();
    for (const HeaderField& field : head.fields)
        size += field.name.size() + field.value.size();
    m_bytes.reserve(size); // once, as views stay good only then
    const auto keep = [this](std::string_view& part) {
        const std::size_t begin = m_bytes.size();
        m_bytes += part;
        part = std::string_view(m_bytes).substr(begin);
    };
    keep(m_head.method);
    keep(m_head.target);
    keep(m_head.path);
    keep(m_head.query);
    for (HeaderField& field : m_head.fields) {
        keep(field.name);
        keep(field.value);
    }
}

routing::Target shadowTarget(const Runtime& runtime, const RouteConfig& route)
{
    const ShadowConfig& shadow = *route.shadow;
    const ProviderConfig* provider = runtime.config->findProvider(shadow.provider.text);
    routing::Target target;
    target.provider = shadow.provider;
    target.model = provider ? routing::listedName(*provider, shadow.model) : std::string_view(shadow.model);
    target.retry.attempts = 0;
    target.timeout = routing::timeoutRules(&route.timeout, provider ? &provider->timeout : nullptr);
    target.unsupported = route.unsupported;
    return target;
}

void sendShadow(ThreadContext& context, std::unique_ptr<Shadow> shadow)
{
    if (!context.shadows.enter()) {
        context.shared.skippedShadows.fetch_add(1, std::memory_order_relaxed);
        return;
    }
    boost::asio::post(context.context,
                      [&context, held = std::shared_ptr<Shadow>(std::move(shadow))] { cast(context, held); });
}

} // namespace gateway::pipeline
