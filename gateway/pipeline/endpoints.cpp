// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/endpoints.h"

#include <array>
#include <optional>
#include <utility>

#include "base/strings.h"
#include "dialect/dialect.h"

namespace gateway::pipeline {

namespace {

struct OpenRow {
    std::string_view path;
    EndpointKind kind;
    std::string_view allow;
    bool open;
};

constexpr std::array kRoot{
    OpenRow{"/", EndpointKind::Greeting, "GET, HEAD", true},
    OpenRow{"/api/hello", EndpointKind::Greeting, "GET, HEAD", true},
    OpenRow{"/health", EndpointKind::Health, "GET, HEAD", true},
    OpenRow{"/ready", EndpointKind::Ready, "GET, HEAD", true},
    OpenRow{"/metrics", EndpointKind::Metrics, "GET, HEAD", false},
    OpenRow{"/openapi.json", EndpointKind::OpenApi, "GET, HEAD", false},
};

constexpr std::string_view kResponses = "/responses";

bool take(std::string_view& path, std::string_view prefix)
{
    if (!path.starts_with(prefix) || (path.size() > prefix.size() && path[prefix.size()] != '/'))
        return false;
    path.remove_prefix(prefix.size());
    return true;
}

/// The model that stands in the path, empty where the rule has none there; nothing when the rule is for
/// another path.
std::optional<std::string_view> match(const dialect::PathRule& rule, std::string_view versionless,
                                      std::string_view path)
{
    using Root = dialect::PathRule::Root;
    if (rule.root == Root::Beta && !take(path, "/v1beta") && !take(path, "/v1")) return std::nullopt;
    if (rule.root == Root::Versioned) path = versionless;
    if (rule.after.empty()) {
        if (path != rule.path) return std::nullopt;
        return std::string_view();
    }
    if (path.size() <= rule.path.size() + rule.after.size() || !path.starts_with(rule.path) ||
        !path.ends_with(rule.after))
        return std::nullopt;
    return path.substr(rule.path.size(), path.size() - rule.path.size() - rule.after.size());
}

bool asksForEvents(std::string_view query)
{
    for (const std::string_view part : splitAt(query, '&')) {
        if (part == "alt=sse") return true;
    }
    return false;
}

bool findCall(std::string_view versionless, std::string_view path, std::string_view query, Endpoint& found)
{
    for (const dialect::Dialect* each : dialect::allDialects()) {
        for (const dialect::PathRule& rule : each->paths()) {
            const auto model = match(rule, versionless, path);
            if (!model) continue;
            found.kind = EndpointKind::Generate;
            found.dialect = each->id();
            found.operation = rule.operation;
            found.allow = "POST";
            found.stream = rule.stream;
            found.batch = rule.batch;
            found.jsonArray = rule.stream && !asksForEvents(query);
            found.rest = *model;
            return true;
        }
    }
    return false;
}

/// The prefix of a dialect whose clients have one of their own before every path.
DialectId takePrefix(std::string_view& path)
{
    if (take(path, "/anthropic")) return DialectId::AnthropicMessages;
    if (take(path, "/gemini")) return DialectId::Gemini;
    if (take(path, "/ollama")) return DialectId::Ollama;
    take(path, "/openai");
    return DialectId::OpenAiChat;
}

bool findOllamaAsk(std::string_view path, Endpoint& found)
{
    if (path == "/api/tags") {
        found.kind = EndpointKind::OllamaTags;
    } else if (path == "/api/show") {
        found.kind = EndpointKind::OllamaShow;
    } else if (path == "/api/version") {
        found.kind = EndpointKind::OllamaVersion;
    } else if (path == "/api/ps") {
        found.kind = EndpointKind::OllamaRunning;
    } else {
        return false;
    }
    found.dialect = DialectId::Ollama;
    found.allow = found.kind == EndpointKind::OllamaShow ? "POST" : "GET, HEAD";
    return true;
}

bool findList(std::string_view path, std::string_view query, Endpoint& found)
{
    take(path, "/v1beta");
    if (path == "/models") {
        found.kind = EndpointKind::Models;
        found.codex =
            query.starts_with("client_version=") || query.find("&client_version=") != std::string_view::npos;
    } else if (path.starts_with("/models/") && path.size() > 8) {
        found.kind = EndpointKind::Model;
        found.rest = path.substr(8);
    } else {
        return false;
    }
    found.allow = "GET, HEAD";
    return true;
}

/// `/responses/{id}`, `/responses/{id}/input_items`, `/responses/{id}/cancel`.
bool findKept(std::string_view path, Endpoint& found)
{
    if (!take(path, kResponses) || path.size() < 2) return false;
    found.dialect = DialectId::OpenAiResponses;
    path.remove_prefix(1);
    const auto slash = path.find('/');
    const std::string_view id = path.substr(0, slash);
    const std::string_view after =
        slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
    if (id.empty() || (slash != std::string_view::npos && after != "input_items" && after != "cancel"))
        return false;
    found.kind = EndpointKind::KeptResponse;
    found.rest = id;
    found.after = after;
    found.allow = after.empty() ? "GET, HEAD, DELETE" : after == "cancel" ? "POST" : "GET, HEAD";
    return true;
}

} // namespace

Endpoint findEndpoint(std::string_view path, std::string_view query)
{
    Endpoint found;
    for (const OpenRow& row : kRoot) {
        if (row.path == path) {
            found.kind = row.kind;
            found.allow = row.allow;
            found.open = row.open;
            return found;
        }
    }
    if (path.starts_with("/admin/")) {
        found.kind = EndpointKind::Admin;
        return found;
    }
    found.dialect = takePrefix(path);
    std::string_view versionless = path;
    if (path.starts_with("/v1beta/")) found.dialect = DialectId::Gemini;
    found.openRouter = take(versionless, "/api/v1");
    if (!found.openRouter && take(versionless, "/v1")) found.doubled = versionless.starts_with("/v1/");
    if (findCall(versionless, path, query, found) || findOllamaAsk(path, found) ||
        findList(versionless, query, found)) {
        found.webSocket = versionless == kResponses;
        return found;
    }
    if (versionless == "/realtime") {
        found.kind = EndpointKind::Realtime;
        found.allow = "GET";
        found.webSocket = true;
        return found;
    }
    if (findKept(versionless, found)) return found;
    if (versionless.starts_with("/messages")) found.dialect = DialectId::AnthropicMessages;
    return found;
}

bool methodAllowed(const Endpoint& endpoint, std::string_view method)
{
    std::string_view list = endpoint.allow;
    while (!list.empty()) {
        const auto comma = list.find(", ");
        if (list.substr(0, comma) == method) return true;
        if (comma == std::string_view::npos) return false;
        list.remove_prefix(comma + 2);
    }
    return false;
}

} // namespace gateway::pipeline
