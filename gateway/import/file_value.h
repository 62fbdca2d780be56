// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/result.h"

namespace gateway::imports {

/// A value of the file that is taken over, whichever syntax it was written in. A plain value.
struct FileValue {
    enum class Kind : std::uint8_t { Null, Bool, Number, Text, List, Map };
    Kind kind = Kind::Null;
    std::string key;    // of this member
    std::string scalar; // "true" or "false", a number as JSON, or a text
    std::vector<FileValue> children;
    std::string path;
    std::size_t line = 0;

    [[nodiscard]] const FileValue* find(std::string_view name) const;
    /// The text under that name; empty where there is none.
    [[nodiscard]] std::string_view textOf(std::string_view name) const;
    [[nodiscard]] bool isText() const { return kind == Kind::Text && !scalar.empty(); }
    [[nodiscard]] bool isMap() const { return kind == Kind::Map; }
    [[nodiscard]] bool isList() const { return kind == Kind::List; }
    [[nodiscard]] bool isTrue() const { return kind == Kind::Bool && scalar == "true"; }
    /// A number, or a text that is one.
    [[nodiscard]] std::optional<double> number() const;
    /// A whole one in that range.
    [[nodiscard]] std::optional<std::int64_t> whole(std::int64_t least, std::int64_t most) const;
};

/// Low enough that all who walk the tree may do so by recursion.
inline constexpr std::size_t kMaxDepth = 24;
inline constexpr std::size_t kMaxValues = 20'000;

/// Comments and commas too many are let pass: some of these programs take them.
[[nodiscard]] Result<FileValue> parseJsonFile(std::string_view text);
[[nodiscard]] Result<FileValue> parseYamlFile(std::string_view text);

/// Fills in the paths, once the tree is whole.
void namePaths(FileValue& root);

[[nodiscard]] std::string toJson(const FileValue& value);

} // namespace gateway::imports
