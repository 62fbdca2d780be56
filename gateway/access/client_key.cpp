// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/client_key.h"

namespace gateway::access {

namespace {

void addQueryKeys(AccessFields& fields, std::string_view query)
{
    constexpr std::string_view kKey = "key=";
    while (!query.empty()) {
        const std::string_view parameter = query.substr(0, query.find('&'));
        if (parameter.starts_with(kKey)) fields.addKey(parameter.substr(kKey.size()));
        query.remove_prefix(parameter.size());
        if (!query.empty()) query.remove_prefix(1);
    }
}

} // namespace

bool takesKeyInQuery(std::string_view path)
{
    constexpr std::string_view kModels = "/v1/models/";
    if (path.starts_with("/v1beta/") || path.starts_with("/gemini/")) return true;
    return path.starts_with(kModels) && path.find(':', kModels.size()) != std::string_view::npos;
}

Result<std::string_view> presentedKey(AccessFields fields, std::string_view path, std::string_view query)
{
    if (fields.authorizations > 1)
        return clientError(Code::InvalidApiKey,
                           "The request has more than one Authorization field; send one key.");
    if (takesKeyInQuery(path)) addQueryKeys(fields, query);
    if (fields.keysDisagree)
        return clientError(Code::InvalidApiKey,
                           "The request brings different keys in different places; send one key.");
    return fields.key;
}

} // namespace gateway::access
