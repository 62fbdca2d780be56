// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>

#include "dialect/dialect.h"

namespace gateway::dialect {

inline constexpr std::size_t kMaxProviderMessage = 4096;

/// Reads an error body. Both dialects' shapes and the common near misses ({"error":"…"}, {"message":"…"}) are
/// understood; `shaped` is set only for an object `error` with a message, which is what their SDKs can show.
[[nodiscard]] Dialect::ProviderError readErrorBody(std::string_view body);

/// The error inside a stream, as ours: `error` is the value of the event's member `error`.
[[nodiscard]] Error streamFailure(std::string_view error);

/// A stream that ended without telling its finish.
[[nodiscard]] Error truncatedStream();

/// What came with 200 but is not what the dialect promises.
[[nodiscard]] Error unreadableAnswer(std::string_view what);

} // namespace gateway::dialect
