// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/endpoints.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "base/strings.h"
#include "dialect/dialect.h"
#include "pipeline/admin_paths.h"

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
    found.operation = Operation::Response;
    found.rest = id;
    found.after = slash == std::string_view::npos ? std::string_view() : path.substr(slash);
    found.allow = after.empty() ? "GET, HEAD, DELETE" : after == "cancel" ? "POST" : "GET, HEAD";
    return true;
}

struct ModalRow {
    std::string_view path;
    Operation operation;
    bool form;
};

constexpr std::array kModal{
    ModalRow{"/moderations", Operation::Moderate, false},
    ModalRow{"/images/generations", Operation::MakeImage, false},
    ModalRow{"/images/edits", Operation::EditImage, true},
    ModalRow{"/images/variations", Operation::VaryImage, true},
    ModalRow{"/audio/speech", Operation::Speak, false},
    ModalRow{"/audio/transcriptions", Operation::Transcribe, true},
    ModalRow{"/audio/translations", Operation::TranslateSpeech, true},
    ModalRow{"/rerank", Operation::Rerank, false},
};

bool findModal(std::string_view path, Endpoint& found)
{
    // Cohere's newer version has no other dialect's twin.
    const bool second = path == "/v2/rerank";
    if (second) path = "/rerank";
    for (const ModalRow& row : kModal) {
        if (row.path != path) continue;
        found.kind = EndpointKind::Modal;
        found.operation = row.operation;
        found.form = row.form;
        found.allow = "POST";
        if (second) found.dialect = DialectId::Cohere;
        return true;
    }
    return false;
}

struct KeptRow {
    std::string_view path;
    Operation operation;
    std::string_view parts; // what there is of one, each with a slash before it
};

constexpr std::array kKeptPaths{
    KeptRow{"/videos", Operation::Video, "/content/remix"},
    KeptRow{"/files", Operation::File, "/content"},
    KeptRow{"/batches", Operation::Batch, "/cancel"},
    KeptRow{"/messages/batches", Operation::Batch, "/cancel/results"},
};

bool findKeptThing(std::string_view path, Endpoint& found)
{
    for (const KeptRow& row : kKeptPaths) {
        std::string_view rest = path;
        if (!take(rest, row.path) || rest == "/") continue;
        const std::size_t slash = rest.find('/', 1);
        found.rest = rest.substr(rest.empty() ? 0 : 1, slash == std::string_view::npos ? slash : slash - 1);
        found.after = slash == std::string_view::npos ? std::string_view() : rest.substr(slash);
        const auto parts = splitAt(row.parts.substr(1), '/');
        const bool known = found.after.empty() ||
                           std::find(parts.begin(), parts.end(), found.after.substr(1)) != parts.end();
        if (!known || (found.rest.empty() && !rest.empty())) return false;
        found.kind = EndpointKind::Kept;
        found.operation = row.operation;
        found.form = row.operation != Operation::Batch;
        if (row.path == "/messages/batches") found.dialect = DialectId::AnthropicMessages;
        found.allow = "GET, HEAD, POST, DELETE";
        if (rest.empty()) found.allow = "GET, HEAD, POST";
        if (found.after == "/content" || found.after == "/results") found.allow = "GET, HEAD";
        if (found.after == "/cancel" || found.after == "/remix") found.allow = "POST";
        return true;
    }
    found.rest = found.after = {};
    return false;
}

bool findProxy(std::string_view path, Endpoint& found)
{
    if (!take(path, "/proxy") || path.size() < 2) return false;
    const std::size_t slash = path.find('/', 1);
    if (slash == std::string_view::npos || slash + 1 == path.size()) return false;
    found.kind = EndpointKind::Proxy;
    found.rest = path.substr(1, slash - 1);
    found.after = path.substr(slash);
    found.allow = "GET, HEAD, POST, PUT, PATCH, DELETE";
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
        if (const auto admin = findAdminPath(path)) found.allow = admin->allow;
        return found;
    }
    if (findProxy(path, found)) return found;
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
    if (versionless == "/feedback") {
        found.kind = EndpointKind::Feedback;
        found.allow = "POST";
        return found;
    }
    if (versionless == "/realtime") {
        found.kind = EndpointKind::Realtime;
        found.allow = "GET";
        found.webSocket = true;
        return found;
    }
    if (findKept(versionless, found) || findModal(versionless, found) || findKeptThing(versionless, found))
        return found;
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
