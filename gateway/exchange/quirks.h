// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace gateway {

/// Where an OpenAI-compatible server differs from OpenAI's own chat API, as its documentation or its answers
/// say. By default it does not. Of a provider with an API of its own: how its OpenAI-compatible door differs.
struct Quirks {
    std::string maxTokensField; // "max_tokens_field": the only name it knows, "max_tokens" or
                                // "max_completion_tokens"; empty: both.
    std::string seedField;      // "seed_field": its name for `seed`, "random_seed"; empty: `seed`.
    std::string reasoningField; // "reasoning_field": where an assistant's message carries its thinking, in
                                // answers and sent back: "reasoning_content" or "reasoning"; empty: nowhere.
    bool noStreamOptions = false;  // "no_stream_options": refuses it; usage comes, or does not, by itself.
    bool noDeveloperRole = false;  // "no_developer_role": such messages have to be `system` ones.
    bool noJsonSchema = false;     // "no_json_schema": of `response_format` it knows only `json_object`.
    bool rerankData = false;       // "rerank_data": reranks in Voyage's words, `data` and `top_k`
    std::vector<std::string> drop; // "drop": request fields that it refuses.

    bool operator==(const Quirks&) const = default;
};

} // namespace gateway
