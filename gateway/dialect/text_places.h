// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_cursor.h"
#include "exchange/canonical.h"
#include "exchange/dialect_id.h"

namespace gateway::dialect {

/// Whose words a text of a body is.
enum class TextSort : std::uint8_t {
    Undecided,
    System,
    User,      // and what is to be embedded
    Assistant, // an earlier answer, or this one
    ToolCall,  // in the arguments of a call
    ToolResult
};

/// A text that was said, in a request or an answer: a JSON string in its body. Never a name, an id or data in
/// base64; nor thoughts that are signed, since nobody may change them.
struct TextPlace {
    std::string_view quoted; // in the body, with its quotes
    TextSort sort = TextSort::Undecided;
    bool isJson = false;   // the text is JSON once more: arguments of a tool, as OpenAI writes them
    bool isObject = false; // no string: an object or a list whose strings are the text, as others write them
    std::uint32_t message = 0; // counts what holds the texts: messages, items, parts of instructions
};

/// All of them in a body that scanJson() accepted, in its order; the places are documented with each vendor's
/// API and stand as patterns in text_places.def.
[[nodiscard]] std::vector<TextPlace> requestTexts(DialectId dialect, std::string_view body);
[[nodiscard]] std::vector<TextPlace> answerTexts(DialectId dialect, std::string_view body);

/// What a member at the root of a request holds.
enum class MemberTexts : std::uint8_t {
    Undecided,
    None,
    Some,
    Messages // a list whose elements are counted
};
[[nodiscard]] MemberTexts textsIn(DialectId dialect, const JsonMember& member);
/// Those of a request of which these members are left. `leftOut`: so many messages at the beginning of the
/// first list of messages are not, but are counted.
[[nodiscard]] std::vector<TextPlace> textsOfMembers(DialectId dialect, std::span<const JsonMember> members,
                                                    std::uint32_t leftOut);

/// The body with other strings in those places, or other JSON where the place is an object. `texts[i]` is
/// what the i-th place is to say, or null to leave it as it stands.
[[nodiscard]] std::string withTexts(std::string_view body, const std::vector<TextPlace>& places,
                                    const std::vector<const std::string*>& texts);

} // namespace gateway::dialect
