// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include "base/head_scan.h"
#include "base/money.h"
#include "base/nearest_name.h"
#include "base/strings.h"
#include "config/address_rules.h"
#include "config/config_rules.h"

namespace gateway::config {

namespace {

constexpr std::size_t kMaxProviders = 200;
constexpr std::size_t kMaxKeysEach = 200;

bool isHeaderName(std::string_view name)
{
    return !name.empty() && name.size() <= 128 && std::all_of(name.begin(), name.end(), isTokenByte);
}

/// Fields that carry a key, or that the gateway itself answers for on the connection to a provider.
bool isReservedHeader(std::string_view name)
{
    constexpr std::array<std::string_view, 20> kReserved = {"authorization",
                                                            "proxy-authorization",
                                                            "x-api-key",
                                                            "api-key",
                                                            "x-goog-api-key",
                                                            "cookie",
                                                            "host",
                                                            "content-length",
                                                            "connection",
                                                            "keep-alive",
                                                            "te",
                                                            "trailer",
                                                            "upgrade",
                                                            "expect",
                                                            "transfer-encoding",
                                                            "content-type",
                                                            "content-encoding",
                                                            "accept-encoding",
                                                            "proxy-connection",
                                                            "x-portkey-api-key"};
    return std::any_of(kReserved.begin(), kReserved.end(),
                       [name](std::string_view reserved) { return equalsIgnoreCase(reserved, name); });
}

void checkKind(const std::string& path, const ProviderConfig& provider, ProblemList& problems)
{
    const std::vector<std::string> kinds = providerKinds();
    const std::string& kind = provider.kind;
    if (kind.empty())
        problems.error(path + ".kind", "Is missing. Allowed are " + alternatives(kinds) + ".");
    else if (!contains(kinds, kind))
        problems.error(path + ".kind", "Found " + quotedName(kind) + ", allowed are " + alternatives(kinds) +
                                           "." + didYouMean(kind, kinds));
    else if (provider.id.text == kSandbox && kind != kSandbox)
        problems.error(path + ".kind", "The name sandbox belongs to the built-in provider of kind sandbox.");
}

/// An example of the address that a provider of this kind needs; empty where there is a default.
std::string_view neededBaseUrl(std::string_view kind)
{
    if (kind == "openai-compatible") return "http://127.0.0.1:8000/v1";
    if (kind == "vertex")
        return "https://us-central1-aiplatform.googleapis.com/v1/projects/PROJECT/locations/us-central1";
    if (kind == "azure") return "https://RESOURCE.openai.azure.com/openai/v1";
    if (kind == "bedrock") return "https://bedrock-runtime.us-east-1.amazonaws.com";
    return {};
}

void checkBaseUrl(const std::string& path, const ProviderConfig& provider, ProblemList& problems)
{
    const std::string at = path + ".base_url";
    if (provider.baseUrl.empty()) {
        if (const std::string example(neededBaseUrl(provider.kind)); !example.empty())
            problems.error(at, "Is missing; a provider of kind " + provider.kind +
                                   " needs one, for example " + example + ".");
        return;
    }
    const auto parts = splitUrl(provider.baseUrl);
    const bool secure = parts && equalsIgnoreCase(parts->scheme, "https");
    if (!parts || (!secure && !equalsIgnoreCase(parts->scheme, "http")))
        problems.error(at, "Needs an absolute http:// or https:// address.");
    else if (parts->userInfo)
        problems.error(at, "Must not hold a user name or password; put the key into keys.");
    else if (parts->path.find_first_of("?#") != std::string_view::npos)
        problems.error(at, "Must not hold a query or a fragment.");
    else if (!secure && !isNearby(parts->host))
        problems.warn(at,
                      "The provider's key travels unencrypted; use https:// where the provider offers it.");
}

void checkProviderKeys(const std::string& path, const ProviderConfig& provider, ProblemList& problems)
{
    if (!checkCount(path + ".keys", provider.keys.size(), kMaxKeysEach, problems)) return;
    if (provider.keyOrder == KeyOrder::Undecided)
        problems.error(path + ".key_order", "Allowed are \"weight\" and \"listed\".");
    for (std::size_t i = 0; i < provider.keys.size(); ++i) {
        const ProviderKey& key = provider.keys[i];
        const std::string at = elementPath(path + ".keys", i);
        checkName(at + ".id", key.id.text, problems);
        checkRange(at + ".weight", key.weight, 1, 1000, problems);
        if (key.secret.kind == SecretKind::Undecided)
            problems.error(at + ".secret", "Is missing; needs keychain:NAME, env:VARIABLE or file:PATH.");
        for (std::size_t k = 0; k < i; ++k) {
            if (provider.keys[k].id == key.id) problems.error(at + ".id", "There are two keys of this id.");
        }
    }
    static constexpr std::array<std::string_view, 7> kKeyed = {"openai", "anthropic", "gemini", "vertex",
                                                               "azure",  "bedrock",   "cohere"};
    const bool needsKey = std::find(kKeyed.begin(), kKeyed.end(), provider.kind) != kKeyed.end();
    if (provider.keys.empty() && needsKey && !provider.local)
        problems.warn(path, "Has no key; add one to keys, or calls to it are refused.");
}

void checkPrice(const std::string& path, const std::optional<std::string>& price, ProblemList& problems)
{
    if (!price) return;
    constexpr std::int64_t kMostDollars = 1'000'000;
    const auto amount = Money::parse(*price);
    if (!amount || amount->nanos() < 0 || amount->nanos() > kMostDollars * Money::kNanosPerDollar)
        problems.error(path,
                       "Needs US dollars per million tokens from 0 to 1000000, with at most nine decimals.");
}

void checkModels(const std::string& path, const ProviderConfig& provider, ProblemList& problems)
{
    for (const ModelConfig& model : provider.models) {
        const std::string at = memberPath(path + ".models", model.name);
        if (!isModelName(model.name)) problems.error(at, "Needs a model name of 1 to 256 bytes.");
        if (!model.alias.empty() && !isModelName(model.alias))
            problems.error(at + ".alias", "Needs a model name of 1 to 256 bytes.");
        if (model.context) checkRange(at + ".context", *model.context, 1, 1'000'000'000, problems);
        checkRateLimits(at + ".limits", model.limits, problems);
        if (!model.price) continue;
        checkPrice(at + ".price.input", model.price->input, problems);
        checkPrice(at + ".price.output", model.price->output, problems);
        checkPrice(at + ".price.cache_read", model.price->cacheRead, problems);
        checkPrice(at + ".price.cache_write", model.price->cacheWrite, problems);
        checkPrice(at + ".price.cache_write_hour", model.price->cacheWriteHour, problems);
        checkPrice(at + ".price.reasoning", model.price->reasoning, problems);
        checkPrice(at + ".price.per_image", model.price->perImage, problems);
        checkPrice(at + ".price.per_second", model.price->perSecond, problems);
        checkPrice(at + ".price.per_request", model.price->perRequest, problems);
    }
}

void checkHeaders(const std::string& path, const ProviderConfig& provider, ProblemList& problems)
{
    for (const auto& [name, value] : provider.headers) {
        const std::string at = memberPath(path + ".headers", name);
        if (!isHeaderName(name))
            problems.error(at, "Is not the name of a header field.");
        else if (isReservedHeader(name))
            problems.error(at, "Must not be set here: the gateway sets " + quotedName(name) +
                                   " itself, and keys belong in keys.");
        const auto breaksField = [](char c) { return isControlByte(c) && c != '\t'; };
        if (std::any_of(value.begin(), value.end(), breaksField))
            problems.error(at, "The value must not hold control characters.");
    }
}

void checkDataPolicy(const std::string& path, const DataPolicy& policy, ProblemList& problems)
{
    if (policy.retentionDays)
        checkRange(path + ".retention_days", *policy.retentionDays, 0, 36'500, problems);
    if (policy.region.size() > 64 || hasControlByte(policy.region))
        problems.error(path + ".region", "Needs a text of at most 64 bytes.");
}

void checkPercent(const std::string& path, const std::optional<std::string>& text, int most,
                  ProblemList& problems)
{
    if (!text) return;
    const auto percent = Money::parse(*text); // the same decimals
    if (!percent || percent->nanos() < 0 || percent->nanos() > most * Money::kNanosPerDollar)
        problems.error(path, "Needs percent from 0 to " + std::to_string(most) + ".");
}

void checkHealthCheck(const std::string& path, const ProviderConfig& provider, ProblemList& problems)
{
    checkRange(path + ".every_seconds", provider.healthCheck->every.count(), 30, 86'400, problems);
    if (provider.kind == "bedrock" || provider.kind == kSandbox)
        problems.warn(path, "Has no effect: a provider of kind " + provider.kind +
                                " has no call that costs nothing.");
}

} // namespace

void checkProviders(const Config& config, ProblemList& problems)
{
    if (!checkCount("providers", config.providers.size(), kMaxProviders, problems)) return;
    for (std::size_t i = 0; i < config.providers.size(); ++i) {
        const ProviderConfig& provider = config.providers[i];
        const std::string path = memberPath("providers", provider.id.text);
        checkName(path, provider.id.text, problems);
        for (std::size_t k = 0; k < i; ++k) {
            if (config.providers[k].id == provider.id)
                problems.error(path, "There are two providers of this name.");
        }
        checkKind(path, provider, problems);
        checkBaseUrl(path, provider, problems);
        checkProviderKeys(path, provider, problems);
        checkModels(path, provider, problems);
        checkHeaders(path, provider, problems);
        if (provider.dataPolicy) checkDataPolicy(path + ".data_policy", *provider.dataPolicy, problems);
        if (!provider.proxy.empty()) checkProxy(path + ".proxy", provider.proxy, problems);
        if (!provider.caFile.empty() && (provider.caFile.front() != '/' || hasControlByte(provider.caFile)))
            problems.error(path + ".ca_file", "Needs the absolute path of a PEM file.");
        checkRetry(path + ".retry", provider.retry, problems);
        checkTimeout(path + ".timeout", provider.timeout, problems);
        checkRateLimits(path + ".limits", provider.limits, problems);
        checkPercent(path + ".discount_percent", provider.discountPercent, 100, problems);
        checkPercent(path + ".margin_percent", provider.marginPercent, 1000, problems);
        if (provider.healthCheck) checkHealthCheck(path + ".health_check", provider, problems);
    }
}

} // namespace gateway::config
