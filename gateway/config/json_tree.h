// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json_cursor.h"

namespace gateway::config {

/// A JSON text as a tree that keeps what a person wrote: order of keys, numbers digit by digit, escapes.
/// For files a person edits; costs a node per value. A plain value.
struct JsonTree {
    std::string key; // Of this member, decoded; empty elsewhere.
    JsonKind kind = JsonKind::Null;
    std::string scalar = "null";    // Raw text, where this is neither object nor array.
    std::vector<JsonTree> children; // Members or elements.

    /// The text must have passed scanJson() with a depth that a recursion can bear.
    static JsonTree parse(std::string_view json);
    static JsonTree object();
    static JsonTree array();
    static JsonTree string(std::string_view utf8);
    static JsonTree raw(std::string_view number);
    static JsonTree boolean(bool value);

    [[nodiscard]] JsonTree* find(std::string_view name);
    /// The member of that name, put at the end where there is none.
    JsonTree& member(std::string_view name);
    void erase(std::string_view name);
    /// The same value under the key that this node has.
    void assign(JsonTree value);

    /// Two spaces a level; arrays of scalars on one line where they fit.
    [[nodiscard]] std::string pretty() const;
    [[nodiscard]] std::string compact() const;
};

} // namespace gateway::config
