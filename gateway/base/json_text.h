// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway {

/// Appends `utf8` as a quoted JSON string in pure ASCII: what is not ASCII becomes \uXXXX, and a byte that
/// is not valid UTF-8 becomes \ufffd.
void appendJsonString(std::string& out, std::string_view utf8);

/// `utf8` as such a string.
std::string jsonQuoted(std::string_view utf8);

/// The text of a quoted JSON string. Nothing when it is none: the input need not have been validated.
std::optional<std::string> decodeJsonString(std::string_view quoted);

/// The same for the inside of a string, without its quotes, as in JsonMember::key.
std::optional<std::string> unescapeJson(std::string_view inside);

/// Writes compact ASCII JSON at the end of a string that it does not own. Commas and colons come by
/// themselves; that brackets match and each key has one value is up to the caller.
class JsonWriter {
public:
    explicit JsonWriter(std::string& out) : m_out(out) {}

    JsonWriter& beginObject() { return open('{'); }
    JsonWriter& endObject() { return close('}'); }
    JsonWriter& beginArray() { return open('['); }
    JsonWriter& endArray() { return close(']'); }
    JsonWriter& key(std::string_view name);
    JsonWriter& string(std::string_view utf8);
    JsonWriter& integer(int64_t value);
    JsonWriter& boolean(bool value) { return raw(value ? "true" : "false"); }
    JsonWriter& null() { return raw("null"); }
    /// The shortest text that reads back as the same double; null for an infinity or no number.
    JsonWriter& number(double value);
    /// A whole JSON value that is known to be valid, as it is.
    JsonWriter& raw(std::string_view json);

private:
    JsonWriter& open(char bracket);
    JsonWriter& close(char bracket);
    void beginValue();

    std::string& m_out;
    bool m_afterValue = false; // The next value or key needs a comma before it.
};

} // namespace gateway
