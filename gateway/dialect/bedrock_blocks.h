// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_text.h"
#include "dialect/bedrock_parts.h"
#include "exchange/canonical.h"

namespace gateway::dialect::bedrock {

/// Writes a conversation as Converse's content blocks. Texts are the inside of a JSON array, without
/// brackets.
class ConversationWriter {
public:
    /// Without `tools` calls and results are told as text: their blocks are refused where no tools are.
    ConversationWriter(const ModelFamily& family, bool tools, std::vector<std::string>& dropped)
        : m_family(family), m_tools(tools), m_dropped(dropped)
    {
    }

    /// The system text of all messages, wherever it stood.
    [[nodiscard]] std::string system(const std::vector<Message>& messages);
    /// Users' and assistants' turns in strict alternation, a user's first.
    [[nodiscard]] std::string messages(const std::vector<Message>& messages);

private:
    struct Turn {
        Role role = Role::Undecided;
        std::string results; // before anything else that the user says
        std::string blocks;
        bool hasText = false;
        bool hasDocument = false;
    };

    void addMessage(const Message& message, bool last, std::vector<Turn>& turns);
    void writePart(Turn& turn, const Part& part);
    void writeText(std::string& list, std::string_view text, std::string_view cacheControl);
    bool writeImage(std::string& list, const ImagePart& image);
    bool writeDocument(std::string& list, const DocumentPart& document);
    void writeResult(Turn& turn, const ToolResultPart& result);
    void tellResult(Turn& turn, const ToolResultPart& result);
    [[nodiscard]] std::string documentName(std::string_view wanted);

    const ModelFamily& m_family;
    bool m_tools;
    std::vector<std::string>& m_dropped;
    std::set<std::string> m_names;        // of the documents so far: each may stand once in a request
    std::map<std::string, int> m_numbers; // the next to tell those of the same name apart
};

/// A mark behind what is to be cached; nothing where the model knows none.
void writeCachePoint(std::string& list, std::string_view cacheControl, const ModelFamily& family);
/// Appends to the inside of a JSON array.
void appendElement(std::string& list, std::string_view json);
/// 1 to 64 letters, digits, _ and -. The same id is changed alike in a call and in its result.
[[nodiscard]] std::string toolUseId(std::string_view id);

} // namespace gateway::dialect::bedrock
