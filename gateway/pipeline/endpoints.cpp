// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/endpoints.h"

#include <array>

namespace gateway::pipeline {

namespace {

struct Row {
    std::string_view path; // without /v1
    EndpointKind kind;
    DialectId dialect;
    Operation operation;
    std::string_view allow;
};

constexpr std::array kVersioned{
    Row{"/chat/completions", EndpointKind::Generate, DialectId::OpenAiChat, Operation::Chat, "POST"},
    Row{"/messages", EndpointKind::Generate, DialectId::AnthropicMessages, Operation::Chat, "POST"},
    Row{"/messages/count_tokens", EndpointKind::Generate, DialectId::AnthropicMessages,
        Operation::CountTokens, "POST"},
    Row{"/models", EndpointKind::Models, DialectId::OpenAiChat, Operation::Undecided, "GET, HEAD"},
    Row{"/responses", EndpointKind::ResponsesSocket, DialectId::OpenAiChat, Operation::Undecided, "GET"},
};

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

bool take(std::string_view& path, std::string_view prefix)
{
    if (!path.starts_with(prefix) || (path.size() > prefix.size() && path[prefix.size()] != '/'))
        return false;
    path.remove_prefix(prefix.size());
    return true;
}

} // namespace

Endpoint findEndpoint(std::string_view path)
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
    const bool anthropicPrefix = take(path, "/anthropic");
    if (!anthropicPrefix) take(path, "/openai");
    found.openRouter = take(path, "/api/v1");
    if (!found.openRouter && take(path, "/v1")) found.doubled = path.starts_with("/v1/");
    if (anthropicPrefix) found.dialect = DialectId::AnthropicMessages;
    for (const Row& row : kVersioned) {
        if (row.path != path) continue;
        found.kind = row.kind;
        if (row.kind != EndpointKind::Models || !anthropicPrefix) found.dialect = row.dialect;
        found.operation = row.operation;
        found.allow = row.allow;
        return found;
    }
    if (path.starts_with("/models/") && path.size() > 8) {
        found.kind = EndpointKind::Model;
        found.allow = "GET, HEAD";
        found.rest = path.substr(8);
        return found;
    }
    if (path.starts_with("/messages")) found.dialect = DialectId::AnthropicMessages;
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
