// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "dialect/json_object.h"
#include "dialect/responses_tools.h"
#include "exchange/canonical.h"

namespace gateway::dialect::responses {

/// Puts input items into the messages of a request. A turn of the model is several items here (reasoning,
/// text, calls) and one message there; the results of its calls are one message, too.
class InputReader {
public:
    InputReader(Request& request, ToolReader& tools) : m_request(request), m_tools(tools) {}

    /// `input` is a string or a list. Error: an item that cannot be understood without its server.
    [[nodiscard]] std::optional<Error> read(std::string_view input);

private:
    void readItem(const JsonObject& item);
    void readMessage(const JsonObject& item);
    void readContent(const JsonObject& item, Message& into);
    void readPart(const JsonObject& part, Message& into);
    void readImage(const JsonObject& part, Message& into);
    void readFile(const JsonObject& part, Message& into);
    void readAudio(const JsonObject& part, Message& into);
    void readResult(const JsonObject& item);
    Message& assistant();
    void refuse(const std::string& member, std::string message);

    Request& m_request;
    ToolReader& m_tools;
    std::optional<Error> m_problem;
    std::size_t m_index = 0;
    bool m_afterResult = false; // the last message holds results: its neighbours join it
};

} // namespace gateway::dialect::responses
