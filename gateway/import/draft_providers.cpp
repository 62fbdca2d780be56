// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include "base/redaction.h"
#include "base/strings.h"
#include "config/config_rules.h"
#include "config/problem_list.h"
#include "import/draft.h"
#include "import/foreign_names.h"

namespace gateway::imports {

namespace {

constexpr std::size_t kMaxProviders = 200;

/// An address without what makes no difference.
std::string_view plainAddress(std::string_view url)
{
    while (url.ends_with('/'))
        url.remove_suffix(1);
    if (url.ends_with("/v1")) url.remove_suffix(3);
    return url;
}

bool sameAddress(const std::string& kind, std::string_view left, std::string_view right)
{
    const catalog::Preset* preset = presets().find(kind);
    const auto full = [preset](std::string_view url) {
        return plainAddress(url.empty() && preset ? std::string_view(preset->baseUrl) : url);
    };
    return equalsIgnoreCase(full(left), full(right));
}

/// What is wrong with the provider by itself; empty when nothing is. What is only a warning does not count.
std::string problemOf(const ProviderConfig& provider)
{
    Config alone;
    alone.providers = {provider};
    config::ProblemList problems;
    config::checkProviders(alone, problems);
    for (const ConfigProblem& problem : problems.rows()) {
        if (problem.weight == ConfigProblem::Weight::Error) return problem.message;
    }
    return {};
}

} // namespace

std::optional<ProviderId> Draft::existing(const ProviderWish& wish) const
{
    for (const Made& made : m_made) {
        if (made.wish.kind == wish.kind && sameAddress(wish.kind, made.wish.baseUrl, wish.baseUrl) &&
            sameKey(made.wish.key, wish.key))
            return made.id;
    }
    // A key that stands in the file cannot be compared with one in the keychain.
    if (wish.key.kind == KeyChoice::Kind::Literal) return std::nullopt;
    for (const ProviderConfig& provider : m_imported.config.providers) {
        const bool ours = std::any_of(m_made.begin(), m_made.end(),
                                      [&provider](const Made& made) { return made.id == provider.id; });
        if (ours || provider.kind != wish.kind || !sameAddress(wish.kind, provider.baseUrl, wish.baseUrl))
            continue;
        const bool hasKey =
            std::any_of(provider.keys.begin(), provider.keys.end(),
                        [&wish](const ProviderKey& key) { return key.secret == wish.key.ref; });
        if (hasKey || wish.key.kind == KeyChoice::Kind::Elsewhere ||
            (wish.key.kind == KeyChoice::Kind::None && provider.keys.empty()))
            return provider.id;
    }
    return std::nullopt;
}

ProviderKey Draft::makeKey(const ProviderWish& wish, const std::string& provider)
{
    ProviderKey key;
    key.id = ProviderKeyId("imported");
    key.secret = wish.key.ref;
    if (wish.key.kind == KeyChoice::Kind::Reference) return key;
    std::string name = provider + "/imported";
    for (std::size_t number = 2; !m_secretNames.insert(name).second; ++number)
        name = provider + "/imported-" + std::to_string(number);
    key.secret = {SecretKind::Keychain, name};
    m_imported.secrets.push_back({name, provider, wish.key.literal});
    return key;
}

void Draft::tellKey(const ProviderWish& wish, const std::string& provider)
{
    const ProviderConfig* made = config().findProvider(provider);
    if (!made || !wish.keyFrom || m_told.count(wish.keyFrom) > 0) return;
    if (made->keys.empty())
        left(*wish.keyFrom, "Is not needed here, or no key.");
    else
        mapped(*wish.keyFrom, config::memberPath("providers", provider) + ".keys",
               made->keys.front().secret.text());
}

std::optional<ProviderId> Draft::provider(const ProviderWish& wish)
{
    auto found = existing(wish);
    if (found) {
        if (wish.from && m_told.count(wish.from) == 0)
            mapped(*wish.from, config::memberPath("providers", found->text));
        tellKey(wish, found->text);
        return found;
    }
    ProviderConfig made;
    made.kind = wish.kind;
    made.baseUrl = wish.baseUrl;
    made.local = wish.local;
    // Its name is taken only when all else is right.
    made.id = ProviderId("probe");
    std::string problem = problemOf(made);
    if (wish.key.kind == KeyChoice::Kind::Unreadable) problem = "Its key is no single line, or no variable.";
    if (config().providers.size() >= kMaxProviders) problem = "There are too many providers.";
    if (!problem.empty()) {
        if (wish.from) left(*wish.from, "The provider cannot be taken over. " + withoutKeys(problem));
        return std::nullopt;
    }
    const std::string wanted = asName(wish.name, "imported");
    std::string name = wanted;
    for (std::size_t number = 2; !m_providerNames.insert(name).second; ++number)
        name = wanted + "-" + std::to_string(number);
    made.id = ProviderId(name);
    if (wish.key.kind != KeyChoice::Kind::None) made.keys.push_back(makeKey(wish, name));
    config().providers.push_back(std::move(made));
    m_made.push_back({wish, ProviderId(name)});
    if (wish.from)
        mapped(*wish.from, config::memberPath("providers", name),
               name == wish.name ? std::string()
                                 : "Is called " + config::quotedName(name) +
                                       " here: the name was taken, or cannot be one.");
    tellKey(wish, name);
    return ProviderId(name);
}

void Draft::addModel(const ProviderId& provider, ModelConfig model, const FileValue& from)
{
    const auto made = std::find_if(config().providers.begin(), config().providers.end(),
                                   [&provider](const ProviderConfig& each) { return each.id == provider; });
    const bool ours = std::any_of(m_made.begin(), m_made.end(),
                                  [&provider](const Made& each) { return each.id == provider; });
    if (!ours || made == config().providers.end()) {
        left(from, "The provider was there before and is left as it is.");
        return;
    }
    const auto known = std::find_if(made->models.begin(), made->models.end(),
                                    [&model](const ModelConfig& each) { return each.name == model.name; });
    const std::string path =
        config::memberPath(config::memberPath("providers", provider.text) + ".models", model.name);
    if (known != made->models.end()) {
        mapped(from, path);
        return;
    }
    ProviderConfig alone;
    alone.id = ProviderId("probe");
    alone.kind = "openai";
    alone.models = {model};
    if (const std::string problem = problemOf(alone); !problem.empty()) return left(from, problem);
    made->models.push_back(std::move(model));
    mapped(from, path);
}

} // namespace gateway::imports
