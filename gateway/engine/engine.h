// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/thread_pool.hpp>

#include "gateway/result.h"
#include "gateway/snapshot.h"

#include "engine/health_call.h"
#include "engine/io_thread.h"
#include "engine/list_fetch.h"
#include "listener/acceptor.h"
#include "pipeline/runtime.h"

namespace gateway::engine {

/// The threads and the listening socket. Owner's thread only; what it starts runs elsewhere.
class Engine {
public:
    Engine(pipeline::Shared& shared, pipeline::RowSink& rows, std::uint32_t ioThreads);
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;
    ~Engine();

    /// Binds the first free port of `tries` from `port` on. A second call moves: the new one listens before
    /// the old one closes.
    [[nodiscard]] Result<std::uint16_t> listen(const std::string& host, std::uint16_t port,
                                               std::uint16_t tries);
    void start(const std::shared_ptr<const pipeline::Runtime>& runtime);
    void setRuntime(const std::shared_ptr<const pipeline::Runtime>& runtime);
    /// Accepts nothing more; `done` is called on an IO thread when the last connection has ended.
    void drain(std::function<void()> done);
    void stop();

    /// A free call to a provider; `done` is called on an IO thread.
    void test(std::shared_ptr<const pipeline::ProviderRuntime> provider,
              std::function<void(ProviderTest)> done);
    /// A request from within, through the whole pipeline; `done` is called on an IO thread.
    void tryOut(std::string model, std::string text, std::function<void(TrialAnswer)> done);
    /// Asks every provider that can be asked for its list of models; `done` is called on an IO thread.
    void refreshLists(std::shared_ptr<const pipeline::Runtime> runtime, std::function<void()> done);
    /// Fetches a public list; `done` is called on an IO thread.
    void fetch(std::shared_ptr<ListFetch> fetch, std::function<void(Result<std::string>)> done);
    void cancel(std::shared_ptr<ListFetch> fetch);
    /// A free call that finds out how a provider is.
    void check(std::shared_ptr<HealthCall> check);
    void cancel(std::shared_ptr<HealthCall> check);

private:
    /// Tells what targets of routes are about that go by meaning, before a request has to wait for it.
    void prepareMeanings(const pipeline::Runtime& runtime);

    std::atomic<bool> m_preparing{true}; // false: nobody will ask any more
    boost::asio::thread_pool m_workers{1};
    std::vector<std::unique_ptr<IoThread>> m_threads;
    std::shared_ptr<listener::Acceptor> m_acceptor; // lives on the first IO thread once started
    std::atomic<std::size_t> m_next{0};
    bool m_started = false;
};

} // namespace gateway::engine
