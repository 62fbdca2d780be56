// SPDX-License-Identifier: GPL-3.0-or-later
#include "listener/response_head.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <ctime>
#include <memory_resource>
#include <tuple>

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>

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
    return std::none_of(value.begin(), value.end(),
                        [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; });
}

} // namespace

void appendResponseHead(std::string& out, const Answer& answer, const Framing& framing)
{
    std::array<std::byte, net::kPooledFieldBytes> memory;
    std::pmr::monotonic_buffer_resource fields(memory.data(), memory.size());
    http::response<http::empty_body, net::PooledFields> head(
        std::piecewise_construct, std::make_tuple(),
        std::make_tuple(std::pmr::polymorphic_allocator<char>(&fields)));
    head.result(static_cast<unsigned>(answer.status));
    head.version(framing.http11 ? 11 : 10);
    head.set(http::field::date, dateNow());
    if (!answer.contentType.empty()) head.set(http::field::content_type, answer.contentType);
    for (const auto& [name, value] : answer.headers) {
        if (isFieldValue(value)) head.insert({name.data(), name.size()}, value);
    }
    head.insert("X-Content-Type-Options", "nosniff");
    if (head.find(http::field::cache_control) == head.end()) head.set(http::field::cache_control, "no-store");
    head.insert("Cross-Origin-Resource-Policy", "same-origin");
    if (!framing.allowedOrigin.empty()) {
        head.set(http::field::access_control_allow_origin, framing.allowedOrigin);
        head.insert(http::field::vary, "Origin");
    }
    if (framing.chunked) head.set(http::field::transfer_encoding, "chunked");
    if (framing.length) head.set(http::field::content_length, std::to_string(*framing.length));
    if (!framing.keepAlive)
        head.set(http::field::connection, "close");
    else if (!framing.http11)
        head.set(http::field::connection, "keep-alive");

    net::appendHead(out, head, head.version(), static_cast<unsigned>(answer.status));
}

} // namespace gateway::listener
