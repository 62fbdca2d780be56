// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/provider_wishes.h"

#include <cmath>
#include <string>
#include <utility>

#include "base/json_cursor.h"
#include "base/json_text.h"

namespace gateway::pipeline {

namespace {

constexpr std::size_t kMaxProviders = 100;
constexpr double kMostDollars = 1'000'000;

Error wrongType(const std::string& key, const std::string& needs)
{
    return clientError(Code::InvalidRequest, "'provider." + key + "' has to be " + needs + ".",
                       "provider." + key);
}

Outcome readList(std::string_view object, const std::string& key, std::vector<std::string>& into)
{
    const std::string_view list = memberValue(object, key);
    if (list.empty() || jsonKindOf(list) == JsonKind::Null) return Done{};
    bool good = jsonKindOf(list) == JsonKind::Array;
    forEachElement(list, [&](std::string_view element, JsonKind) {
        auto name = decodeJsonString(element);
        good = good && name && into.size() < kMaxProviders;
        if (good) into.push_back(std::move(*name));
        return good;
    });
    if (good) return Done{};
    return wrongType(key, "a list of at most 100 provider names");
}

Outcome readFlag(std::string_view object, const std::string& key, bool& into)
{
    const std::string_view value = memberValue(object, key);
    if (value.empty() || jsonKindOf(value) == JsonKind::Null) return Done{};
    const JsonKind kind = jsonKindOf(value);
    if (kind != JsonKind::True && kind != JsonKind::False) return wrongType(key, "true or false");
    into = kind == JsonKind::True;
    return Done{};
}

Outcome readSort(std::string_view object, routing::Preferences::Sort& into)
{
    using Sort = routing::Preferences::Sort;
    std::string_view value = memberValue(object, "sort");
    if (jsonKindOf(value) == JsonKind::Object) value = memberValue(value, "by");
    if (value.empty() || jsonKindOf(value) == JsonKind::Null) return Done{};
    const std::string name = decodeJsonString(value).value_or(std::string());
    if (name == "price")
        into = Sort::Price;
    else if (name == "throughput" || name == "latency")
        into = Sort::Speed;
    else
        return wrongType("sort", "price, throughput or latency");
    return Done{};
}

/// OpenRouter's `max_price`, in dollars for a million tokens, as a number or as text. What it asks of a
/// picture or of a whole request has no price here to hold it against.
Outcome readMost(std::string_view object, const std::string& key, std::optional<Money>& into)
{
    const std::string_view value = memberValue(memberValue(object, "max_price"), key);
    if (value.empty() || jsonKindOf(value) == JsonKind::Null) return Done{};
    const std::string text = jsonKindOf(value) == JsonKind::String
                                 ? decodeJsonString(value).value_or(std::string())
                                 : std::string(value);
    const auto dollars = jsonNumber(text);
    if (!dollars || *dollars < 0 || *dollars > kMostDollars)
        return wrongType("max_price." + key, "dollars for a million tokens");
    into = Money::fromNanos(std::llround(*dollars * static_cast<double>(Money::kNanosPerDollar)));
    return Done{};
}

} // namespace

Result<ProviderWishes> readProviderWishes(const JsonDocument& body)
{
    ProviderWishes wishes;
    const JsonMember* member = body.find("provider");
    if (!member || member->kind != JsonKind::Object) return wishes;
    const std::string_view object = member->value;
    routing::Preferences& preferences = wishes.preferences;
    for (const Outcome& read :
         {readList(object, "order", preferences.order), readList(object, "only", preferences.only),
          readList(object, "ignore", preferences.ignore), readSort(object, preferences.sort),
          readFlag(object, "allow_fallbacks", preferences.allowFallbacks),
          readFlag(object, "require_parameters", preferences.requireAbilities),
          readMost(object, "prompt", preferences.mostInput),
          readMost(object, "completion", preferences.mostOutput),
          readFlag(object, "zdr", wishes.data.zeroRetention)}) {
        if (!read) return read.error();
    }
    wishes.data.noTraining = decodeJsonString(memberValue(object, "data_collection")) == "deny";
    return wishes;
}

} // namespace gateway::pipeline
