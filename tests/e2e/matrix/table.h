// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <string_view>

#include "feature.h"

/// Which cells there are, and what is to be seen in each.
namespace matrix {

/// One protocol that the gateway speaks to providers.
struct Outbound {
    std::string_view name; // of the provider and of the routes to it
    std::string_view kind;
    std::string_view base; // behind the upstream's address
    std::string_view secret;
    std::string_view model;
    std::string_view reasoningModel;
    bool tellsThinking;
    bool tellsReasoningTokens;
    bool tellsCached;
    bool takesFormatWithTools;
    bool wantsSignature;      // takes back what signed its reasoning
    std::string_view refusal; // how it finishes then
    bool refusalHasText;
};

inline constexpr std::string_view kPlainSecret = "env:TURNPIKE_TEST_PROVIDER_KEY";
inline constexpr std::string_view kAwsSecret = "env:TURNPIKE_TEST_AWS_KEY";

inline constexpr std::array kOutbounds{
    Outbound{"chat", "openai", "/chat/v1", kPlainSecret, "gpt-4.1", "o4-mini", false, true, true, true, false,
             "stop", true},
    Outbound{"compatible", "openai-compatible", "/compatible/v1", kPlainSecret, "qwen3", "qwen3", true, true,
             true, true, false, "stop", true},
    Outbound{"responses", "openai", "/responses/v1", kPlainSecret, "gpt-5.1-codex", "gpt-5.1-codex", true,
             true, true, true, true, "stop", true},
    Outbound{"anthropic", "anthropic", "/anthropic", kPlainSecret, "claude-sonnet-4-5", "claude-sonnet-4-5",
             true, false, true, true, true, "filter", true},
    Outbound{"gemini", "gemini", "/gemini", kPlainSecret, "gemini-2.5-pro", "gemini-2.5-pro", true, true,
             true, false, true, "filter", false},
    Outbound{"vertex", "vertex", "/vertex/v1/projects/matrix/locations/global", kPlainSecret,
             "gemini-2.5-pro", "gemini-2.5-pro", true, true, true, false, true, "filter", false},
    Outbound{"bedrock", "bedrock", "/bedrock", kAwsSecret, "anthropic.claude-sonnet-4-5-20250929-v1:0",
             "anthropic.claude-sonnet-4-5-20250929-v1:0", true, false, true, true, true, "filter", true},
    Outbound{"azure", "azure", "/azure", kPlainSecret, "gpt-4.1", "o4-mini", false, true, true, true, false,
             "filter", true},
    Outbound{"cohere", "cohere", "/cohere", kPlainSecret, "command-a-reasoning-08-2025",
             "command-a-reasoning-08-2025", true, false, true, false, false, "", false},
    Outbound{"ollama", "ollama", "/ollama", kPlainSecret, "qwen3:8b", "qwen3:8b", true, false, false, true,
             false, "", false},
};

/// What a client's dialect has words for.
struct Inbound {
    std::string_view name;
    bool showsThinking;
    bool tellsReasoningTokens;
    bool tellsCached;
    bool keepsSignatures; // has a place for what signs the reasoning of another
};

inline constexpr std::array kInbounds{
    Inbound{"chat", true, true, true, true},      Inbound{"completions", false, true, true, false},
    Inbound{"responses", true, true, true, true}, Inbound{"anthropic", true, false, true, true},
    Inbound{"gemini", true, true, true, true},    Inbound{"gemini-array", true, true, true, true},
    Inbound{"ollama", true, false, false, false}, Inbound{"cohere", true, false, true, false},
};

struct CellName {
    std::string_view inbound, outbound;
    Feature feature = Feature::Undecided;
    bool stream = false;
};

/// Why there is no such cell; empty where there is one.
[[nodiscard]] std::string_view whyNot(const CellName& cell);
/// What is known to be wrong in a cell, which therefore has to fail until that is mended; empty elsewhere.
[[nodiscard]] std::string_view openFault(const CellName& cell);

} // namespace matrix
