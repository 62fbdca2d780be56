// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/engine.h"

#include <algorithm>

#include <boost/asio/post.hpp>

#include "engine/provider_test.h"
#include "engine/trial.h"
#include "pipeline/route_meaning.h"

namespace gateway::engine {

namespace asio = boost::asio;

Engine::Engine(pipeline::Shared& shared, pipeline::RowSink& rows, std::uint32_t ioThreads)
{
    for (std::uint32_t i = 0; i < std::max(1u, ioThreads); ++i)
        m_threads.push_back(std::make_unique<IoThread>(m_workers, shared, rows));
}

Engine::~Engine()
{
    stop();
}

Result<std::uint16_t> Engine::listen(const std::string& host, std::uint16_t port, std::uint16_t tries)
{
    // A connection is placed before it is accepted, and stays on that thread; the pair of calls runs in turn
    // on the acceptor's thread.
    auto placed = std::make_shared<std::size_t>(0);
    auto acceptor = std::make_shared<listener::Acceptor>(
        m_threads.front()->context(),
        [this, placed]() -> asio::io_context& {
            *placed = m_next.fetch_add(1, std::memory_order_relaxed) % m_threads.size();
            return m_threads[*placed]->context();
        },
        [this, placed](asio::ip::tcp::socket socket) { m_threads[*placed]->serve(std::move(socket)); });
    Result<std::uint16_t> bound = acceptor->listen(host, port);
    for (std::uint16_t step = 1; !bound && bound.error().detail == "in_use" && step < tries && port != 0;
         ++step)
        bound = acceptor->listen(host, static_cast<std::uint16_t>(port + step));
    if (!bound) return bound;
    const std::shared_ptr<listener::Acceptor> old = std::exchange(m_acceptor, acceptor);
    if (m_started) {
        asio::post(m_threads.front()->context(), [old, acceptor] {
            acceptor->start();
            if (old) old->close();
        });
    }
    return bound;
}

void Engine::start(const std::shared_ptr<const pipeline::Runtime>& runtime)
{
    m_started = true;
    prepareMeanings(*runtime);
    for (const auto& thread : m_threads) {
        thread->setRuntime(runtime);
        thread->start();
    }
    asio::post(m_threads.front()->context(), [acceptor = m_acceptor] { acceptor->start(); });
}

void Engine::prepareMeanings(const pipeline::Runtime& runtime)
{
    for (const auto& meaning : runtime.meanings()) {
        // One by one: requests want the workers, too.
        for (std::size_t place = 0; place < meaning->size(); ++place)
            asio::post(m_workers, [this, place, held = std::weak_ptr(meaning)] {
                const auto wanted = m_preparing.load(std::memory_order_relaxed) ? held.lock() : nullptr;
                if (wanted) wanted->prepare(place);
            });
    }
}

void Engine::setRuntime(const std::shared_ptr<const pipeline::Runtime>& runtime)
{
    prepareMeanings(*runtime);
    for (const auto& thread : m_threads)
        thread->setRuntime(runtime);
}

void Engine::drain(std::function<void()> done)
{
    if (!m_started) {
        done();
        return;
    }
    asio::post(m_threads.front()->context(), [acceptor = m_acceptor] { acceptor->close(); });
    auto left = std::make_shared<std::atomic<std::size_t>>(m_threads.size());
    auto last = [left, done = std::move(done)] {
        if (left->fetch_sub(1) == 1) done();
    };
    for (const auto& thread : m_threads)
        thread->drain(last);
}

void Engine::stop()
{
    if (m_started) {
        asio::post(m_threads.front()->context(), [acceptor = m_acceptor] { acceptor->close(); });
        for (const auto& thread : m_threads)
            thread->stop();
        m_started = false;
    }
    m_preparing.store(false, std::memory_order_relaxed);
    m_workers.join();
}

void Engine::test(std::shared_ptr<const pipeline::ProviderRuntime> provider,
                  std::function<void(ProviderTest)> done)
{
    IoThread& thread = *m_threads.front();
    asio::post(thread.context(), [&thread, provider = std::move(provider), done = std::move(done)]() mutable {
        testProvider(thread.exchangeContext(), std::move(provider), std::move(done));
    });
}

void Engine::tryOut(std::string model, std::string text, std::function<void(TrialAnswer)> done)
{
    IoThread& thread = *m_threads.front();
    asio::post(thread.context(),
               [&thread, model = std::move(model), text = std::move(text), done = std::move(done)]() mutable {
                   runTrial(thread.exchangeContext(), std::move(model), std::move(text), std::move(done));
               });
}

void Engine::refreshLists(std::shared_ptr<const pipeline::Runtime> runtime, std::function<void()> done)
{
    IoThread& thread = *m_threads.front();
    asio::post(thread.context(), [&thread, runtime = std::move(runtime), done = std::move(done)]() mutable {
        refreshAllLists(thread.exchangeContext(), std::move(runtime), std::move(done));
    });
}

void Engine::fetch(std::shared_ptr<ListFetch> fetch, std::function<void(Result<std::string>)> done)
{
    IoThread& thread = *m_threads.front();
    asio::post(thread.context(), [&thread, fetch = std::move(fetch), done = std::move(done)]() mutable {
        fetchPublicList(thread.exchangeContext(), std::move(fetch), std::move(done));
    });
}

void Engine::cancel(std::shared_ptr<ListFetch> fetch)
{
    asio::post(m_threads.front()->context(), [fetch = std::move(fetch)] { fetch->cancel(); });
}

void Engine::check(std::shared_ptr<HealthCall> check)
{
    IoThread& thread = *m_threads.front();
    asio::post(thread.context(), [&thread, check = std::move(check)]() mutable {
        askForHealth(thread.exchangeContext(), std::move(check));
    });
}

void Engine::cancel(std::shared_ptr<HealthCall> check)
{
    asio::post(m_threads.front()->context(), [check = std::move(check)] { check->cancel(); });
}

} // namespace gateway::engine
