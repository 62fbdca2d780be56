// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/canonical.h"

namespace gateway::dialect {

/// "data:TYPE;base64,TEXT" taken apart; views into the URL.
struct DataUrl {
    std::string_view mediaType;
    std::string_view base64;
};
[[nodiscard]] std::optional<DataUrl> splitDataUrl(std::string_view url);
[[nodiscard]] std::string joinDataUrl(std::string_view mediaType, std::string_view base64);

/// A picture from its address: taken out of a data URL, else to be fetched.
[[nodiscard]] ImagePart imageAt(std::string_view url);
[[nodiscard]] std::string addressOf(const ImagePart& image);
/// For a client whose API has no place for a picture in an answer.
[[nodiscard]] std::string imageInWords(const ImagePart& image);

/// Adds a name once, fit to stand in a header: some come from the client's own text.
void noteDropped(std::vector<std::string>& dropped, std::string_view name);

/// The texts among the parts, a blank line between them.
[[nodiscard]] std::string joinedText(const std::vector<Part>& parts);

/// A tool's answer that is a JSON object with an `error` in it: how OpenAI's clients say that a tool failed.
[[nodiscard]] bool tellsToolError(std::string_view text);

/// A failed tool's text in that form, for dialects that have no other.
[[nodiscard]] std::string toolErrorText(std::string_view text);

/// An id for a tool call whose provider gave none. Unlike any other in the conversation.
[[nodiscard]] std::string newToolCallId();

/// A custom tool's free text as the arguments of a function, and back.
[[nodiscard]] std::string customArguments(std::string_view input);
[[nodiscard]] std::string customInput(std::string_view argumentsJson);

/// The wish for JSON in words, for models whose API knows no `response_format` or no schema in it; empty
/// where nothing but text is wished for. `responseFormat` is OpenAI's object.
[[nodiscard]] std::string formatInstruction(std::string_view responseFormat);
/// The same, put behind the request's instructions; false where there are no words for what is wished.
bool sayFormat(Request& request);

} // namespace gateway::dialect
