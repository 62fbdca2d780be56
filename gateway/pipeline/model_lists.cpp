// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/model_lists.h"

#include "base/json_scan.h"
#include "base/json_text.h"
#include "base/wall_clock.h"
#include "upstream/request_head.h"

namespace gateway::pipeline {

namespace {

constexpr std::size_t kMaxList = 8u << 20;
constexpr std::size_t kMaxModels = 20'000;
constexpr std::size_t kMaxName = 256; // longer ones no client could ask for
constexpr milliseconds kRefreshPatience{2'000};

std::string_view noField(const void*, std::string_view)
{
    return {};
}

const ProviderKeyRuntime* readableKey(const ProviderRuntime& provider)
{
    for (const ProviderKeyRuntime& key : provider.keys) {
        if (!key.secret.empty()) return &key;
    }
    return nullptr;
}

std::string headFor(const ProviderRuntime& provider, const Secret& secret)
{
    upstream::RequestFields fields{
        {"Accept", "application/json"}, {"Accept-Encoding", "identity"}, {"User-Agent", "Turnpike"}};
    provider.kind->addFields(fields, nullptr, noField);
    for (const auto& field : provider.config.headers)
        fields.push_back(field);
    const std::string target = provider.kind->modelsPath(provider.base.path);
    const provider::CallBytes call{"GET", provider.authority, target, fields, {}, nowSeconds()};
    std::string secretLines = secret.empty() ? std::string() : provider.kind->authLines(secret, call);
    std::string head;
    upstream::appendRequestHead(head, "GET", target, provider.authority, fields, secretLines);
    wipe(secretLines);
    return head;
}

/// Google says "models/NAME" and "publishers/google/models/NAME".
void withoutCollection(std::string& name)
{
    constexpr std::string_view kModels = "models/";
    const auto at = name.starts_with(kModels) ? 0 : name.find("/models/");
    if (at == 0)
        name.erase(0, kModels.size());
    else if (name.starts_with("publishers/") && at != std::string::npos)
        name.erase(0, at + 1 + kModels.size());
}

/// Shows who asks where a call is for as long as that lives.
class Shown {
public:
    Shown(upstream::Call** slot, upstream::Call& call) : m_slot(slot)
    {
        if (m_slot) *m_slot = &call;
    }
    Shown(const Shown&) = delete;
    Shown& operator=(const Shown&) = delete;
    ~Shown()
    {
        if (m_slot) *m_slot = nullptr;
    }

private:
    upstream::Call** m_slot;
};

net::Task<ModelListReply> fetchList(ThreadContext& context, const ProviderRuntime& provider, ListAsk ask)
{
    ModelListReply result;
    upstream::CallTimeouts timeouts;
    timeouts.connect = ask.connect;
    timeouts.firstByte = timeouts.idle = ask.firstByte;
    timeouts.totalEnd = net::Clock::now() + ask.connect + ask.firstByte;
    upstream::Call call(context.upstream, provider.base.origin, timeouts);
    const Shown shown(ask.call, call);
    Secret secret;
    result.key = readableKey(provider);
    if (result.key) {
        auto proof = co_await provingSecret(context, provider, *result.key);
        if (!proof) {
            result.problem = proof.error().message;
            result.unproven = true;
            co_return result;
        }
        secret = std::move(proof.value());
    }
    std::string head = headFor(provider, secret);
    auto reply = co_await call.exchange(head, {});
    wipe(head);
    if (!reply) {
        result.problem = reply.error().message;
        co_return result;
    }
    const int status = reply.value()->status;
    auto body = co_await call.receiveAll(kMaxList);
    if (!body) {
        result.problem = body.error().message;
        co_return result;
    }
    result.status = status;
    result.body = std::move(body.value());
    co_return result;
}

struct Refresh {
    net::Signal done;
    std::size_t left = 0;
    bool came = false;
};

net::Detached refreshOne(ThreadContext& context, std::shared_ptr<const ProviderRuntime> provider,
                         std::shared_ptr<Refresh> refresh)
{
    try {
        const ModelListReply reply =
            co_await askForModels(context, *provider, {kRefreshPatience, kRefreshPatience});
        refresh->came = refresh->came || (reply.status >= 200 && reply.status <= 299);
    } catch (const std::exception&) {
        // Without memory there is no list; who waits goes on with those there were.
    }
    if (--refresh->left == 0) refresh->done.notify();
}

} // namespace

std::vector<std::string> modelIds(std::string_view body)
{
    std::vector<std::string> ids;
    const auto read = [&](std::string_view list, std::string_view name) {
        forEachElement(memberValue(body, list), [&](std::string_view element, JsonKind) {
            auto id = decodeJsonString(memberValue(element, name));
            if (id && list != "data") withoutCollection(*id);
            if (id && !id->empty() && id->size() <= kMaxName) ids.push_back(std::move(*id));
            return ids.size() < kMaxModels;
        });
    };
    read("data", "id");
    if (ids.empty()) read("models", "name");
    if (ids.empty()) read("publisherModels", "name");
    return ids;
}

net::Task<ModelListReply> askForModels(ThreadContext& context, const ProviderRuntime& provider, ListAsk ask)
{
    ModelListReply reply = co_await fetchList(context, provider, ask);
    if (!provider.state || !provider.kind->listsItsModels()) co_return reply;
    JsonDocument document;
    const bool came = reply.status >= 200 && reply.status <= 299 && !scanJson(reply.body, document) &&
                      document.root == JsonKind::Object;
    if (came)
        provider.state->list.set(modelIds(reply.body));
    else
        provider.state->list.miss();
    co_return reply;
}

net::Task<bool> refreshModelLists(ThreadContext& context, std::shared_ptr<const Runtime> runtime,
                                  std::chrono::seconds maxAge)
{
    const auto refresh = std::make_shared<Refresh>();
    std::vector<const ProviderRuntime*> stale;
    for (const ProviderRuntime& provider : runtime->providers) {
        const bool listed = !provider.kind->inProcess() && provider.kind->listsItsModels() &&
                            !provider.kind->modelsPath(provider.base.path).empty();
        const bool askable =
            provider.state && listed && (readableKey(provider) || !provider.kind->needsKey());
        if (askable && provider.state->list.claim(maxAge)) stale.push_back(&provider);
    }
    refresh->left = stale.size();
    if (stale.empty()) co_return false;
    for (const ProviderRuntime* provider : stale)
        refreshOne(context, std::shared_ptr<const ProviderRuntime>(runtime, provider), refresh);
    net::Signal& done = refresh->done;
    while (refresh->left > 0)
        co_await done;
    co_return refresh->came;
}

} // namespace gateway::pipeline
