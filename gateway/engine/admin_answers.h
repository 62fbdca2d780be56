// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <charconv>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/config_io.h"
#include "gateway/result.h"

#include "base/json_text.h"
#include "pipeline/admin_desk.h"

/// What the answers of the administration are made of. Any thread.
namespace gateway::engine {

/// An error in OpenAI's shape. `param`: what of the call is at fault.
[[nodiscard]] pipeline::AdminAnswer adminRefusal(int status, std::string_view code, std::string_view message,
                                                 std::string_view param = {});
[[nodiscard]] pipeline::AdminAnswer adminRefusal(const Error& error);
/// The same with everything that is wrong with a configuration, each with its path.
[[nodiscard]] pipeline::AdminAnswer adminProblems(std::string_view message,
                                                  const std::vector<ConfigProblem>& problems);
[[nodiscard]] pipeline::AdminAnswer notFound(std::string_view noun, std::string_view name);

void writeProblems(JsonWriter& json, const std::vector<ConfigProblem>& problems);
/// An instant as ISO 8601; null for 0.
void writeMoment(JsonWriter& json, std::string_view name, std::int64_t micros);
/// Null where there is none.
void writeText(JsonWriter& json, std::string_view name, const std::string& text);
void writeUsd(JsonWriter& json, std::string_view name, std::int64_t nanos);
void writeList(JsonWriter& json, std::string_view name, const std::vector<std::string>& texts);

/// The strong entity tag of a configuration's text, with its quotes.
[[nodiscard]] std::string entityTag(std::string_view text);
/// Whether If-Match holds for it (RFC 9110, section 13.1.1).
[[nodiscard]] bool matchesTag(std::string_view ifMatch, std::string_view tag);

/// The query's parameters, decoded. Error (400): one that is not among `known`, or is there twice.
using AdminQuery = std::map<std::string, std::string, std::less<>>;
[[nodiscard]] Result<AdminQuery> parseQuery(std::string_view query, const std::vector<std::string>& known);
/// A moment as an ISO date or time (UTC where it names no zone), or as "15m", "2h", "7d", "4w" before now;
/// 0 where the parameter is not there. Error (400).
[[nodiscard]] Result<std::int64_t> momentIn(const AdminQuery& query, std::string_view name);

/// Nothing where the text is anything else.
template <class Number>
[[nodiscard]] std::optional<Number> wholeNumber(std::string_view text)
{
    Number value{};
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

} // namespace gateway::engine
