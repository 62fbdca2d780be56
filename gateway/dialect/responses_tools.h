// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "dialect/json_object.h"
#include "exchange/canonical.h"

namespace gateway::dialect::responses {

/// Puts the tools of a request into the canonical form: those of a namespace flat, OpenAI's own left out and
/// noted. A name given twice (as in additional_tools) counts once, the last time.
class ToolReader {
public:
    explicit ToolReader(Request& request) : m_request(request) {}

    void read(std::string_view tools);
    /// Needs all tools read: of allowed_tools, only the allowed stay.
    void readChoice(const JsonObject& root);

private:
    void readOne(const JsonObject& tool);
    void readNamespace(const JsonObject& group);
    void add(Tool tool);
    void keepAllowed(std::string_view allowed);

    Request& m_request;
    std::unordered_map<std::string, std::size_t> m_places;
};

/// The format of a custom tool's text: flat here, with an object `grammar` in the canonical form.
[[nodiscard]] std::string canonicalFormat(const JsonObject& format);
[[nodiscard]] std::string flatFormat(std::string_view canonical);

} // namespace gateway::dialect::responses
