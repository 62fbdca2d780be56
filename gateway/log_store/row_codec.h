// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/snapshot.h"

namespace gateway::log_store {

/// Lists of a row are cut to these lengths, so that a small record cannot become a large row.
inline constexpr std::size_t kMaxAttempts = 256;
inline constexpr std::size_t kMaxListItems = 1024;

/// Appends the row as tagged fields: a tag byte (number and kind), then a varint, or a length and bytes.
/// Empty fields are left out. Readers skip numbers they do not know, so fields can be added, never reused.
void encodeRow(const LogRow& row, std::string& out);
/// Only what the log keeps in its `detail` column: everything that no query looks at.
void encodeDetail(const LogRow& row, std::string& out);

/// In the detail of each row of whose attempts one has a cost of its own; others may have it by chance.
inline constexpr char kShareMark = 0x14;

/// Nothing for bytes that are no row; the id of a row is always positive.
[[nodiscard]] std::optional<LogRow> decodeRow(std::string_view bytes);
/// The same into a row that is used again and again and so keeps its memory. `row` is undefined after false.
[[nodiscard]] bool decodeRowInto(std::string_view bytes, LogRow& row);
/// Adds what encodeDetail() wrote to a row that was read from its columns.
[[nodiscard]] bool decodeDetail(std::string_view bytes, LogRow& row);

} // namespace gateway::log_store
