// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/provider_test.h"

#include "base/json_scan.h"
#include "base/json_text.h"
#include "base/redaction.h"
#include "base/strings.h"
#include "base/wall_clock.h"
#include "dialect/dialect.h"
#include "pipeline/model_lists.h"

namespace gateway::engine {

namespace {

constexpr std::size_t kMaxQuoted = 300;
constexpr std::size_t kMaxOwner = 64;
constexpr std::chrono::seconds kTestPatience{15};

/// Who a list of models says that the first of them belongs to.
std::string ownerIn(std::string_view body)
{
    std::string owner;
    forEachElement(memberValue(body, "data"), [&owner](std::string_view element, JsonKind) {
        owner = decodeJsonString(memberValue(element, "owned_by")).value_or(std::string());
        return false;
    });
    return owner.size() <= kMaxOwner ? owner : std::string();
}

void readAnswer(const pipeline::ProviderRuntime& provider, std::string_view body,
                const std::vector<std::string_view>& secrets, ProviderTest& test)
{
    JsonDocument document;
    const bool isJson = !scanJson(body, document) && document.root == JsonKind::Object;
    if (test.status >= 200 && test.status <= 299 && isJson) {
        test.ok = true;
        if (provider.kind->listsItsModels()) test.models = pipeline::modelIds(body);
        test.hasList = jsonKindOf(memberValue(body, "data")) == JsonKind::Array ||
                       jsonKindOf(memberValue(body, "models")) == JsonKind::Array;
        test.owner = ownerIn(body);
        test.message = provider.kind->listsItsModels()
                           ? "The key works; " + std::to_string(test.models.size()) + " models."
                           : "The key works. Which of its models can be called, the provider does not list.";
        return;
    }
    if (isJson) {
        const std::string said = dialect::dialectOf(provider.kind->dialect({})).readError(body).message;
        // In this order: of a key that is cut in two, half would stay.
        test.detail = shortened(withoutSecrets(said, secrets), kMaxQuoted);
    }
    if (test.status == 401 || test.status == 403)
        test.message = "The provider refuses this key. Check that it is complete and active.";
    else if (test.status == 402)
        test.message =
            "The credit of this key's account is used up. Add some at the provider, then test again.";
    else if (test.status == 404)
        test.message = "There is no model list at this address. Check the base URL.";
    else if (test.status == 429)
        test.message = "The key works, but its rate limit or credit is used up for now.";
    else
        test.message =
            "The provider answered with status " + std::to_string(test.status) + ". Try again later.";
}

} // namespace

net::Detached testProvider(pipeline::ThreadContext& context,
                           std::shared_ptr<const pipeline::ProviderRuntime> provider,
                           std::function<void(ProviderTest)> done)
{
    ProviderTest test;
    test.provider = provider->config.id;
    if (provider->kind->inProcess()) {
        test.ok = true;
        test.message = "The sandbox answers on this machine and needs no key.";
        done(std::move(test));
        co_return;
    }
    const pipeline::ProviderKeyRuntime* key = nullptr;
    for (const auto& each : provider->keys) {
        if (!key && !each.secret.empty()) key = &each;
    }
    if (!key && provider->kind->needsKey()) {
        test.message = provider->keys.empty() ? "This provider has no key yet. Add one."
                                              : provider->keys.front().problem;
        done(std::move(test));
        co_return;
    }
    if (provider->kind->modelsPath(provider->base.path).empty()) {
        test.ok = true;
        test.message = "A key is there, but it was not tried: this provider has no call that costs nothing.";
        done(std::move(test));
        co_return;
    }
    std::vector<std::string_view> secrets;
    if (key) secrets = provider->kind->secretParts(key->secret);
    const auto start = net::Clock::now();
    try {
        const auto reply =
            co_await pipeline::askForModels(context, *provider, {kTestPatience, kTestPatience});
        test.status = reply.status;
        if (reply.status == 0)
            test.message = withoutSecrets(reply.problem, secrets);
        else
            readAnswer(*provider, reply.body, secrets, test);
    } catch (const std::exception&) {
        test.message = "The test could not be carried out: memory ran out.";
    }
    test.micros = std::chrono::duration_cast<std::chrono::microseconds>(net::Clock::now() - start).count();
    if (key) {
        const bool refused = test.status == 401 || test.status == 402 || test.status == 403;
        if (test.ok && key->health) key->health->restore();
        if (refused && key->health) key->health->refuse(nowMicros(), test.status);
    }
    done(std::move(test));
}

} // namespace gateway::engine
