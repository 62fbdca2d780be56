// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/result.h"

#include "exchange/canonical.h"
#include "exchange/dialect_id.h"

namespace gateway::dialect {

/// A text that is added to a conversation, its variables filled in.
struct AddedText {
    bool isSystem = false;
    bool isBefore = false; // what the client says of that role; else behind it
    std::string text;
};

/// A client's body with texts added, in its own dialect; every other byte stays. Of texts that stand at the
/// same place the first comes first. A user's text behind is put behind the last message that a user has
/// written, which a tool's result is not. Texts before the first message are left out where the body goes on
/// from an answer that is kept elsewhere (Responses' previous_response_id). Needs a body that scanJson() took
/// for an object.
[[nodiscard]] std::string withPromptTexts(DialectId dialect, std::string_view body,
                                          const std::vector<AddedText>& texts);

/// Members of a body.
struct PromptMembers {
    std::string json;                // an object
    std::vector<std::string> unsaid; // names of parameters that the dialect has no words for
};
/// OpenAI's chat parameters (an object) and tools (a list), either empty, in the words of a dialect. `model`
/// decides how some of them are said. Error: a parameter has a value that it cannot have.
[[nodiscard]] Result<PromptMembers> promptMembers(DialectId dialect, std::string_view parametersJson,
                                                  std::string_view toolsJson, std::string_view model);

/// A member that was set.
struct SetMember {
    std::string name;        // "temperature", "generationConfig.temperature"
    std::string before, now; // JSON; the first is empty where there was none
};
/// The body with these members. `pins`: they go before the body's own; else only what the body lacks is set.
/// Tools are added to its own in any case, but for those of a name that it has. `set` gets what changed.
[[nodiscard]] std::string withPromptMembers(std::string_view body, std::string_view membersJson, bool pins,
                                            std::vector<SetMember>& set);

/// An Anthropic body with marks that its long stable prefix is to be cached: on the last tool, the last
/// system text and the last message. As it came where it has a mark already, or is too short for one to have
/// an effect. Source: Anthropic's guide on prompt caching. `lasts`: "5m" or "1h".
[[nodiscard]] std::string withCacheMarks(std::string_view body, std::string_view lasts);
/// The same of a request that is to be encoded for whoever takes such marks; its size is the caller's to see
/// to.
void markForCache(Request& request, std::string_view lasts);
inline constexpr std::size_t kLeastCached = 4096; // bytes of a prefix, which are 1024 tokens

} // namespace gateway::dialect
