// SPDX-License-Identifier: GPL-3.0-or-later
#include "listener/response_head.h"

#include <charconv>
#include <cstddef>
#include <ctime>

#include <boost/beast/http/status.hpp>

#include "base/byte_search.h"
#include "base/strings.h"
#include "net/head_text.h"

namespace gateway::listener {

namespace http = boost::beast::http;

namespace {

/// The Date header, made once a second per thread.
const std::string& dateNow()
{
    thread_local std::time_t second = 0;
    thread_local std::string text;
    const std::time_t now = std::time(nullptr);
    if (now != second || text.empty()) {
        second = now;
        std::tm utc{};
        gmtime_r(&now, &utc);
        char buffer[40];
        text.assign(buffer, std::strftime(buffer, sizeof buffer, "%a, %d %b %Y %H:%M:%S GMT", &utc));
    }
    return text;
}

bool isFieldValue(std::string_view value)
{
    const char* const end = value.data() + value.size();
    return findControl(value.data(), end) == end;
}

} // namespace

void appendResponseHead(std::string& out, const Answer& answer, const Framing& framing)
{
    char status[4];
    const auto written = std::to_chars(status, status + sizeof status, answer.status);
    const auto reason = http::obsolete_reason(static_cast<http::status>(answer.status));
    out.append(framing.http11 ? "HTTP/1.1 " : "HTTP/1.0 ").append(status, written.ptr).append(" ");
    out.append(reason.data(), reason.size()).append("\r\n");
    net::appendField(out, "Date", dateNow());
    if (!answer.contentType.empty() && isFieldValue(answer.contentType))
        net::appendField(out, "Content-Type", answer.contentType);
    bool saysCaching = false;
    for (const auto& [name, value] : answer.headers) {
        if (!isFieldValue(value)) continue;
        net::appendField(out, name, value);
        saysCaching = saysCaching || equalsIgnoreCase(name, "cache-control");
    }
    net::appendField(out, "X-Content-Type-Options", "nosniff");
    if (!saysCaching) net::appendField(out, "Cache-Control", "no-store");
    net::appendField(out, "Cross-Origin-Resource-Policy", "same-origin");
    if (!framing.allowedOrigin.empty()) {
        net::appendField(out, "Access-Control-Allow-Origin", framing.allowedOrigin);
        net::appendField(out, "Vary", "Origin");
    }
    if (framing.chunked) net::appendField(out, "Transfer-Encoding", "chunked");
    if (framing.length) {
        char length[20];
        const char* const end = std::to_chars(length, length + sizeof length, *framing.length).ptr;
        net::appendField(out, "Content-Length", {length, static_cast<std::size_t>(end - length)});
    }
    if (!framing.keepAlive)
        net::appendField(out, "Connection", "close");
    else if (!framing.http11)
        net::appendField(out, "Connection", "keep-alive");
    out.append("\r\n");
}

} // namespace gateway::listener
