// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/web_token.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/base64.h"
#include "base/json_scan.h"
#include "base/jws.h"
#include "base/strings.h"

namespace gateway::guardrail {

namespace {

constexpr std::size_t kMostToken = 16'384, kMostKeys = 100;
constexpr std::int64_t kMostSpan = std::int64_t{100} * 365 * 86'400;

struct TimeUnit {
    std::string_view names; // with spaces around each
    std::int64_t seconds;
};
constexpr std::array kTimeUnits{TimeUnit{" s sec secs second seconds ", 1},
                                TimeUnit{" m min mins minute minutes ", 60},
                                TimeUnit{" h hr hrs hour hours ", 3600}, TimeUnit{" d day days ", 86'400},
                                TimeUnit{" w week weeks ", 604'800}};

Opinion tokenRefused(const char* why)
{
    return {true, std::string("the token is not valid: ") + why};
}

/// An object in which no key is twice; else null.
nlohmann::json objectOf(std::string_view text)
{
    JsonDocument document;
    if (scanJson(text, document) || document.root != JsonKind::Object) return nullptr;
    return nlohmann::json::parse(text, nullptr, false);
}

/// A part of a token, which has only the alphabet for URLs.
std::optional<std::string> partBytes(std::string_view part)
{
    if (part.find_first_of("+/=") != std::string_view::npos) return std::nullopt;
    return fromBase64(part);
}

std::string textIn(const nlohmann::json& object, const char* name)
{
    const auto member = object.find(name);
    return member != object.end() && member->is_string() ? member->get<std::string>() : std::string();
}

std::string bytesIn(const nlohmann::json& object, const char* name)
{
    return partBytes(textIn(object, name)).value_or(std::string());
}

/// A key that says it is for something else, or for another algorithm, is not used.
bool isForSigning(const nlohmann::json& key, std::string_view algorithm)
{
    const auto says = [&key](const char* name, std::string_view wanted) {
        return !key.contains(name) || textIn(key, name) == wanted;
    };
    if (!says("use", "sig") || !says("alg", algorithm)) return false;
    const auto uses = key.find("key_ops");
    return uses == key.end() ||
           (uses->is_array() && std::find(uses->begin(), uses->end(), "verify") != uses->end());
}

/// The first key of that name; null: there is none.
const nlohmann::json* keyNamed(const nlohmann::json& list, const std::string& name)
{
    const auto keys = list.is_object() ? list.find("keys") : list.end();
    if (keys == list.end() || !keys->is_array() || name.empty()) return nullptr;
    std::size_t seen = 0;
    for (const nlohmann::json& key : *keys) {
        if (++seen > kMostKeys) return nullptr;
        if (key.is_object() && textIn(key, "kid") == name) return &key;
    }
    return nullptr;
}

bool isSignedBy(const nlohmann::json& key, const std::string& algorithm, std::string_view text,
                std::string_view signature)
{
    if (!isForSigning(key, algorithm)) return false;
    const std::string type = textIn(key, "kty");
    if (type != (algorithm.starts_with("ES") ? "EC" : "RSA")) return false;
    const JwsKey numbers{bytesIn(key, "n"), bytesIn(key, "e"), textIn(key, "crv"), bytesIn(key, "x"),
                         bytesIn(key, "y")};
    return verifiesJws(algorithm, numbers, text, signature);
}

/// A time of a token's. `isWrong`: it is there, and is none.
std::optional<double> timeIn(const nlohmann::json& claims, const char* name, bool& isWrong)
{
    const auto claim = claims.find(name);
    if (claim == claims.end()) return std::nullopt;
    if (!claim->is_number()) isWrong = true;
    return claim->is_number() ? std::optional(claim->get<double>()) : std::nullopt;
}

Opinion judgeTimes(const nlohmann::json& claims, const TokenTimes& times, std::int64_t nowSeconds)
{
    bool isWrong = false;
    const auto expires = timeIn(claims, "exp", isWrong), begins = timeIn(claims, "nbf", isWrong),
               issued = timeIn(claims, "iat", isWrong);
    const auto now = static_cast<double>(nowSeconds);
    const auto tolerance = static_cast<double>(times.tolerance.count());
    if (isWrong) return tokenRefused("one of its times is none");
    if (expires && *expires <= now - tolerance) return tokenRefused("it has expired");
    if (begins && *begins > now + tolerance) return tokenRefused("it does not hold yet");
    if (!issued) return tokenRefused("it does not say when it was issued");
    if (*issued > now + tolerance) return tokenRefused("it was issued in the future");
    if (now - *issued - tolerance > static_cast<double>(times.maxAge.count()))
        return tokenRefused("it is too old");
    return {};
}

} // namespace

std::optional<std::chrono::seconds> parseTimeSpan(std::string_view text)
{
    text = trimmed(text);
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc() || count <= 0) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const std::string name = " " + lowered(trimmed(text)) + " ";
    if (name.find(' ', 1) != name.size() - 1 || name.size() < 3) return std::nullopt;
    for (const TimeUnit& unit : kTimeUnits) {
        if (unit.names.find(name) == std::string_view::npos) continue;
        if (count > kMostSpan / unit.seconds) return std::nullopt;
        return std::chrono::seconds(count * unit.seconds);
    }
    return std::nullopt;
}

bool isKeyList(std::string_view json)
{
    const nlohmann::json list = objectOf(json);
    const auto keys = list.is_object() ? list.find("keys") : list.end();
    return list.is_object() && keys != list.end() && keys->is_array();
}

Opinion judgeWebToken(std::string_view token, std::string_view keyList, const TokenTimes& times,
                      std::int64_t nowSeconds)
{
    if (token.size() > kMostToken) return tokenRefused("it is too long");
    const std::vector<std::string_view> parts = splitAt(token, '.');
    if (parts.size() != 3) return tokenRefused("it is no signed JSON Web Token");
    const auto headBytes = partBytes(parts[0]), claimBytes = partBytes(parts[1]),
               signature = partBytes(parts[2]);
    const nlohmann::json head = headBytes ? objectOf(*headBytes) : nlohmann::json();
    const nlohmann::json claims = claimBytes ? objectOf(*claimBytes) : nlohmann::json();
    if (!head.is_object() || !claims.is_object() || !signature)
        return tokenRefused("it is no signed JSON Web Token");
    if (head.contains("crit")) return tokenRefused("it asks for what nobody here understands");
    const nlohmann::json list = objectOf(keyList);
    const nlohmann::json* key = keyNamed(list, textIn(head, "kid"));
    if (!key) {
        Opinion opinion{true, "no key of the list has the token's name"};
        opinion.unknownKey = true;
        return opinion;
    }
    const std::string_view text = token.substr(0, parts[0].size() + 1 + parts[1].size());
    if (!isSignedBy(*key, textIn(head, "alg"), text, *signature))
        return tokenRefused("its signature is not that of its key");
    return judgeTimes(claims, times, nowSeconds);
}

} // namespace gateway::guardrail
