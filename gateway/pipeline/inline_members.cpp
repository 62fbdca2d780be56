// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/inline_members.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>

#include "base/json_text.h"
#include "base/strings.h"
#include "dialect/member_path.h"
#include "dialect/request_facts.h"

namespace gateway::pipeline {

namespace {

constexpr std::size_t kMaxPlace = 80;
constexpr std::size_t kMaxText = 320;
constexpr std::size_t kMaxStatuses = 100;
constexpr std::size_t kMaxDropped = 64;
constexpr std::uint32_t kNever = 101;      // per cent
constexpr std::uint32_t kMostCounted = 40; // requests: older ones hardly weigh
constexpr milliseconds kLeastCoolDown{30'000}, kMostCoolDown = std::chrono::hours(24);
constexpr double kMaxWeight = 1'000'000;
constexpr std::uint32_t kMaxAttempts = 5; // as in Portkey's gateway
constexpr std::int64_t kLongestWait = 1'000'000'000;
constexpr milliseconds kUsualConnect{10'000};

// What says where a request goes and with which key.
constexpr std::array<std::string_view, 6> kDestinations{"custom_host", "api_key",        "forward_headers",
                                                        "customHost",  "forwardHeaders", "apiKey"};
constexpr std::array<std::string_view, 11> kLater{
    "input_guardrails",    "output_guardrails",        "before_request_hooks",
    "after_request_hooks", "default_input_guardrails", "default_output_guardrails",
    "input_mutators",      "output_mutators",          "prompt_id",
    "passthrough",         "strict_open_ai_compliance"};

bool contains(const auto& names, std::string_view name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

Result<std::int64_t> readWhole(std::string_view json, const std::string& at, std::int64_t most)
{
    const auto number = jsonKindOf(json) == JsonKind::Number ? jsonInteger(json) : std::nullopt;
    if (number && *number >= 0 && *number <= most) return *number;
    return configError(at, "has to be a whole number from 0 to " + std::to_string(most) + ".");
}

Error destinationError(const std::string& at)
{
    return configError(at, "is not accepted: destination and key come from the saved configuration only. "
                           "Name one of its providers.");
}

Outcome checkOverridden(std::string_view key, const std::string& at)
{
    // The body's own members of these names are refused, too.
    if (key == "api_base" || key == "base_url" || contains(kDestinations, key)) return destinationError(at);
    if (key == "stream") return configError(at, "cannot be overridden: the client chooses that.");
    if (key == "models") return configError(at, "cannot be overridden. List `targets` instead.");
    return Done{};
}

} // namespace

Error configError(const std::string& at, std::string_view what)
{
    return clientError(Code::InvalidRequest, "`" + at + "` " + std::string(what), "x-portkey-config");
}

Error strayMember(std::string_view key, const std::string& at)
{
    if (contains(kDestinations, key)) return destinationError(at);
    if (contains(kLater, key)) return configError(at, "is not in this version.");
    return configError(at, "is unknown. Leave it out, or correct its name.");
}

Outcome readObject(std::string_view json, const std::string& at, const InlineVisit& visit)
{
    if (jsonKindOf(json) != JsonKind::Object) return configError(at, "has to be an object.");
    std::optional<Error> problem;
    forEachMember(json, [&](const JsonMember& member) {
        const std::string key = unescapeJson(member.key).value_or(std::string());
        const std::string place = at + "." + shortened(key, kMaxPlace);
        // A destination is refused even where it is null: whoever wrote it believes that it is obeyed.
        if (member.kind == JsonKind::Null && !contains(kDestinations, key)) return true;
        if (auto read = visit(key, member, place); !read) problem = std::move(read.error());
        return !problem;
    });
    if (problem) return *std::move(problem);
    return Done{};
}

std::string InlineOverride::json() const
{
    if (members.empty()) return {};
    std::string text;
    JsonWriter writer(text);
    writer.beginObject();
    for (const auto& [key, value] : members)
        writer.key(key).raw(value);
    writer.endObject();
    return text;
}

Result<std::string> readText(std::string_view json, const std::string& at)
{
    auto text = decodeJsonString(json);
    if (text && !text->empty() && text->size() <= kMaxText) return *std::move(text);
    return configError(at, "has to be a text.");
}

Result<std::string_view> readList(std::string_view json, const std::string& at)
{
    if (jsonKindOf(json) == JsonKind::Array) return json;
    return configError(at, "has to be a list.");
}

Result<std::vector<int>> readStatuses(std::string_view json, const std::string& at)
{
    std::vector<int> statuses;
    bool good = jsonKindOf(json) == JsonKind::Array;
    forEachElement(json, [&](std::string_view element, JsonKind kind) {
        const auto status = kind == JsonKind::Number ? jsonInteger(element) : std::nullopt;
        good = good && status && *status >= 100 && *status <= 599 && statuses.size() < kMaxStatuses;
        if (good) statuses.push_back(static_cast<int>(*status));
        return good;
    });
    if (good && !statuses.empty()) return statuses;
    return configError(at, "has to be a list of HTTP statuses.");
}

Result<double> readWeight(std::string_view json, const std::string& at)
{
    const auto weight = jsonKindOf(json) == JsonKind::Number ? jsonNumber(json) : std::nullopt;
    if (weight && *weight >= 0 && *weight <= kMaxWeight) return *weight;
    return configError(at, "has to be a number from 0 to 1000000.");
}

Result<RetryConfig> readRetry(std::string_view json, const std::string& at)
{
    RetryConfig retry;
    const auto read = readObject(
        json, at, [&](const std::string& key, const JsonMember& member, const std::string& place) -> Outcome {
            if (key == "attempts") {
                const auto attempts = readWhole(member.value, place, 1000);
                if (!attempts) return attempts.error();
                retry.attempts = std::min(static_cast<std::uint32_t>(*attempts), kMaxAttempts);
            } else if (key == "on_status_codes") {
                auto statuses = readStatuses(member.value, place);
                if (!statuses) return statuses.error();
                retry.onStatus = std::move(*statuses);
            } else if (key == "use_retry_after_header") {
                if (member.kind != JsonKind::True && member.kind != JsonKind::False)
                    return configError(place, "has to be true or false.");
                retry.honorRetryAfter = member.kind == JsonKind::True;
            } else {
                return strayMember(key, place);
            }
            return Done{};
        });
    if (!read) return read.error();
    if (!retry.attempts) return configError(at + ".attempts", "is missing.");
    return retry;
}

Result<TimeoutConfig> readRequestTimeout(std::string_view json, const std::string& at)
{
    const auto time = readWhole(json, at, kLongestWait);
    if (!time) return time.error();
    TimeoutConfig timeout;
    if (*time == 0) return timeout;
    // Of a stream it is the time to its first event, and a whole answer comes at once.
    timeout.firstByte = milliseconds(*time);
    if (*timeout.firstByte < kUsualConnect) timeout.connect = timeout.firstByte;
    return timeout;
}

Outcome checkCache(std::string_view json, const std::string& at)
{
    const auto checkMode = [](std::string_view mode, const std::string& place) -> Outcome {
        const auto name = decodeJsonString(mode);
        if (name == "simple" || name == "semantic") return Done{};
        return configError(place, "has to be simple or semantic.");
    };
    if (jsonKindOf(json) == JsonKind::String) return checkMode(json, at);
    return readObject(
        json, at, [&](const std::string& key, const JsonMember& member, const std::string& place) -> Outcome {
            if (key == "mode") return checkMode(member.value, place);
            if (key != "max_age") return strayMember(key, place);
            const auto age = readWhole(member.value, place, kLongestWait);
            if (!age) return age.error();
            return Done{};
        });
}

Outcome readOverride(std::string_view json, const std::string& at, InlineOverride& into)
{
    return readObject(
        json, at, [&](const std::string& key, const JsonMember& member, const std::string& place) -> Outcome {
            if (key == "model") {
                auto model = readText(member.value, place);
                if (!model) return model.error();
                if (!dialect::isModelName(*model))
                    return configError(place,
                                       "has to be 1 to 256 letters, digits and _ . : / @ + -, without '..'.");
                into.model = std::move(*model);
                return Done{};
            }
            if (auto checked = checkOverridden(key, place); !checked) return checked;
            const auto there = std::find_if(into.members.begin(), into.members.end(),
                                            [&key](const auto& each) { return each.first == key; });
            if (there != into.members.end())
                there->second = member.value;
            else
                into.members.emplace_back(key, member.value);
            return Done{};
        });
}

Outcome readDropped(std::string_view json, const std::string& at, std::vector<std::string>& into)
{
    const auto list = readList(json, at);
    if (!list) return list.error();
    std::optional<Error> problem;
    std::size_t place = 0;
    forEachElement(*list, [&](std::string_view element, JsonKind) {
        const std::string there = at + "[" + std::to_string(place++) + "]";
        const std::string path = decodeJsonString(element).value_or(std::string());
        if (!dialect::isMemberPath(path) || path.size() > kMaxText)
            problem = configError(there, "has to name a parameter, such as top_p or response_format.type.");
        else if (path == "model" || path == "stream" || path == "messages")
            problem = configError(there, "cannot be dropped: without it there is no request.");
        else if (into.size() >= kMaxDropped)
            problem = configError(at, "drops more than 64 parameters.");
        else
            into.push_back(path);
        return !problem;
    });
    if (problem) return *std::move(problem);
    return Done{};
}

Result<InlineCircuit> readCircuit(std::string_view json, const std::string& at)
{
    // What is not said plays no part there, while ours have defaults.
    InlineCircuit circuit;
    circuit.rules.failures = std::numeric_limits<std::uint32_t>::max();
    circuit.rules.errorPercent = kNever;
    circuit.rules.recover = 1;
    circuit.rules.wait = kLeastCoolDown;
    bool said = false;
    const auto take = [&](const std::string& key, const JsonMember& member,
                          const std::string& place) -> Outcome {
        if (key == "failure_status_codes") {
            auto statuses = readStatuses(member.value, place);
            if (!statuses) return statuses.error();
            circuit.failures = std::move(*statuses);
            return Done{};
        }
        const std::int64_t most = key == "failure_threshold_percentage" ? 100 : kLongestWait;
        const auto number = readWhole(member.value, place, most);
        if (!number) return number.error();
        const auto count = static_cast<std::uint32_t>(*number);
        if (key == "failure_threshold") {
            circuit.rules.failures = std::max(1U, count);
        } else if (key == "failure_threshold_percentage") {
            circuit.rules.errorPercent = std::max(1U, count);
        } else if (key == "minimum_requests") {
            circuit.rules.minimum = std::min(count, kMostCounted);
            return Done{};
        } else if (key == "cooldown_interval") {
            circuit.rules.wait = std::clamp(milliseconds(*number), kLeastCoolDown, kMostCoolDown);
            return Done{};
        } else {
            return strayMember(key, place);
        }
        said = true;
        return Done{};
    };
    if (auto read = readObject(json, at, take); !read) return read.error();
    if (said) return circuit;
    return configError(at, "needs a failure_threshold or a failure_threshold_percentage.");
}

} // namespace gateway::pipeline
