// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "net/task.h"
#include "pipeline/thread_context.h"

namespace gateway::pipeline {

/// For so long a provider's list is shown to clients that ask for all of them, before it is fetched anew.
inline constexpr std::chrono::minutes kListShownFor{10};

/// A provider's answer to the free call that lists its models.
struct ModelListReply {
    int status = 0; // 0: there was no answer, see `problem`
    std::string body;
    std::string problem;
    const ProviderKeyRuntime* key = nullptr; // that it was asked with
    bool unproven = false; // the key could not be exchanged for a token, so that nobody was asked
};

/// How long the call may take, and where it is found while it is under way; null: nowhere.
struct ListAsk {
    std::chrono::milliseconds connect{0}, firstByte{0};
    upstream::Call** call = nullptr;
};

/// Asks for the list with the first key that can be read. A list that came is kept in the provider's state.
net::Task<ModelListReply> askForModels(ThreadContext& context, const ProviderRuntime& provider, ListAsk ask);

/// Names in a list's body: in OpenAI's and Anthropic's shape (`data[].id`), in Gemini's, Ollama's and
/// Cohere's (`models[].name`) or in Vertex AI's (`publisherModels[].name`).
[[nodiscard]] std::vector<std::string> modelIds(std::string_view body);

/// Fetches the lists of all providers that were not asked for `maxAge`, all at once, and waits for them at
/// most two seconds each. True when one of them came.
net::Task<bool> refreshModelLists(ThreadContext& context, std::shared_ptr<const Runtime> runtime,
                                  std::chrono::seconds maxAge);

} // namespace gateway::pipeline
