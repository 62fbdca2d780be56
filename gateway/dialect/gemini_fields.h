// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "dialect/json_object.h"

namespace gateway::dialect::gemini {

/// "maxOutputTokens" → "max_output_tokens".
[[nodiscard]] std::string snakeName(std::string_view camel);

/// An object of the Gemini API. Google's servers read protocol buffers from JSON, so a name may be written
/// in camelCase or with underscores, and a whole number as a string. Names are asked for in camelCase.
class Fields {
public:
    Fields() = default;
    explicit Fields(std::string_view text) : m_object(text) { lookForSnakes(); }
    explicit Fields(const JsonDocument& document) : m_object(document) { lookForSnakes(); }

    [[nodiscard]] bool empty() const { return m_object.empty(); }
    [[nodiscard]] const JsonMember* find(std::string_view key) const;
    [[nodiscard]] bool has(std::string_view key) const { return find(key) != nullptr; }
    [[nodiscard]] JsonKind kind(std::string_view key) const;
    [[nodiscard]] std::string_view raw(std::string_view key) const;

    /// Each of these is empty where the member is absent or of another kind.
    [[nodiscard]] std::string text(std::string_view key) const { return textOf(raw(key)); }
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key) const;
    [[nodiscard]] std::optional<double> number(std::string_view key) const { return jsonNumber(raw(key)); }
    [[nodiscard]] std::optional<bool> boolean(std::string_view key) const;
    [[nodiscard]] Fields object(std::string_view key) const { return Fields(raw(key)); }
    [[nodiscard]] std::string_view array(std::string_view key) const;

private:
    void lookForSnakes();

    JsonObject m_object;
    bool m_snakes = false; // a name with underscores is among the members
};

/// Calls visit(const Fields&) for each object in the array.
template <class F>
void forEachObject(std::string_view array, F&& visit)
{
    forEachElement(array, [&visit](std::string_view value, JsonKind kind) {
        if (kind == JsonKind::Object) visit(Fields(value));
    });
}

} // namespace gateway::dialect::gemini
