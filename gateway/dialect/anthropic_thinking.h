// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

/// Reasoning in a conversation that is passed on to Anthropic as it came. What another provider thought in an
/// earlier turn stands there with a mark of ours for its signature, and Anthropic would refuse all of it.
/// Pages that it cited stand there with such a mark instead of a place among Anthropic's own search results.
namespace gateway::dialect::anthropic {

/// `messages` is the request's list.
[[nodiscard]] bool hasOthers(std::string_view messages);
[[nodiscard]] std::string withoutOthers(std::string_view messages);
/// With a budget to think, the message whose tools are being answered has to begin with its reasoning.
[[nodiscard]] bool lacksThinking(std::string_view messages);

} // namespace gateway::dialect::anthropic
