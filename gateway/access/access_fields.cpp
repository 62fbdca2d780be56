// SPDX-License-Identifier: GPL-3.0-or-later
#include "access/access_fields.h"

#include "base/strings.h"

namespace gateway::access {

AccessFields::AccessFields(std::span<const HeaderField> fields)
{
    for (const HeaderField& field : fields)
        add(field.name, field.value);
}

void AccessFields::add(std::string_view name, std::string_view value)
{
    // Most fields of a request are none of these; their length alone tells most of them apart.
    const auto is = [name](std::string_view other) { return equalsIgnoreCase(name, other); };
    value = trimmed(value);
    switch (name.size()) {
    case 4:
        if (!is("host")) return;
        host = value;
        ++hosts;
        return;
    case 6:
        if (!is("origin")) return;
        origin = value;
        ++origins;
        return;
    case 7:
        if (is("api-key")) addKey(value);
        return;
    case 9:
        if (is("x-api-key")) addKey(value);
        return;
    case 13:
        if (is("authorization")) addAuthorization(value);
        return;
    case 14:
        if (is("x-goog-api-key") || is("sec-fetch-site")) break;
        return;
    case 17:
        if (is("x-portkey-api-key")) addKey(value);
        return;
    case 22:
        if (is("sec-websocket-protocol")) addSubprotocolKey(value);
        return;
    default:
        return;
    }
    if (asciiLower(name.front()) == 'x')
        addKey(value);
    else if (!equalsIgnoreCase(value, "none") && !equalsIgnoreCase(value, "same-origin"))
        foreignSite = true;
}

void AccessFields::addAuthorization(std::string_view value)
{
    constexpr std::string_view kScheme = "bearer ";
    ++authorizations;
    // Another scheme is no key of ours; the request then has to bring one elsewhere.
    if (value.size() > kScheme.size() && equalsIgnoreCase(value.substr(0, kScheme.size()), kScheme))
        addKey(trimmed(value.substr(kScheme.size())));
}

/// The only place where a page's WebSocket can put a key; OpenAI's SDK does it so.
void AccessFields::addSubprotocolKey(std::string_view offered)
{
    constexpr std::string_view kPrefix = "openai-insecure-api-key.";
    while (!offered.empty()) {
        const std::string_view each = offered.substr(0, offered.find(','));
        offered.remove_prefix(each.size());
        if (!offered.empty()) offered.remove_prefix(1);
        if (trimmed(each).starts_with(kPrefix)) addKey(trimmed(each).substr(kPrefix.size()));
    }
}

void AccessFields::addKey(std::string_view value)
{
    if (value.empty()) return;
    if (key.empty())
        key = value;
    else if (key != value)
        keysDisagree = true;
}

} // namespace gateway::access
