// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

/// Reading of JSON text where it lies, without a tree. All of it expects text that scanJson() accepted:
/// other text gives meaningless answers, but never a read outside of it.
namespace gateway {

enum class JsonKind : uint8_t { Undecided, Object, Array, String, Number, True, False, Null };

/// One member of an object; both views point into the scanned text.
struct JsonMember {
    std::string_view key;   // Without quotes, escapes not decoded.
    std::string_view value; // With quotes or brackets, without space around it.
    JsonKind kind = JsonKind::Undecided;
    bool keyEscaped = false;
};

/// Walks the members of one object or the elements of one array.
class JsonCursor {
public:
    explicit JsonCursor(std::string_view container);

    /// False at the end, and at once when the text is no object.
    bool nextMember(JsonMember& member);
    /// False at the end, and at once when the text is no array.
    bool nextElement(std::string_view& value, JsonKind& kind);

private:
    bool atNext();
    std::string_view takeValue();

    const char* m_at;
    const char* m_end;
    JsonKind m_container;
};

/// Tells the kind by the first byte that is no space.
JsonKind jsonKindOf(std::string_view value);

namespace json_cursor {
bool isNamedDecoded(const JsonMember& member, std::string_view key);
} // namespace json_cursor

/// True when the member's key is `key` once its escapes are decoded.
inline bool isNamed(const JsonMember& member, std::string_view key)
{
    return member.keyEscaped ? json_cursor::isNamedDecoded(member, key) : member.key == key;
}

/// The raw value of `key` in `object`, empty when there is none.
std::string_view memberValue(std::string_view object, std::string_view key);

/// The value of a JSON number that is a whole one and fits: "12", "12.0" and "1.2e1" are all 12.
std::optional<int64_t> jsonInteger(std::string_view text);

/// The nearest double of a JSON number; nothing when it is too large or too small for one.
std::optional<double> jsonNumber(std::string_view text);

namespace json_cursor {
template <class F, class... Arguments>
bool goesOn(F& visit, Arguments&&... arguments)
{
    if constexpr (std::is_void_v<std::invoke_result_t<F&, Arguments...>>) {
        visit(static_cast<Arguments&&>(arguments)...);
        return true;
    } else {
        return static_cast<bool>(visit(static_cast<Arguments&&>(arguments)...));
    }
}
} // namespace json_cursor

/// Calls visit(const JsonMember&) for each member in order; a visit that returns false ends the walk.
template <class F>
void forEachMember(std::string_view object, F&& visit)
{
    JsonCursor cursor(object);
    JsonMember member;
    while (cursor.nextMember(member)) {
        if (!json_cursor::goesOn(visit, static_cast<const JsonMember&>(member))) return;
    }
}

/// Calls visit(std::string_view value, JsonKind) for each element in order; false ends the walk.
template <class F>
void forEachElement(std::string_view array, F&& visit)
{
    JsonCursor cursor(array);
    std::string_view value;
    JsonKind kind = JsonKind::Undecided;
    while (cursor.nextElement(value, kind)) {
        if (!json_cursor::goesOn(visit, std::string_view(value), JsonKind(kind))) return;
    }
}

} // namespace gateway
