// SPDX-License-Identifier: GPL-3.0-or-later
#include "table.h"

namespace matrix {

namespace {

enum class Mode : std::uint8_t { Undecided, Both, Whole, Streamed };

/// Empty names and Feature::Undecided stand for all.
struct Row {
    std::string_view inbound, outbound;
    Feature feature;
    Mode mode;
    std::string_view reason;
};

constexpr std::string_view kOldCompletions = "the old Completions have a prompt and nothing beside it";

constexpr std::string_view kNotTogether =
    "this API refuses tools and a schema together, so no client of its own sends them";

constexpr std::array kAbsent{
    Row{"", "", Feature::ErrorInside, Mode::Whole, "a whole answer has no inside that an error could be in"},
    Row{"", "cohere", Feature::Refusal, Mode::Both, "Cohere's API, version 2, has no word for a refusal"},
    Row{"", "ollama", Feature::Refusal, Mode::Both, "Ollama's API has no word for a refusal"},
    Row{"gemini-array", "", Feature::Undecided, Mode::Whole,
        "only Gemini's streams have the form of an array"},
    Row{"responses", "chat", Feature::Undecided, Mode::Both,
        "OpenAI itself takes Responses, so its chat is never used for them; row `compatible` has that "
        "translation"},
    Row{"completions", "", Feature::History, Mode::Both, kOldCompletions},
    Row{"completions", "", Feature::System, Mode::Both, kOldCompletions},
    Row{"completions", "", Feature::Image, Mode::Both, kOldCompletions},
    Row{"completions", "", Feature::Tools, Mode::Both, kOldCompletions},
    Row{"completions", "", Feature::ParallelTools, Mode::Both, kOldCompletions},
    Row{"completions", "", Feature::ToolResult, Mode::Both, kOldCompletions},
    Row{"completions", "", Feature::Structured, Mode::Both, kOldCompletions},
    Row{"completions", "", Feature::ForgottenTools, Mode::Both, kOldCompletions},
    Row{"completions", "", Feature::StructuredTools, Mode::Both, kOldCompletions},
    Row{"completions", "", Feature::Reasoning, Mode::Both, kOldCompletions},
    Row{"completions", "", Feature::SignedTurn, Mode::Both, kOldCompletions},
    Row{"cohere", "cohere", Feature::StructuredTools, Mode::Both, kNotTogether},
    Row{"gemini", "gemini", Feature::StructuredTools, Mode::Both, kNotTogether},
    Row{"gemini", "vertex", Feature::StructuredTools, Mode::Both, kNotTogether},
    Row{"gemini-array", "gemini", Feature::StructuredTools, Mode::Both, kNotTogether},
    Row{"gemini-array", "vertex", Feature::StructuredTools, Mode::Both, kNotTogether},
    Row{"anthropic", "anthropic", Feature::ForgottenTools, Mode::Both,
        "this API refuses calls without tools, so no client of its own sends them"},
    Row{"gemini-array", "", Feature::SignedTurn, Mode::Both,
        "the first turn of such a cell is whole; row `gemini` has it"},
};

constexpr std::array<Row, 0> kOpen{};

template <class Rows>
std::string_view reasonIn(const Rows& rows, const CellName& cell)
{
    for (const Row& row : rows) {
        const bool mode = row.mode == Mode::Both || (row.mode == Mode::Streamed) == cell.stream;
        if (mode && (row.inbound.empty() || row.inbound == cell.inbound) &&
            (row.outbound.empty() || row.outbound == cell.outbound) &&
            (row.feature == Feature::Undecided || row.feature == cell.feature))
            return row.reason;
    }
    return {};
}

} // namespace

std::string_view whyNot(const CellName& cell)
{
    return reasonIn(kAbsent, cell);
}

std::string_view openFault(const CellName& cell)
{
    return reasonIn(kOpen, cell);
}

} // namespace matrix
