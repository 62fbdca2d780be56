// SPDX-License-Identifier: GPL-3.0-or-later
// Routes and providers, and how they do.
#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <QByteArray>

#include "gateway/config_io.h"

#include "app/commands/admin_client.h"
#include "app/commands/answer_fields.h"
#include "app/commands/commands.h"
#include "app/commands/config_edit.h"
#include "app/commands/output.h"

namespace app {

namespace {

/// Entries as the administration has them, from it or from the configuration alone.
struct Listing {
    bool isLive = false;
    std::string why; // not live
    Json entries = Json::array();
};

using States = std::map<std::string, std::string, std::less<>>;

/// Nobody who could tell how they do: what is configured can be told even so.
bool isAbsence(const AdminFault& fault)
{
    return fault.kind == AdminFault::Kind::NotRunning || fault.kind == AdminFault::Kind::NoKey;
}

Json configuredProviders(const gateway::Config& config)
{
    Json entries = Json::array();
    for (const gateway::ProviderConfig& provider : config.providers) {
        Json keys = Json::array();
        for (const gateway::ProviderKey& key : provider.keys)
            keys.push_back({{"id", key.id.text}});
        entries.push_back({{"name", provider.id.text},
                           {"kind", provider.kind},
                           {"base_url", provider.baseUrl},
                           {"local", provider.local},
                           {"keys", keys}});
    }
    return entries;
}

/// With the members as the file has them.
Json configuredRoutes(const gateway::Config& config)
{
    Json entries = Json::array();
    for (const gateway::RouteConfig& route : config.routes) {
        Json entry = {{"name", route.id.text}};
        if (const Json members = Json::parse(gateway::routeText(route), nullptr, false); members.is_object())
            entry.update(members);
        entries.push_back(std::move(entry));
    }
    return entries;
}

std::string nameOfTarget(const Json& target)
{
    const std::string route = textIn(target, "route");
    return route.empty() ? textIn(target, "provider") + "/" + textIn(target, "model") : "route " + route;
}

std::string targetsText(const Json& route)
{
    std::string text;
    for (const Json& target : listIn(route, "targets"))
        text += (text.empty() ? "" : ", ") + nameOfTarget(target);
    return text;
}

/// "ready", or what does not do: "openai no_key".
std::string healthText(const Json& states)
{
    std::string text;
    for (const auto& each : states.items()) {
        const std::string state = textIn(states, each.key());
        if (state != "ready") text += (text.empty() ? "" : ", ") + each.key() + " " + state;
    }
    return text.empty() && !states.empty() ? "ready" : text;
}

Json statesOf(const Json& route, const States& all)
{
    Json states = Json::object();
    for (const Json& target : listIn(route, "targets")) {
        const auto found = all.find(textIn(target, "provider"));
        if (found != all.end()) states[found->first] = found->second;
    }
    return states;
}

States readStates(AdminClient& client)
{
    States states;
    const AdminAnswer answer = client.read("/providers", {"providers", NeededMember::Kind::Entries});
    if (const auto* said = std::get_if<Json>(&answer)) {
        for (const Json& provider : listIn(*said, "providers"))
            states.emplace(textIn(provider, "name"), textIn(provider, "state"));
    }
    return states;
}

/// "1 of 2 ready".
std::string keysText(const Json& provider, bool isLive)
{
    const Json keys = listIn(provider, "keys");
    std::string count = std::to_string(keys.size());
    if (!isLive || keys.empty()) return count;
    const auto ready = std::count_if(keys.begin(), keys.end(),
                                     [](const Json& key) { return textIn(key, "state") == "ready"; });
    return std::to_string(ready) + " of " + count + " ready";
}

/// Why a provider does not do, or else why a key of it does not.
std::string troubleText(const Json& provider)
{
    std::string text = textIn(provider, "problem");
    if (!text.empty()) return text;
    for (const Json& key : listIn(provider, "keys")) {
        const std::string problem = textIn(key, "problem");
        if (!problem.empty()) text += (text.empty() ? "" : "; ") + textIn(key, "id") + ": " + problem;
    }
    return text;
}

void tellSource(const Listing& listing)
{
    if (!listing.isLive) complain("from the configuration alone: " + listing.why);
}

void printListing(const Listing& listing, const char* member)
{
    Json json = {{"source", listing.isLive ? "server" : "configuration"}};
    if (!listing.isLive) json["reason"] = listing.why;
    json[member] = listing.entries;
    printJson(json);
}

/// What the running gateway says under `member`, or why nobody says it. Error: what has to be told.
std::variant<Listing, AdminFault> listingOf(AdminClient& client, const std::string& member)
{
    AdminAnswer answer =
        client.read(QByteArray::fromStdString("/" + member), {member.c_str(), NeededMember::Kind::Entries});
    if (auto* fault = std::get_if<AdminFault>(&answer)) {
        if (!isAbsence(*fault)) return std::move(*fault);
        return Listing{false, std::move(fault->message)};
    }
    return Listing{true, {}, listIn(std::get<Json>(answer), member)};
}

} // namespace

int runRoutes(const CommandLine& line)
{
    AdminClient client(line);
    auto found = listingOf(client, "routes");
    if (const auto* fault = std::get_if<AdminFault>(&found)) return failWith(*fault, line.json);
    Listing& routes = std::get<Listing>(found);
    if (routes.isLive) {
        const States states = readStates(client);
        for (Json& route : routes.entries)
            route["provider_states"] = statesOf(route, states);
    } else {
        const auto loaded = loadConfig(line.configPath);
        if (!loaded) return failWith(loaded.error(), line.json);
        routes.entries = configuredRoutes(loaded->config);
    }
    tellSource(routes);
    if (line.json) {
        printListing(routes, "routes");
        return kDone;
    }
    if (routes.entries.empty()) {
        complain("there are no routes yet; requests name a model of a provider");
        return kDone;
    }
    std::vector<std::vector<std::string>> rows;
    rows.reserve(routes.entries.size());
    for (const Json& route : routes.entries) {
        const std::string strategy = textIn(route, "strategy");
        rows.push_back({textIn(route, "name"), strategy.empty() ? "priority" : strategy, targetsText(route)});
        if (routes.isLive) rows.back().push_back(healthText(route["provider_states"]));
    }
    std::vector<std::string> head = {"NAME", "STRATEGY", "TARGETS"};
    if (routes.isLive) head.emplace_back("HEALTH");
    printTable(head, rows);
    return kDone;
}

int runProviders(const CommandLine& line)
{
    AdminClient client(line);
    auto found = listingOf(client, "providers");
    if (const auto* fault = std::get_if<AdminFault>(&found)) return failWith(*fault, line.json);
    Listing& providers = std::get<Listing>(found);
    if (!providers.isLive) {
        const auto loaded = loadConfig(line.configPath);
        if (!loaded) return failWith(loaded.error(), line.json);
        providers.entries = configuredProviders(loaded->config);
    }
    tellSource(providers);
    if (line.json) {
        printListing(providers, "providers");
        return kDone;
    }
    if (providers.entries.empty()) {
        complain("there are no providers yet; only the built-in sandbox can answer");
        return kDone;
    }
    std::vector<std::vector<std::string>> rows;
    rows.reserve(providers.entries.size());
    for (const Json& provider : providers.entries) {
        rows.push_back({textIn(provider, "name"), textIn(provider, "kind"), textIn(provider, "base_url"),
                        keysText(provider, providers.isLive)});
        if (!providers.isLive) continue;
        rows.back().push_back(std::to_string(numberIn(provider, "models")));
        rows.back().push_back(textIn(provider, "state"));
        rows.back().push_back(troubleText(provider));
    }
    std::vector<std::string> head = {"NAME", "KIND", "BASE URL", "KEYS"};
    if (providers.isLive) head.insert(head.end(), {"MODELS", "HEALTH", "PROBLEM"});
    printTable(head, rows);
    return kDone;
}

} // namespace app
