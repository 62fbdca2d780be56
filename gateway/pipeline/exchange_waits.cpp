// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/exchange_waits.h"

#include <utility>

#include <boost/asio/post.hpp>

namespace gateway::pipeline {

namespace {

constexpr milliseconds kOriginWait{200}; // looking takes a few, but where the machine is busy

} // namespace

Error goneError()
{
    return clientError(Code::ClientCancelled, "The client closed the connection.");
}

void wakeSleepers(ThreadContext& context, const std::vector<std::shared_ptr<net::Signal>>& sleeps)
{
    for (const auto& sleep : sleeps)
        boost::asio::post(context.context, [sleep] { sleep->notify(); });
}

net::Task<bool> waitFor(const ExchangeWaits& waits, milliseconds time)
{
    if (time.count() <= 0) co_return !waits.isOver();
    const auto signal = std::make_shared<net::Signal>();
    bool expired = false;
    net::Deadline deadline(waits.context.deadlines, [&expired, signal] {
        expired = true;
        signal->notify();
    });
    deadline.setIn(time);
    waits.sleeps.push_back(signal);
    net::Signal& woken = *signal; // GCC 12 would wait for a copy of what `co_await *signal` names
    while (!expired && !waits.isOver())
        co_await woken;
    std::erase(waits.sleeps, signal);
    co_return !waits.isOver();
}

net::Task<void> waitForOrigin(const ExchangeWaits& waits, std::shared_ptr<ClientOrigin> origin)
{
    if (!origin || origin->facts()) co_return;
    const auto signal = std::make_shared<net::Signal>();
    origin->whenKnown(
        [signal, &home = waits.context.context] { boost::asio::post(home, [signal] { signal->notify(); }); });
    bool expired = false;
    net::Deadline deadline(waits.context.deadlines, [&expired, signal] {
        expired = true;
        signal->notify();
    });
    deadline.setIn(kOriginWait);
    waits.sleeps.push_back(signal);
    net::Signal& woken = *signal;
    while (!expired && !waits.isOver() && !origin->facts())
        co_await woken;
    std::erase(waits.sleeps, signal);
}

} // namespace gateway::pipeline
