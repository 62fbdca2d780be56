// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "gateway/result.h"

#include "pipeline/endpoints.h"
#include "pipeline/response_store.h"

namespace gateway::pipeline {

/// What a caller wants of an answer that is kept.
struct KeptAsk {
    const Endpoint& endpoint; // of kind KeptResponse
    std::string_view method;
    std::string_view query;
    std::string owner;
};

/// The id of a response is one that Turnpike gave: no provider can know it.
[[nodiscard]] bool isOwnResponse(std::string_view id);
/// `/v1/responses/{id}` and what is under it. Error: 404 where nothing of that id is kept for the caller.
[[nodiscard]] Result<std::string> keptAnswer(ResponseStore& store, const KeptAsk& ask);

} // namespace gateway::pipeline
