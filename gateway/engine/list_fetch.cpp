// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/list_fetch.h"

#include "pipeline/model_lists.h"
#include "upstream/request_head.h"

namespace gateway::engine {

namespace {

constexpr std::size_t kMaxBytes = 32u << 20;
constexpr std::chrono::seconds kTotal{30};

Error failure(std::string message)
{
    return gatewayError(Code::UpstreamError, std::move(message));
}

net::Task<Result<std::string>> fetched(pipeline::ThreadContext& context, ListFetch& fetch)
{
    upstream::CallTimeouts timeouts;
    timeouts.firstByte = timeouts.idle = kTotal;
    timeouts.totalEnd = net::Clock::now() + kTotal;
    upstream::Call call(context.upstream, fetch.origin, timeouts);
    fetch.call = &call;
    std::string head;
    upstream::appendRequestHead(
        head, "GET", fetch.target, fetch.origin.authority(),
        {{"Accept", "application/json"}, {"Accept-Encoding", "identity"}, {"User-Agent", "Turnpike"}}, {});
    auto reply = co_await call.exchange(head, {});
    if (!reply) co_return reply.error();
    const int status = reply.value()->status;
    if (status != 200)
        co_return failure("The server answered with status " + std::to_string(status) + ". Try again later.");
    co_return co_await call.receiveAll(kMaxBytes);
}

} // namespace

void ListFetch::cancel()
{
    cancelled = true;
    if (call) call->cancel();
}

net::Detached fetchPublicList(pipeline::ThreadContext& context, std::shared_ptr<ListFetch> fetch,
                              std::function<void(Result<std::string>)> done)
{
    Result<std::string> result = failure("The look was cancelled.");
    try {
        if (!fetch->cancelled) {
            auto answer = co_await fetched(context, *fetch);
            if (!fetch->cancelled) result = std::move(answer);
        }
    } catch (const std::exception&) {
        result = failure("The list could not be read: memory ran out.");
    }
    fetch->call = nullptr;
    done(std::move(result));
}

net::Detached refreshAllLists(pipeline::ThreadContext& context,
                              std::shared_ptr<const pipeline::Runtime> runtime, std::function<void()> done)
{
    try {
        co_await pipeline::refreshModelLists(context, std::move(runtime), std::chrono::seconds(0));
    } catch (const std::exception&) {
        // Without memory there are no new lists; those there were stay.
    }
    done();
}

} // namespace gateway::engine
