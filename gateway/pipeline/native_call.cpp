// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/native_call.h"

#include <algorithm>

#include "base/strings.h"
#include "pipeline/endpoints.h"

namespace gateway::pipeline {

namespace {

constexpr int kDecodings = 3; // more than any chain of servers does

bool isSafePart(std::string_view part)
{
    const std::string_view name = part.substr(0, part.find(';')); // some servers drop what follows
    return name != "." && name != "..";
}

/// True where no part of it climbs, in any reading.
bool isSafe(std::string_view path)
{
    std::string text(path);
    for (int round = 0; round <= kDecodings; ++round) {
        if (text.find_first_of("\\#?") != std::string::npos || hasControlByte(text)) return false;
        for (const std::string_view part : splitAt(text, '/')) {
            if (!isSafePart(part)) return false;
        }
        std::string decoded = percentDecoded(text);
        if (decoded == text) return true;
        text = std::move(decoded);
    }
    return false;
}

/// Without the end of the base path that it repeats.
std::string_view withoutBase(std::string_view path, std::string_view base)
{
    for (std::size_t at = base.find('/'); at != std::string_view::npos; at = base.find('/', at + 1)) {
        const std::string_view end = base.substr(at);
        if (path.starts_with(end) && (path.size() == end.size() || path[end.size()] == '/'))
            return path.substr(end.size());
    }
    return path;
}

std::string withoutKey(std::string_view query)
{
    std::vector<std::string_view> kept;
    if (!query.empty()) kept = splitAt(query, '&');
    std::erase_if(
        kept, [](std::string_view each) { return percentDecoded(each.substr(0, each.find('='))) == "key"; });
    std::string text;
    for (const std::string_view each : kept)
        text.append(text.empty() ? "?" : "&").append(each);
    return text;
}

/// The model in `/model/MODEL/converse`, `/models/MODEL:verb`, `/deployments/MODEL/…`.
std::string modelIn(std::string_view path)
{
    for (const std::string_view before : {"/model/", "/models/", "/deployments/"}) {
        const std::size_t at = path.find(before);
        if (at == std::string_view::npos) continue;
        const std::string_view rest = path.substr(at + before.size());
        return percentDecoded(rest.substr(0, rest.find_first_of(before == "/models/" ? "/:" : "/")));
    }
    return {};
}

} // namespace

Result<NativeCall> nativeCall(const provider::Kind& kind, std::string_view basePath, std::string_view path,
                              std::string_view query)
{
    const std::string base = kind.nativeBase(basePath);
    const std::string_view inner = path.substr(0, path.ends_with('/') ? path.size() - 1 : path.size());
    if (path.size() < 2 || !isSafe(path) || inner.find("//") != std::string_view::npos)
        return clientError(Code::InvalidRequest,
                           "The path behind /proxy/PROVIDER/ is no plain path below the provider's base URL.",
                           "path");
    NativeCall call;
    const std::string_view rest = withoutBase(path, base);
    call.target = base + std::string(rest);
    if (call.target.empty()) call.target = "/";
    call.target += withoutKey(query);
    call.model = modelIn(path);
    const Endpoint known = findEndpoint(rest, query);
    const bool generates = known.kind == EndpointKind::Generate;
    call.dialect = generates ? known.dialect : kind.dialect(call.model);
    // Bedrock's has no clients' paths; its streams are told by their content type alone.
    call.stream = generates && known.stream;
    return call;
}

} // namespace gateway::pipeline
