// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

/// Signatures and opaque reasoning pass through clients that do not know their maker, and come back with the
/// next turn, perhaps for another provider. In the canonical form they carry a mark of who made them; those
/// of Anthropic, whose own dialect returns them as they are, have none.
namespace gateway::dialect {

/// Stands for the signature of reasoning that nobody signed, where a dialect has no reasoning without one.
inline constexpr std::string_view kUnsigned = "tp1.unsigned";

enum class Maker : unsigned char { Undecided, Anthropic, OpenAi, Gemini };

/// The canonical form of what `maker` gave.
[[nodiscard]] std::string markedSignature(Maker maker, std::string_view given);
/// What to give back to `maker`; empty where it was another who made it.
[[nodiscard]] std::string_view ownSignature(Maker maker, std::string_view canonical);
[[nodiscard]] Maker makerOf(std::string_view canonical);
/// A mark of ours is on it.
[[nodiscard]] bool isMarked(std::string_view signature);
/// A string in the JSON text begins with a mark of ours: what is so marked its own dialect's provider
/// refuses. Fast enough for every request.
[[nodiscard]] bool holdsMarked(std::string_view json);

} // namespace gateway::dialect
