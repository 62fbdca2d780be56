// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/config.h"
#include "gateway/dry_run.h"
#include "gateway/result.h"
#include "gateway/snapshot.h"

#include "base/json_scan.h"
#include "dialect/dialect.h"
#include "exchange/canonical.h"
#include "guardrail/personal_data.h"
#include "listener/request_head.h"
#include "pipeline/provider_wishes.h"
#include "pipeline/request_notes.h"
#include "pipeline/request_situation.h"
#include "pipeline/route_meaning.h"

namespace gateway::engine {

/// What is read of a request that is explained, and kept for as long as that takes. Never moved: it is full
/// of views of itself.
struct ReadRequest {
    ReadRequest() = default;
    ReadRequest(const ReadRequest&) = delete;
    ReadRequest& operator=(const ReadRequest&) = delete;

    std::string bytes;
    DryHeaders headers;
    std::string url; // that its clients would call
    listener::RequestHead head;
    JsonDocument document;
    const dialect::Dialect* spoken = nullptr;
    dialect::PathFacts path;
    dialect::RequestFacts facts;
    pipeline::RequestWishes wishes;   // of its head; with `data` of the body, too
    routing::Preferences preferences; // of its body
    LogRow row;
    std::int64_t nowMicros = 0;
    std::optional<Request> conversation;
    std::optional<guardrail::EntitySet> personal;
    pipeline::FoundLikenesses likenesses;
    pipeline::LastPhrases* phrases = nullptr; // of the explainer
    std::vector<std::string> names;           // of models or routes, in the order of the client's wish
};

/// Errors: those that a client would get.
[[nodiscard]] Outcome readRequest(const DryRequest& request, const Config& config, ReadRequest& into);
/// What routing may know of it.
[[nodiscard]] pipeline::RoutedRequest routedRequest(ReadRequest& read);

} // namespace gateway::engine
