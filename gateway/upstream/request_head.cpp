// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/request_head.h"

#include <array>
#include <cstddef>
#include <memory_resource>
#include <tuple>

#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/serializer.hpp>

namespace gateway::upstream {

namespace http = boost::beast::http;

namespace {

/// Fields in a block on the stack: a dozen small allocations less for each request.
using PooledFields = http::basic_fields<std::pmr::polymorphic_allocator<char>>;
constexpr std::size_t kFieldBytes = 4096;

} // namespace

void appendRequestHead(std::string& out, std::string_view method, std::string_view target,
                       std::string_view authority, const RequestFields& fields, std::string_view secretLine)
{
    std::array<std::byte, kFieldBytes> memory;
    std::pmr::monotonic_buffer_resource pool(memory.data(), memory.size());
    http::request<http::empty_body, PooledFields> head(
        std::piecewise_construct, std::make_tuple(),
        std::make_tuple(std::pmr::polymorphic_allocator<char>(&pool)));
    head.version(11);
    head.method_string({method.data(), method.size()});
    head.target({target.data(), target.size()});
    head.set(http::field::host, boost::beast::string_view(authority.data(), authority.size()));
    for (const auto& [name, value] : fields) {
        if (value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos) head.set(name, value);
    }
    http::request_serializer<http::empty_body, PooledFields> serializer(head);
    serializer.split(true);
    boost::beast::error_code error;
    out.reserve(out.size() + 1024 +
                secretLine.size()); // one buffer: growing would leave a copy of the secret behind
    while (!error && !serializer.is_header_done()) {
        serializer.next(error, [&](boost::beast::error_code&, const auto& buffers) {
            std::size_t total = 0;
            for (const boost::asio::const_buffer buffer : boost::beast::buffers_range_ref(buffers)) {
                out.append(static_cast<const char*>(buffer.data()), buffer.size());
                total += buffer.size();
            }
            serializer.consume(total);
        });
    }
    if (secretLine.empty()) return;
    out.resize(out.size() - 2);
    out.reserve(out.size() + secretLine.size() + 4);
    out.append(secretLine).append("\r\n\r\n");
}

} // namespace gateway::upstream
