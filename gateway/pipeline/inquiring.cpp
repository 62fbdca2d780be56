// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/inquiring.h"

#include <utility>

#include "base/wall_clock.h"
#include "meaning/own_embedder.h"
#include "net/deadline.h"
#include "net/offload.h"
#include "pipeline/generate_exchange.h"
#include "pipeline/modal_exchange.h"
#include "upstream/request_head.h"

namespace gateway::pipeline {

namespace {

constexpr std::size_t kMostReply = std::size_t{1} << 20;

/// Keeps the answer that a client would get.
class ReplyKeeper : public listener::Responder {
public:
    net::Task<bool> send(const listener::Answer& answer) override
    {
        m_reply.status = answer.status;
        m_reply.body = answer.body;
        co_return true;
    }
    net::Task<bool> begin(const listener::Answer& head, std::string_view first) override
    {
        m_reply.status = head.status;
        return write(first);
    }
    net::Task<bool> write(std::string_view bytes) override
    {
        m_reply.body.append(bytes);
        co_return m_reply.body.size() <= kMostReply;
    }
    net::Task<bool> finish(std::string_view last) override { return write(last); }
    void cut() override { m_reply.status = 0; }
    [[nodiscard]] bool gone() const override { return false; }
    [[nodiscard]] InquiryReply& reply() { return m_reply; }

private:
    InquiryReply m_reply;
};

/// A body that is there already.
class WholeBody : public listener::RequestBody {
public:
    explicit WholeBody(std::string_view bytes) : m_bytes(bytes) {}
    net::Task<Result<std::string_view>> nextPart() override { co_return std::exchange(m_bytes, {}); }

private:
    std::string_view m_bytes;
};

Error notInTime(const guardrail::Inquiry& inquiry)
{
    return gatewayError(Code::UpstreamTimeout,
                        "Nobody answered within " + std::to_string(inquiry.timeout.count()) + " ms.");
}

/// Runs a request to a model as if a client had sent it.
net::Task<Result<InquiryReply>> askModel(ThreadContext& context, std::shared_ptr<const Runtime> runtime,
                                         const guardrail::Inquiry& inquiry, InquiryUnderWay& underWay)
{
    listener::RequestHead head;
    head.method = "POST";
    head.target = head.path = inquiry.path;
    head.contentLength = inquiry.body.size();
    head.hasContentLength = true;
    const Endpoint endpoint = findEndpoint(head.path);
    const Admitted admitted{head, endpoint, runtime, nullptr, nextRequestId(nowMicros())};
    std::unique_ptr<TargetExchange> exchange;
    if (endpoint.kind == EndpointKind::Generate)
        exchange = std::make_unique<GenerateExchange>(context, admitted);
    else
        exchange = std::make_unique<ModalExchange>(context, admitted);
    exchange->askForGuardrail(underWay.trace);
    bool late = false;
    net::Deadline deadline(context.deadlines, [&] {
        late = true;
        exchange->cancel();
    });
    deadline.setIn(inquiry.timeout);
    underWay.cancel = [&exchange] { exchange->cancel(); };
    ReplyKeeper keeper;
    WholeBody body(inquiry.body);
    if (exchange->takesParts())
        co_await exchange->runInParts(body, keeper);
    else
        co_await exchange->run(inquiry.body, keeper);
    underWay.cancel = nullptr;
    deadline.clear();
    if (late) co_return notInTime(inquiry);
    co_return std::move(keeper.reply());
}

net::Task<Result<InquiryReply>> askAddress(ThreadContext& context, const InquiryAddress& address,
                                           const guardrail::Inquiry& inquiry, InquiryUnderWay& underWay)
{
    upstream::CallTimeouts timeouts;
    timeouts.connect = timeouts.firstByte = timeouts.idle = inquiry.timeout;
    timeouts.totalEnd = net::Clock::now() + inquiry.timeout;
    upstream::Call call(context.upstream, address.base.origin, timeouts);
    underWay.cancel = [&call] { call.cancel(); };
    upstream::RequestFields fields{
        {"Accept", "application/json"}, {"Accept-Encoding", "identity"}, {"User-Agent", "Turnpike"}};
    if (!inquiry.isGet) {
        fields.push_back({"Content-Type", "application/json"});
        fields.push_back({"Content-Length", std::to_string(inquiry.body.size())});
    }
    for (auto& each : address.rule->check->fields())
        fields.push_back(std::move(each));
    std::string line = address.secret.empty()
                           ? std::string()
                           : "Authorization: Bearer " + std::string(address.secret.reveal());
    std::string head;
    upstream::appendRequestHead(head, inquiry.isGet ? "GET" : "POST",
                                address.base.path.empty() ? "/" : address.base.path,
                                address.base.origin.authority(), fields, line);
    wipe(line);
    auto reply = co_await call.exchange(head, inquiry.body);
    wipe(head);
    Result<std::string> body = std::string();
    if (reply) body = co_await call.receiveAll(kMostReply);
    underWay.cancel = nullptr;
    if (!reply) co_return reply.error();
    if (!body) co_return body.error();
    co_return InquiryReply{reply.value()->status, std::move(body.value())};
}

/// The list of a check's address, which is then kept.
net::Task<Result<std::shared_ptr<const std::string>>>
freshList(ThreadContext& context, std::shared_ptr<const Runtime> runtime, const guardrail::Rule& rule,
          const guardrail::Inquiry& inquiry, InquiryUnderWay& underWay)
{
    // Nothing of what is judged by it goes there.
    const guardrail::Inquiry asked{{}, {}, inquiry.timeout, true};
    if (!runtime->addressOf(rule))
        co_return gatewayError(Code::Internal, "The guardrail's address cannot be read.");
    auto reply = co_await inquire(context, std::move(runtime), rule, asked, underWay);
    if (!reply) co_return std::move(reply.error());
    if (!rule.check->isKept(reply->status, reply->body))
        co_return gatewayError(Code::Internal, "The guardrail's address answered with status " +
                                                   std::to_string(reply->status) + " and no list of keys.");
    auto& lists = context.shared.keptLists;
    lists.keep(rule.check->address(), std::move(reply->body), KeptLists::Clock::now());
    co_return lists.find(rule.check->address(), rule.check->keptFor(), KeptLists::Clock::now());
}

net::Task<guardrail::Opinion> judgedBy(ThreadContext& context, const guardrail::Rule& rule,
                                       const guardrail::Inquiry& inquiry,
                                       std::shared_ptr<const std::string> list)
{
    co_return co_await net::offload(context.pool, context.context, [&rule, &inquiry, &list] {
        return rule.check->judgeBy(*list, inquiry, nowSeconds());
    });
}

net::Task<Result<guardrail::Opinion>>
keptOpinionOf(ThreadContext& context, std::shared_ptr<const Runtime> runtime, const guardrail::Rule& rule,
              const guardrail::Inquiry& inquiry, InquiryUnderWay& underWay)
{
    guardrail::Opinion unasked = rule.check->judgeUnasked(inquiry);
    if (unasked.alarm) co_return unasked;
    auto& lists = context.shared.keptLists;
    const std::string_view address = rule.check->address();
    if (const auto list = lists.find(address, rule.check->keptFor(), KeptLists::Clock::now())) {
        guardrail::Opinion opinion = co_await judgedBy(context, rule, inquiry, list);
        if (!opinion.unknownKey || !lists.mayAskAnew(address, KeptLists::Clock::now())) co_return opinion;
    }
    auto list = co_await freshList(context, std::move(runtime), rule, inquiry, underWay);
    if (!list) co_return std::move(list.error());
    if (!list.value()) co_return gatewayError(Code::Internal, "The list of keys cannot be kept.");
    co_return co_await judgedBy(context, rule, inquiry, std::move(list.value()));
}

} // namespace

net::Task<Result<InquiryReply>> inquire(ThreadContext& context, std::shared_ptr<const Runtime> runtime,
                                        const guardrail::Rule& rule, const guardrail::Inquiry& inquiry,
                                        InquiryUnderWay& underWay)
{
    const InquiryAddress* address = runtime->addressOf(rule);
    if (!address) co_return co_await askModel(context, runtime, inquiry, underWay);
    if (rule.config.secret && address->secret.empty())
        co_return gatewayError(Code::ProviderKeyUnavailable,
                               "The secret of the guardrail `" + rule.config.id.text + "` cannot be read.");
    co_return co_await askAddress(context, *address, inquiry, underWay);
}

net::Task<Result<guardrail::Opinion>> opinionOf(ThreadContext& context,
                                                std::shared_ptr<const Runtime> runtime,
                                                const guardrail::Rule& rule,
                                                const guardrail::Inquiry& inquiry, InquiryUnderWay& underWay)
{
    if (rule.kind->ponders)
        co_return co_await net::offload(context.pool, context.context, [&rule, &inquiry] {
            return rule.check->ponder(inquiry.body, meaning::ownEmbedder());
        });
    if (rule.kind->keeps)
        co_return co_await keptOpinionOf(context, std::move(runtime), rule, inquiry, underWay);
    auto reply = co_await inquire(context, std::move(runtime), rule, inquiry, underWay);
    if (!reply) co_return std::move(reply.error());
    co_return rule.check->read(reply->status, reply->body);
}

} // namespace gateway::pipeline
