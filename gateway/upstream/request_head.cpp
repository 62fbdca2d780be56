// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/request_head.h"

#include <algorithm>

#include "base/head_scan.h"
#include "base/strings.h"
#include "net/head_text.h"

namespace gateway::upstream {

namespace {

constexpr std::string_view kHost = "Host";

bool isField(std::string_view name, std::string_view value)
{
    const auto breaksLines = [](char byte) { return byte == '\r' || byte == '\n' || byte == '\0'; };
    return !name.empty() &&
           std::all_of(name.begin(), name.end(), [](char byte) { return isTokenByte(byte); }) &&
           std::none_of(value.begin(), value.end(), breaksLines);
}

/// A later field replaces earlier ones of its name.
bool isReplaced(const RequestFields& fields, std::size_t from, std::string_view name)
{
    return std::any_of(fields.begin() + static_cast<std::ptrdiff_t>(from), fields.end(),
                       [name](const auto& later) {
                           return equalsIgnoreCase(later.first, name) && isField(later.first, later.second);
                       });
}

} // namespace

void appendRequestHead(std::string& out, std::string_view method, std::string_view target,
                       std::string_view authority, const RequestFields& fields, std::string_view secretLine)
{
    std::size_t size = method.size() + target.size() + authority.size() + secretLine.size() + 64;
    for (const auto& [name, value] : fields)
        size += name.size() + value.size() + 4;
    // One buffer: growing would leave a copy of the secret behind.
    out.reserve(out.size() + size);
    out.append(method).append(" ").append(target).append(" HTTP/1.1\r\n");
    if (!isReplaced(fields, 0, kHost)) net::appendField(out, kHost, authority);
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const auto& [name, value] = fields[i];
        if (isField(name, value) && !isReplaced(fields, i + 1, name)) net::appendField(out, name, value);
    }
    if (!secretLine.empty()) out.append(secretLine).append("\r\n");
    out.append("\r\n");
}

} // namespace gateway::upstream
