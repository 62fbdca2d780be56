// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "dialect/dialect.h"

namespace gateway::dialect::responses {

/// The Response object around an answer. What it repeats of the request is put together once, since a stream
/// says it three times. Lives shorter than the context's document.
class ResponseObject {
public:
    struct State {
        std::string_view status;        // "in_progress", "completed", "incomplete", "failed"
        std::string_view output;        // the items, commas between them
        std::string_view incompleteWhy; // "max_output_tokens", "content_filter"
        std::string_view failure;       // an object; empty: null
        const Usage* usage = nullptr;   // null, or not known: null
        std::optional<Money> cost = {}; // put into the usage
    };

    explicit ResponseObject(const CompletionContext& context);
    [[nodiscard]] std::string text(const State& state) const;

private:
    std::string m_head; // from the brace to the model
    std::string m_echo; // what comes from the request, each member with a comma before it
    std::int64_t m_created;
};

} // namespace gateway::dialect::responses
