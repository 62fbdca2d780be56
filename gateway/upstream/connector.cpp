// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/connector.h"

#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>

#include "upstream/proxy_handshake.h"

namespace gateway::upstream {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

namespace {

constexpr std::chrono::milliseconds kNextAddressAfter{250}; // RFC 8305, section 8

/// Alternates the families, beginning with the one the resolver put first.
std::vector<tcp::endpoint> interleaved(const std::vector<tcp::endpoint>& found)
{
    std::vector<tcp::endpoint> first, second, order;
    for (const auto& endpoint : found)
        (endpoint.address().is_v6() == found.front().address().is_v6() ? first : second).push_back(endpoint);
    for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i) {
        if (i < first.size()) order.push_back(first[i]);
        if (i < second.size()) order.push_back(second[i]);
    }
    return order;
}

Error cancelled()
{
    return gatewayError(Code::ClientCancelled, "The request was given up.");
}

} // namespace

/// Several connects under way; the first that succeeds wins and closes the others.
struct Connector::Race : std::enable_shared_from_this<Race> {
    Race(asio::io_context& io, net::DeadlineSweeper& sweeper, Endpoints list)
        : context(io), endpoints(std::move(list)), next(sweeper, [this] { startNext(); })
    {
    }

    void startNext()
    {
        if (over || started == endpoints.size()) return;
        const tcp::endpoint endpoint = endpoints[started++];
        auto socket = std::make_shared<tcp::socket>(context);
        sockets.push_back(socket);
        socket->async_connect(endpoint,
                              [self = shared_from_this(), socket](const boost::system::error_code& error) {
                                  self->finished(socket, error);
                              });
        if (started < endpoints.size()) next.setIn(kNextAddressAfter);
    }

    void finished(const std::shared_ptr<tcp::socket>& socket, const boost::system::error_code& error)
    {
        ++ended;
        if (over) return;
        if (!error) {
            winner = socket;
            stop();
            return;
        }
        lastError = error;
        if (started < endpoints.size())
            startNext();
        else if (ended == endpoints.size())
            stop();
    }

    void stop()
    {
        if (over) return;
        over = true;
        next.clear();
        boost::system::error_code ignored;
        for (const auto& socket : sockets) {
            if (socket != winner) socket->close(ignored);
        }
        done.notify();
    }

    asio::io_context& context;
    Endpoints endpoints;
    net::Deadline next;
    net::Signal done;
    std::vector<std::shared_ptr<tcp::socket>> sockets;
    std::shared_ptr<tcp::socket> winner;
    boost::system::error_code lastError;
    std::size_t started = 0, ended = 0;
    bool over = false;
};

Connector::Connector(asio::io_context& context, net::DeadlineSweeper& deadlines, net::TurnEnd& turn)
    : m_context(context), m_deadlines(deadlines), m_turn(turn)
{
}

net::Task<Result<Connector::Endpoints>> Connector::resolve(std::string host, std::uint16_t port,
                                                           std::shared_ptr<Attempt> attempt)
{
    boost::system::error_code notAnAddress;
    const auto address = asio::ip::make_address(host, notAnAddress);
    if (!notAnAddress) co_return Endpoints{tcp::endpoint(address, port)};

    // The resolver's thread cannot be interrupted; who gives up leaves it behind with its own state.
    struct State {
        explicit State(asio::io_context& io) : resolver(io) {}
        tcp::resolver resolver;
        net::Signal done;
        Endpoints found;
        boost::system::error_code error;
        bool over = false;
    };
    auto state = std::make_shared<State>(m_context);
    // Posted: who gives up must not find the coroutine, and itself with it, ended on return.
    attempt->abort = [state, &context = m_context] {
        asio::post(context, [state] {
            state->resolver.cancel();
            if (!std::exchange(state->over, true)) state->done.notify();
        });
    };
    state->resolver.async_resolve(
        host, std::to_string(port), tcp::resolver::numeric_service,
        [state](const boost::system::error_code& error, const tcp::resolver::results_type& results) {
            if (std::exchange(state->over, true)) return;
            state->error = error;
            for (const auto& result : results)
                state->found.push_back(result.endpoint());
            state->done.notify();
        });
    co_await state->done;
    attempt->abort = nullptr;
    if (attempt->aborted) co_return cancelled();
    if (state->error || state->found.empty()) {
        co_return upstreamError(Code::UpstreamDnsError, Retry::SameTarget,
                                "The name `" + host + "` cannot be resolved (" + state->error.message() +
                                    "). Check the network and the provider's base URL.");
    }
    co_return interleaved(state->found);
}

