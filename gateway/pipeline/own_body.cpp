// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/own_body.h"

#include "dialect/member_path.h"
#include "dialect/span_edit.h"

namespace gateway::pipeline {

std::optional<Error> makeOwnBody(std::string_view body, const JsonDocument& document,
                                 const routing::OwnRules& rules, OwnBody& into)
{
    dialect::SpanEdit edit(body, document.members);
    for (const auto& [name, json] : rules.defaults) {
        if (!document.find(name)) edit.set(name, json);
    }
    into.text = edit.text();
    for (const std::string& path : rules.drop)
        into.text = dialect::withoutPath(into.text, path);
    into.document = {};
    if (!scanJson(into.text, into.document)) return std::nullopt;
    return gatewayError(Code::Internal,
                        "The body with the defaults of `x-portkey-config` is not valid JSON.");
}

} // namespace gateway::pipeline
