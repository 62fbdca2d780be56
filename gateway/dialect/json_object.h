// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_scan.h"

namespace gateway::dialect {

/// The members of one object of validated JSON, found once and then looked up by name. Views point into the
/// text. A member that is null counts as absent: every dialect here means the same by both.
class JsonObject {
public:
    JsonObject() = default;
    explicit JsonObject(std::string_view text);
    explicit JsonObject(const JsonDocument& document) : m_members(document.members) {}

    [[nodiscard]] bool empty() const { return m_members.empty(); }
    [[nodiscard]] const std::vector<JsonMember>& members() const { return m_members; }
    [[nodiscard]] const JsonMember* find(std::string_view key) const;
    [[nodiscard]] bool has(std::string_view key) const { return find(key) != nullptr; }
    [[nodiscard]] JsonKind kind(std::string_view key) const;
    [[nodiscard]] std::string_view raw(std::string_view key) const;

    /// Each of these is empty where the member is absent or of another kind.
    [[nodiscard]] std::string text(std::string_view key) const;
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key) const;
    [[nodiscard]] std::optional<double> number(std::string_view key) const;
    [[nodiscard]] std::optional<bool> boolean(std::string_view key) const;
    [[nodiscard]] JsonObject object(std::string_view key) const;
    [[nodiscard]] std::string_view array(std::string_view key) const;

private:
    std::vector<JsonMember> m_members;
};

/// The text of a JSON string, empty for anything else.
[[nodiscard]] std::string textOf(std::string_view value);

/// Validated JSON without space between its tokens and in pure ASCII, so that it fits on one line of any
/// stream.
[[nodiscard]] std::string compactJson(std::string_view json);

/// True for a whole, valid JSON object.
[[nodiscard]] bool isJsonObject(std::string_view text);

/// What a tool is called with, as a JSON object. Models do write broken arguments; those are kept as the text
/// they are under one name, since every dialect insists on an object.
[[nodiscard]] std::string argumentsObject(std::string_view text);

} // namespace gateway::dialect
