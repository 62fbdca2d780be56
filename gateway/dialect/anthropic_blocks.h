// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json_text.h"
#include "exchange/canonical.h"

namespace gateway::dialect::anthropic {

/// Writes a conversation as Anthropic's content blocks. Texts are the inside of a JSON array, without
/// brackets.
class BlockWriter {
public:
    explicit BlockWriter(std::vector<std::string>& dropped) : m_dropped(dropped) {}

    /// The system text of all messages, wherever it stood.
    [[nodiscard]] std::string system(const std::vector<Message>& messages);
    [[nodiscard]] std::string messages(const std::vector<Message>& messages);

private:
    [[nodiscard]] std::string blocks(const Message& message, bool last);
    void writePart(JsonWriter& json, const Part& part);
    void writeText(JsonWriter& json, std::string_view text, std::string_view cacheControl);
    void writeImage(JsonWriter& json, const ImagePart& image);
    void writeDocument(JsonWriter& json, const DocumentPart& document);
    void writeToolResult(JsonWriter& json, const ToolResultPart& result);

    std::vector<std::string>& m_dropped;
};

} // namespace gateway::dialect::anthropic
