// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "script.h"

namespace fake {

/// Images, sound, reranking, videos, files, batches, and calls of its own under /native/; nothing for other
/// paths.
std::optional<Script> modalAnswer(const Call& call);
/// Bytes of every value, no two neighbours alike.
std::string countedBytes(size_t size);

} // namespace fake