net::Task<Result<std::unique_ptr<Transport>>> Connector::connectTcp(std::string host, std::uint16_t port,
                                                                    std::shared_ptr<Attempt> attempt)
{
    auto endpoints = co_await resolve(host, port, attempt);
    if (!endpoints) co_return endpoints.error();
    auto race = std::make_shared<Race>(m_context, m_deadlines, std::move(endpoints.value()));
    attempt->abort = [race, &context = m_context] { asio::post(context, [race] { race->stop(); }); };
    race->startNext();
    if (!race->over) co_await race->done;
    attempt->abort = nullptr;
    if (attempt->aborted) co_return cancelled();
    if (!race->winner) {
        co_return upstreamError(Code::UpstreamConnectError, Retry::SameTarget,
                                "Cannot connect to " + host + ":" + std::to_string(port) + " (" +
                                    race->lastError.message() + "). Is it running and reachable?");
    }
    co_return std::make_unique<Transport>(std::move(*race->winner), m_turn);
}

net::Task<Outcome> Connector::secure(Transport& transport, const Origin& origin)
{
    auto context = m_tls.find(origin.caFile);
    if (!context) co_return context.error();
    auto& stream = transport.startTls(*context.value());
    if (auto ready = m_tls.prepare(stream.native_handle(), origin.host, origin.poolKey); !ready)
        co_return ready.error();
    const auto result = co_await net::awaitIo([&stream](auto handler) {
        stream.async_handshake(asio::ssl::stream_base::client, std::move(handler));
    });
    if (!result.error) co_return Done{};
    const long verdict = SSL_get_verify_result(stream.native_handle());
    const std::string why =
        verdict != X509_V_OK ? X509_verify_cert_error_string(verdict) : result.error.message();
    co_return upstreamError(Code::UpstreamTlsError, Retry::NextTarget,
                            "No secure connection to " + origin.host + ": " + why +
                                ". Nothing was sent. If this server uses its own certificate, set ca_file.");
}

net::Task<Result<std::unique_ptr<Transport>>>
Connector::connect(const Origin& origin, std::shared_ptr<Attempt> attempt, Tunnel through)
{
    const auto proxy = parseProxy(origin.proxy);
    if (!origin.proxy.empty() && !proxy) {
        co_return upstreamError(
            Code::UpstreamConnectError, Retry::NextTarget,
            "The proxy setting is not a http:// or socks5:// address. Correct network.proxy.");
    }
    const std::string host = proxy ? proxy->host : origin.host;
    const std::uint16_t port = proxy ? proxy->port : origin.port;
    auto opened = co_await connectTcp(host, port, attempt);
    if (!opened) {
        if (proxy) opened.error().message = "Through the proxy: " + opened.error().message;
        co_return opened.error();
    }
    std::unique_ptr<Transport> transport = std::move(opened.value());
    transport->poolKey = origin.poolKey;
    Transport* raw = transport.get();
    attempt->abort = [raw] { raw->close(); };
    Outcome ready = Done{};
    const bool tunnelled = origin.tls || through == Tunnel::Always;
    if (proxy && (tunnelled || proxy->socks)) ready = co_await tunnel(*raw, *proxy, origin);
    if (ready && origin.tls) ready = co_await secure(*raw, origin);
    attempt->abort = nullptr;
    if (attempt->aborted) co_return cancelled();
    if (!ready) co_return ready.error();
    co_return transport;
}

} // namespace gateway::upstream
