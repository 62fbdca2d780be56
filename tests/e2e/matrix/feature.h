// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// What the cells of the matrix are about: the conversation that every client holds, in its own words, and
/// what every provider answers to it, in its own. Both sides of the gateway are built from this.
namespace matrix {

enum class Feature : std::uint8_t {
    Undecided,
    Text,
    History,
    System,
    Image,
    Tools,
    ParallelTools,
    ToolResult,
    ForgottenTools,
    Structured,
    StructuredTools,
    Reasoning,
    SignedTurn,
    Refusal,
    Length,
    ErrorBefore,
    ErrorInside,
};

struct FeatureRow {
    Feature feature;
    std::string_view name;
};
inline constexpr std::array kFeatures{
    FeatureRow{Feature::Text, "text"},
    FeatureRow{Feature::History, "history"},
    FeatureRow{Feature::System, "system"},
    FeatureRow{Feature::Image, "image"},
    FeatureRow{Feature::Tools, "tools"},
    FeatureRow{Feature::ParallelTools, "parallel-tools"},
    FeatureRow{Feature::ToolResult, "tool-result"},
    FeatureRow{Feature::ForgottenTools, "forgotten-tools"},
    FeatureRow{Feature::Structured, "structured"},
    FeatureRow{Feature::StructuredTools, "structured-tools"},
    FeatureRow{Feature::Reasoning, "reasoning"},
    FeatureRow{Feature::SignedTurn, "signed-turn"},
    FeatureRow{Feature::Refusal, "refusal"},
    FeatureRow{Feature::Length, "length"},
    FeatureRow{Feature::ErrorBefore, "error-before"},
    FeatureRow{Feature::ErrorInside, "error-inside"},
};

/// Stands in the user's text, so that it reaches the provider through every dialect.
struct Marker {
    Feature feature = Feature::Undecided;
    unsigned seed = 0;        // of the cuts in a streamed answer; 0: each event is written whole
    bool forced = false;      // the client asked that a tool be called
    bool unformatted = false; // the provider takes no schema for its answer beside tools
    bool signedTurn = false;  // what signs the reasoning of the turn before has to come back
};
[[nodiscard]] std::string markerText(const Marker& marker);
[[nodiscard]] std::optional<Marker> findMarker(std::string_view text);

// What was said before, where a cell is about that.
inline constexpr std::string_view kFirstUser = "Good morning.";
inline constexpr std::string_view kFirstAnswer = "Good morning — how can I help?";
inline constexpr std::string_view kSystem = "You are terse. Say \"18\", never eighteen.";
// A PNG of one pixel.
inline constexpr std::string_view kImage =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";
inline constexpr std::string_view kToolName = "get_weather";
inline constexpr std::string_view kToolDescription = "Tells the weather of a city.";
inline constexpr std::string_view kToolSchema =
    R"({"type":"object","properties":{"city":{"type":"string","description":"Its name"}},"required":["city"],"additionalProperties":false})";
inline constexpr std::string_view kSchemaName = "verdict";
inline constexpr std::string_view kSchema =
    R"({"type":"object","properties":{"answer":{"type":"integer"}},"required":["answer"],"additionalProperties":false})";

struct CallRow {
    std::string_view id, arguments, result;
};
inline constexpr std::array kCalls{
    CallRow{"call_paris01", R"({"city":"Paris"})", "18 degrees"},
    CallRow{"call_roma002", R"({"city":"Roma, \"Lazio\""})", "24 degrees"},
};

inline constexpr std::array<std::string_view, 4> kTextPieces{"Grüße", " — 日本", " 🌊 \"quoted\"\n", "end."};
inline constexpr std::array<std::string_view, 3> kJsonPieces{"{\"ans", "wer\":4", "2}"};
inline constexpr std::array<std::string_view, 2> kThinkingPieces{"First, think –", " then answer."};
inline constexpr std::string_view kSignature = "EqQBmatrix+/=="; // of reasoning, where providers sign it
inline constexpr std::string_view kRefusal = "I cannot help with that.";
inline constexpr std::string_view kErrorMessage = "The tide is out in this cell.";
inline constexpr int kRetryAfter = 7;
inline constexpr std::int64_t kMaxTokens = 64; // what the client of a cell about length allows

// What each provider reports, in its own way of counting.
inline constexpr std::int64_t kInputTokens = 21; // those from the cache among them
inline constexpr std::int64_t kCachedTokens = 5;
inline constexpr std::int64_t kOutputTokens = 13; // those of reasoning among them
inline constexpr std::int64_t kReasoningTokens = 4;

template <class Pieces>
[[nodiscard]] std::string joined(const Pieces& pieces)
{
    std::string text;
    for (const auto& piece : pieces)
        text += piece;
    return text;
}

} // namespace matrix
