// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/socket_head.h"

#include <algorithm>

#include "base/strings.h"

namespace gateway::pipeline {

namespace {

constexpr std::size_t kKeyChars = 24; // 16 bytes in base64

bool isKey(std::string_view key)
{
    return key.size() == kKeyChars && key.ends_with("==") &&
           std::all_of(key.begin(), key.end() - 2, [](char c) {
               return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                      c == '+' || c == '/';
           });
}

} // namespace

std::optional<Error> handshakeProblem(const listener::RequestHead& head)
{
    if (trimmed(head.field("sec-websocket-version")) != "13") {
        Error error =
            clientError(Code::UpgradeRequired, "Only version 13 of the WebSocket protocol is understood.");
        error.allow = "websocket";
        return error;
    }
    if (!head.http11 || head.hasBody() || !isKey(trimmed(head.field("sec-websocket-key"))))
        return clientError(Code::BadRequest,
                           "This is no WebSocket handshake: HTTP/1.1, no body and a Sec-WebSocket-Key of 16 "
                           "bytes belong to it.");
    return std::nullopt;
}

bool offersSubprotocol(const listener::RequestHead& head, std::string_view name)
{
    for (const HeaderField& field : head.fields) {
        if (!equalsIgnoreCase(field.name, "sec-websocket-protocol")) continue;
        for (const std::string_view each : splitAt(field.value, ',')) {
            if (trimmed(each) == name) return true;
        }
    }
    return false;
}

} // namespace gateway::pipeline
