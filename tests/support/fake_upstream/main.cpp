// SPDX-License-Identifier: GPL-3.0-or-later
// A scripted LLM provider in a process of its own, for tests. See README.md for what it can be told to do.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <sys/resource.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/ssl/context.hpp>

#include "session.h"
#include "text.h"

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

struct Options {
    unsigned short port = 0;
    std::string tlsCert;
    std::string tlsKey;
    bool record = true;
    bool valid = true;
};

Options parseOptions(int argc, char** argv)
{
    Options options;
    for (int i = 1; i < argc; ++i) {
        std::string name = argv[i];
        if (name == "--no-record") {
            options.record = false;
            continue;
        }
        const char* value = i + 1 < argc ? argv[++i] : nullptr;
        if (!value) {
            options.valid = false;
        } else if (name == "--port") {
            auto port = fake::parseNumber(value);
            options.valid = options.valid && port && *port < 65536;
            options.port = static_cast<unsigned short>(port.value_or(0));
        } else if (name == "--tls-cert") {
            options.tlsCert = value;
        } else if (name == "--tls-key") {
            options.tlsKey = value;
        } else {
            options.valid = false;
        }
    }
    options.valid = options.valid && options.tlsCert.empty() == options.tlsKey.empty();
    return options;
}

void raiseFileLimit()
{
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

/// Accepts until the process ends.
class Server {
public:
    Server(asio::io_context& io, const Options& options) : m_acceptor(io), m_shared(options.record) {}

    error_code listen(unsigned short port)
    {
        error_code error;
        tcp::endpoint where(asio::ip::address_v4::loopback(), port);
        m_acceptor.open(where.protocol(), error);
        if (!error) m_acceptor.set_option(tcp::acceptor::reuse_address(true), error);
        if (!error) m_acceptor.bind(where, error);
        if (!error) m_acceptor.listen(4096, error);
        return error;
    }

    error_code useTls(const Options& options)
    {
        m_tls = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
        error_code error;
        m_tls->use_certificate_chain_file(options.tlsCert, error);
        if (!error) m_tls->use_private_key_file(options.tlsKey, asio::ssl::context::pem, error);
        return error;
    }

    unsigned short port() const { return m_acceptor.local_endpoint().port(); }

    void accept()
    {
        m_acceptor.async_accept([this](const error_code& error, tcp::socket socket) {
            if (error == asio::error::operation_aborted) return;
            if (!error) {
                auto transport = m_tls ? fake::tlsTransport(std::move(socket), *m_tls)
                                       : fake::plainTransport(std::move(socket));
                std::make_shared<fake::Session>(std::move(transport), m_shared)->start();
            }
            accept();
        });
    }

private:
    tcp::acceptor m_acceptor;
    std::unique_ptr<asio::ssl::context> m_tls;
    fake::Shared m_shared;
};

int serve(const Options& options)
{
    asio::io_context io(1);
    Server server(io, options);
    if (!options.tlsCert.empty()) {
        if (auto error = server.useTls(options)) {
            std::fprintf(stderr, "fake_upstream: cannot use the certificate: %s\n", error.message().c_str());
            return 1;
        }
    }
    if (auto error = server.listen(options.port)) {
        std::fprintf(stderr, "fake_upstream: cannot listen on port %u: %s\n", options.port,
                     error.message().c_str());
        return 1;
    }
    server.accept();
    const char* scheme = options.tlsCert.empty() ? "http" : "https";
    std::printf("fake_upstream: ready on %s://127.0.0.1:%u\n", scheme, server.port());
    std::fflush(stdout);
    asio::signal_set signals(io, SIGTERM, SIGINT);
    // Tests end it like this all the time: no goodbye to open connections.
    signals.async_wait([](const error_code&, int) { std::_Exit(0); });
    io.run();
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    Options options = parseOptions(argc, argv);
    if (!options.valid) {
        std::fprintf(stderr,
                     "usage: fake_upstream [--port N] [--tls-cert FILE --tls-key FILE] [--no-record]\n");
        return 2;
    }
    std::signal(SIGPIPE, SIG_IGN);
    raiseFileLimit();
    return serve(options);
}
