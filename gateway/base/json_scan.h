// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_cursor.h"

namespace gateway {

enum class JsonFault : uint8_t { Undecided, Syntax, InvalidUtf8, TooDeep, DuplicateKey, Empty };

/// Why a text was refused. Line and column count from one, columns in bytes. The message quotes nothing of
/// the text but a repeated key.
struct JsonProblem {
    JsonFault fault = JsonFault::Undecided;
    size_t offset = 0;
    size_t line = 0;
    size_t column = 0;
    std::string message;
};

/// What scanJson() found: the kind of the root and, where that is an object, its members in order. The views
/// live as long as the scanned text. Made to be used again: a second scan keeps the memory of the first.
struct JsonDocument {
    JsonKind root = JsonKind::Undecided;
    std::vector<JsonMember> members;

    /// The member of that name, null when there is none.
    const JsonMember* find(std::string_view key) const;
};

/// Deeper texts are refused: trees made of them later would cost a stack frame for each level.
inline constexpr size_t kMaxJsonDepth = 128;

/// Validates the whole text in one pass: RFC 8259 and nothing beside it (no byte order mark, no NaN, no
/// trailing bytes; numbers of any length), UTF-8, paired \u surrogates, at most `maxDepth` open brackets, and
/// no key twice in one object, compared with its escapes decoded. On a problem `into` is left empty.
std::optional<JsonProblem> scanJson(std::string_view text, JsonDocument& into,
                                    size_t maxDepth = kMaxJsonDepth);

} // namespace gateway
