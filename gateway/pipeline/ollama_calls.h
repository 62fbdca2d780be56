// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "access/virtual_keys.h"
#include "listener/request_handler.h"
#include "pipeline/endpoints.h"
#include "pipeline/models_answer.h"
#include "pipeline/thread_context.h"

namespace gateway::pipeline {

/// What clients of Ollama ask besides calling models: which there are, what one can do, the server's version.
struct OllamaAsk {
    EndpointKind kind = EndpointKind::Unknown;
    std::shared_ptr<const Runtime> runtime;
    const access::VirtualKey* key = nullptr; // lives in `runtime`
    RequestId id;
};
[[nodiscard]] std::unique_ptr<listener::Exchange> ollamaCall(ThreadContext& context, OllamaAsk ask);

/// `GET /api/tags`.
[[nodiscard]] std::string ollamaTagsBody(const std::vector<ListedModel>& models);
/// The answer to `POST /api/show` with this body. Errors: it names no model, or none that the key may use.
[[nodiscard]] Result<std::string> ollamaShowBody(const Runtime& runtime, const access::VirtualKey* key,
                                                 std::string_view body);

} // namespace gateway::pipeline
