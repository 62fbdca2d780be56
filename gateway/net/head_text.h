// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory_resource>
#include <string>

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/http/fields.hpp>

namespace gateway::net {

/// Fields of a message head that is being written, in a block on the stack: a dozen small allocations less
/// for each message.
using PooledFields = boost::beast::http::basic_fields<std::pmr::polymorphic_allocator<char>>;
inline constexpr std::size_t kPooledFieldBytes = 4096;

/// Appends first line, fields and the empty line. `what`: a request's verb or a response's status. Beast's
/// serializer does the same through more layers, made for bodies.
template <class What>
void appendHead(std::string& out, const PooledFields& fields, unsigned version, What what)
{
    const PooledFields::writer writer(fields, version, what);
    for (const boost::asio::const_buffer buffer : boost::beast::buffers_range(writer.get()))
        out.append(static_cast<const char*>(buffer.data()), buffer.size());
}

} // namespace gateway::net
