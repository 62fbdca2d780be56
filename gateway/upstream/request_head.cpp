// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/request_head.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory_resource>
#include <tuple>

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>

#include "base/head_scan.h"
#include "net/head_text.h"

namespace gateway::upstream {

namespace http = boost::beast::http;

namespace {

/// Beast writes what it is given.
bool isField(std::string_view name, std::string_view value)
{
    return !name.empty() && std::all_of(name.begin(), name.end(), isTokenByte) &&
           value.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

} // namespace

void appendRequestHead(std::string& out, std::string_view method, std::string_view target,
                       std::string_view authority, const RequestFields& fields, std::string_view secretLine)
{
    std::array<std::byte, net::kPooledFieldBytes> memory;
    std::pmr::monotonic_buffer_resource pool(memory.data(), memory.size());
    http::request<http::empty_body, net::PooledFields> head(
        std::piecewise_construct, std::make_tuple(),
        std::make_tuple(std::pmr::polymorphic_allocator<char>(&pool)));
    head.version(11);
    head.method_string({method.data(), method.size()});
    head.target({target.data(), target.size()});
    head.set(http::field::host, boost::beast::string_view(authority.data(), authority.size()));
    for (const auto& [name, value] : fields) {
        if (isField(name, value)) head.set(name, value);
    }
    // One buffer: growing would leave a copy of the secret behind.
    out.reserve(out.size() + 1024 + secretLine.size());
    net::appendHead(out, head, head.version(), head.method());
    if (secretLine.empty()) return;
    out.resize(out.size() - 2);
    out.reserve(out.size() + secretLine.size() + 4);
    out.append(secretLine).append("\r\n\r\n");
}

} // namespace gateway::upstream
