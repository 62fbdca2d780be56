// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/canonical_json.h"

#include <cmath>
#include <cstdint>
#include <iterator>

#include <nlohmann/json.hpp>

namespace gateway::cache {

namespace {

using Json = nlohmann::json; // its objects are sorted by name

/// 1.0, 1e0 and 1 are one number. `depth` was bounded by the scan of the body.
void makeNumbersAlike(Json& value)
{
    constexpr double kExact = 9'007'199'254'740'992.0; // 2^53: beyond, neighbours are no longer told apart
    if (value.is_number_float()) {
        const double number = value.get<double>();
        if (std::trunc(number) == number && std::abs(number) < kExact)
            value = static_cast<std::int64_t>(number);
        return;
    }
    if (value.is_structured()) {
        for (Json& each : value)
            makeNumbersAlike(each);
    }
}

/// A text that is the only part of a `content` is that content.
void makeContentsAlike(Json& value)
{
    if (!value.is_structured()) return;
    for (Json& each : value)
        makeContentsAlike(each);
    const auto content = value.is_object() ? value.find("content") : value.end();
    if (content == value.end() || !content->is_array() || content->size() != 1) return;
    const Json& part = content->front();
    const bool isText = part.is_object() && part.size() == 2 && part.value("type", Json()) == "text" &&
                        part.contains("text") && part["text"].is_string();
    if (isText) *content = Json(part["text"]);
}

} // namespace

std::optional<std::string> canonicalJson(std::string_view json, std::span<const std::string_view> without)
{
    Json tree = Json::parse(json, nullptr, false);
    if (!tree.is_object()) return std::nullopt;
    for (const std::string_view name : without)
        tree.erase(std::string(name));
    for (auto member = tree.begin(); member != tree.end();)
        member = member->is_object() && member->empty() ? tree.erase(member) : std::next(member);
    makeNumbersAlike(tree);
    makeContentsAlike(tree);
    return tree.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace gateway::cache
