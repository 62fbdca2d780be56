// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <chrono>
#include <functional>
#include <iostream>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include <QString>
#include <QStringList>

#include "gateway/config_io.h"
#include "gateway/durations.h"
#include "gateway/gateway.h"
#include "gateway/virtual_key.h"

#include "app/commands/commands.h"
#include "app/commands/config_edit.h"
#include "app/commands/output.h"

namespace app {

using gateway::Code;
using gateway::Config;
using gateway::KeyBudget;
using gateway::Outcome;
using gateway::VirtualKeyConfig;

namespace {

std::vector<std::string> listOf(const std::string& text)
{
    std::vector<std::string> parts;
    for (const QString& part : QString::fromStdString(text).split(QLatin1Char(','), Qt::SkipEmptyParts))
        parts.push_back(part.trimmed().toStdString());
    return parts;
}

std::string joinedOr(const std::vector<std::string>& parts, const std::string& none)
{
    std::string text;
    for (const std::string& part : parts)
        text += (text.empty() ? "" : ",") + part;
    return text.empty() ? none : text;
}

bool hasExpired(const VirtualKeyConfig& key)
{
    const auto end = gateway::expiryMicros(key.expires);
    return end && *end <= nowMicros();
}

/// "10/day"; nothing where it is none.
std::optional<KeyBudget> budgetIn(const std::string& text)
{
    const std::size_t slash = text.find('/');
    if (slash == std::string::npos) return std::nullopt;
    const auto per = gateway::budgetPeriod(std::string_view(text).substr(slash + 1));
    bool isNumber = false;
    std::string usd = text.substr(0, slash);
    if (usd.starts_with('$')) usd.erase(0, 1);
    const double amount = QString::fromStdString(usd).toDouble(&isNumber);
    if (!per || !isNumber || amount < 0) return std::nullopt;
    return KeyBudget{usd, *per};
}

std::string budgetText(const VirtualKeyConfig& key)
{
    if (!key.budget || !key.budget->usd) return "none";
    return "$" + *key.budget->usd + "/" + std::string(gateway::budgetPeriodName(key.budget->per));
}

std::string limitsText(const VirtualKeyConfig& key)
{
    std::string text;
    if (key.limits.rpm) text = std::to_string(*key.limits.rpm) + " rpm";
    if (key.limits.tpm) text += (text.empty() ? "" : ", ") + std::to_string(*key.limits.tpm) + " tpm";
    if (key.limits.concurrent)
        text += (text.empty() ? "" : ", ") + std::to_string(*key.limits.concurrent) + " at a time";
    return text.empty() ? "none" : text;
}

Json budgetJson(const VirtualKeyConfig& key)
{
    if (!key.budget || !key.budget->usd) return {};
    return {{"usd", Json::parse(*key.budget->usd, nullptr, false)},
            {"per", std::string(gateway::budgetPeriodName(key.budget->per))}};
}

Json limitsJson(const VirtualKeyConfig& key)
{
    Json limits = Json::object();
    if (key.limits.rpm) limits["rpm"] = *key.limits.rpm;
    if (key.limits.tpm) limits["tpm"] = *key.limits.tpm;
    if (key.limits.concurrent) limits["concurrent"] = *key.limits.concurrent;
    return limits;
}

/// What the options say of the key's spending. Error: one that cannot be read.
Outcome readLimits(const CommandLine& line, VirtualKeyConfig& key)
{
    if (line.has("budget")) {
        key.budget = budgetIn(line.value("budget"));
        if (!key.budget)
            return gateway::clientError(Code::InvalidRequest,
                                        "--budget needs US dollars and a time, such as 10/day.");
    }
    const auto number = [&line](const char* name, std::optional<std::int64_t>& into) {
        if (!line.has(name)) return true;
        bool isNumber = false;
        const qlonglong value = QString::fromStdString(line.value(name)).toLongLong(&isNumber);
        if (isNumber && value > 0) into = value;
        return isNumber && value > 0;
    };
    std::optional<std::int64_t> requests;
    if (!number("rpm", requests) || requests.value_or(0) > std::numeric_limits<std::uint32_t>::max())
        return gateway::clientError(Code::InvalidRequest, "--rpm needs a whole number of requests a minute.");
    if (requests) key.limits.rpm = static_cast<std::uint32_t>(*requests);
    std::optional<std::int64_t> together;
    if (!number("concurrent", together) || together.value_or(0) > std::numeric_limits<std::uint32_t>::max())
        return gateway::clientError(Code::InvalidRequest,
                                    "--concurrent needs a whole number of requests at the same time.");
    if (together) key.limits.concurrent = static_cast<std::uint32_t>(*together);
    if (!number("tpm", key.limits.tpm))
        return gateway::clientError(Code::InvalidRequest, "--tpm needs a whole number of tokens a minute.");
    return gateway::Done{};
}

gateway::Error noSuchKey(const Config& config, const std::string& name)
{
    std::string known;
    for (const VirtualKeyConfig& key : config.keys)
        known += (known.empty() ? " There are: " : ", ") + key.id.text;
    return gateway::gatewayError(Code::Internal,
                                 "There is no key \"" + name + "\"." + (known.empty() ? "" : known + "."));
}

/// By name; where the log cannot be read, nothing is known of any.
std::map<std::string, gateway::KeyUse> usesOf(const CommandLine& line)
{
    std::map<std::string, gateway::KeyUse> uses;
    const auto read = gateway::readKeyUses(line.dataDir);
    if (!read) {
        complain("when keys were used last is not known: " + read.error().message);
        return uses;
    }
    for (const gateway::KeyUse& use : read.value())
        uses.emplace(use.id.text, use);
    return uses;
}

std::string useText(const gateway::KeyUse& use)
{
    if (use.lastUsed == 0) return "-";
    const std::string& by = use.program.empty() ? use.client : use.program;
    return localTime(use.lastUsed) + (by.empty() ? "" : " " + by);
}

Json useJson(const gateway::KeyUse& use)
{
    if (use.lastUsed == 0) return {};
    return {{"time", isoTime(use.lastUsed)}, {"client", use.client}, {"program", use.program}};
}

std::string stateOf(const VirtualKeyConfig& key)
{
    return key.paused ? "paused" : hasExpired(key) ? "expired" : "active";
}

/// "24h", "0", "7d"; nothing where it is no such time, or more than a year.
std::optional<std::chrono::seconds> timeIn(const std::string& text)
{
    constexpr std::chrono::hours kMost{365 * 24};
    if (text == "0") return std::chrono::seconds(0);
    const auto time = gateway::durationIn(text);
    return time && *time <= kMost ? time : std::nullopt;
}

/// Changes one key. What `change` makes of it is written.
Outcome changeKey(const CommandLine& line, const std::function<void(VirtualKeyConfig&)>& change)
{
    const std::string& name = line.operands.front();
    return editConfig(line.configPath, [&](Config& config) -> Outcome {
        for (VirtualKeyConfig& key : config.keys) {
            if (key.id.text != name) continue;
            change(key);
            return gateway::Done{};
        }
        return noSuchKey(config, name);
    });
}

int setPaused(const CommandLine& line, bool paused)
{
    const Outcome edited = changeKey(line, [paused](VirtualKeyConfig& key) { key.paused = paused; });
    if (!edited) return failWith(edited.error(), line.json);
    const std::string& name = line.operands.front();
    if (line.json)
        printJson({{"name", name}, {"paused", paused}});
    else
        printLine("The key \"" + name + "\" is " + (paused ? "paused." : "good again."));
    return kDone;
}

} // namespace

int runKeyCreate(const CommandLine& line)
{
    gateway::FreshKey fresh = gateway::makeVirtualKey();
    VirtualKeyConfig key;
    key.id = gateway::VirtualKeyId(line.operands.front());
    key.sha256 = fresh.sha256;
    noteMade(key, fresh.key, nowMicros());
    key.models = listOf(line.value("models"));
    key.routes = listOf(line.value("routes"));
    key.dialects = listOf(line.value("dialects"));
    key.tags = listOf(line.value("tags"));
    key.expires = line.value("expires");
    if (line.has("expires") && key.expires.empty())
        return failWith(
            gateway::clientError(Code::InvalidRequest, "--expires needs a date, such as 2026-12-31."),
            line.json);
    if (const Outcome read = readLimits(line, key); !read) return failWith(read.error(), line.json);
    const Outcome edited = editConfig(line.configPath, [&key](Config& config) -> Outcome {
        if (config.findKey(key.id.text))
            return gateway::gatewayError(Code::Internal,
                                         "There is a key \"" + key.id.text +
                                             "\" already. Choose another name, or revoke that one first.");
        config.keys.push_back(key);
        return gateway::Done{};
    });
    if (!edited) return failWith(edited.error(), line.json);
    if (line.json) {
        printJson({{"name", key.id.text},
                   {"key", std::string(fresh.key.reveal())},
                   {"models", key.models},
                   {"routes", key.routes},
                   {"dialects", key.dialects},
                   {"tags", key.tags},
                   {"expires", key.expires.empty() ? Json() : Json(key.expires)},
                   {"budget", budgetJson(key)},
                   {"limits", limitsJson(key)}});
        return kDone;
    }
    std::cerr << "The key \"" << key.id.text << "\", shown only this once:" << std::endl;
    std::cout << fresh.key.reveal() << std::endl;
    return kDone;
}

int runKeyList(const CommandLine& line)
{
    const auto loaded = loadConfig(line.configPath);
    if (!loaded) return failWith(loaded.error(), line.json);
    const std::vector<VirtualKeyConfig>& keys = loaded->config.keys;
    auto uses = usesOf(line);
    if (line.json) {
        Json list = Json::array();
        for (const VirtualKeyConfig& key : keys) {
            list.push_back({{"name", key.id.text},
                            {"prefix", key.prefix},
                            {"created", key.created.empty() ? Json() : Json(key.created)},
                            {"models", key.models},
                            {"routes", key.routes},
                            {"dialects", key.dialects},
                            {"tags", key.tags},
                            {"expires", key.expires.empty() ? Json() : Json(key.expires)},
                            {"budget", budgetJson(key)},
                            {"limits", limitsJson(key)},
                            {"last_used", useJson(uses[key.id.text])},
                            {"state", stateOf(key)}});
        }
        printJson(list);
        return kDone;
    }
    if (keys.empty()) {
        complain("there are no keys yet; make one with: turnpiked key create NAME");
        return kDone;
    }
    std::vector<std::vector<std::string>> rows;
    rows.reserve(keys.size());
    for (const VirtualKeyConfig& key : keys)
        rows.push_back({key.id.text, joinedOr(key.models, "*"), budgetText(key), limitsText(key),
                        key.expires.empty() ? "never" : key.expires, useText(uses[key.id.text]),
                        stateOf(key)});
    printTable({"NAME", "MODELS", "BUDGET", "LIMITS", "EXPIRES", "LAST USED", "STATE"}, rows);
    return kDone;
}

int runKeyRevoke(const CommandLine& line)
{
    const std::string& name = line.operands.front();
    const Outcome edited = editConfig(line.configPath, [&name](Config& config) -> Outcome {
        const auto count =
            std::erase_if(config.keys, [&name](const VirtualKeyConfig& key) { return key.id.text == name; });
        if (count > 0) return gateway::Done{};
        return noSuchKey(config, name);
    });
    if (!edited) return failWith(edited.error(), line.json);
    if (line.json)
        printJson({{"name", name}, {"revoked", true}});
    else
        printLine("The key \"" + name + "\" is revoked.");
    return kDone;
}

int runKeyRotate(const CommandLine& line)
{
    const auto overlap = timeIn(line.has("overlap") ? line.value("overlap") : "24h");
    if (!overlap)
        return failWith(
            gateway::clientError(Code::InvalidRequest, "--overlap needs 0, 30m, 24h or 7d, at most 365d."),
            line.json);
    const gateway::FreshKey fresh = gateway::makeVirtualKey();
    std::string until;
    const Outcome edited = changeKey(line, [&](VirtualKeyConfig& key) {
        key = rotated(std::move(key), fresh.key, fresh.sha256, *overlap, nowMicros());
        until = key.former ? key.former->until : std::string();
    });
    if (!edited) return failWith(edited.error(), line.json);
    const std::string& name = line.operands.front();
    if (line.json) {
        printJson({{"name", name},
                   {"key", std::string(fresh.key.reveal())},
                   {"former_until", until.empty() ? Json() : Json(until)}});
        return kDone;
    }
    std::cerr << "The key \"" << name << "\" anew, shown only this once"
              << (until.empty() ? "; the one before is no longer good:"
                                : "; the one before is good until " + until + ":")
              << std::endl;
    std::cout << fresh.key.reveal() << std::endl;
    return kDone;
}

int runKeyPause(const CommandLine& line)
{
    return setPaused(line, true);
}

int runKeyResume(const CommandLine& line)
{
    return setPaused(line, false);
}

} // namespace app
