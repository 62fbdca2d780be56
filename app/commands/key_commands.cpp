// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <iostream>
#include <limits>
#include <map>
#include <optional>

#include <QDateTime>
#include <QString>
#include <QStringList>

#include "gateway/config_io.h"
#include "gateway/gateway.h"

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
    if (key.expires.empty()) return false;
    QDateTime end = QDateTime::fromString(QString::fromStdString(key.expires), Qt::ISODateWithMs);
    // A bare date is good until its day ends, in UTC as everywhere in the configuration.
    if (key.expires.find(':') == std::string::npos)
        end = QDateTime(QDate::fromString(QString::fromStdString(key.expires), Qt::ISODate).addDays(1),
                        QTime(0, 0), Qt::UTC);
    else if (end.timeSpec() == Qt::LocalTime)
        end.setTimeSpec(Qt::UTC);
    return end.isValid() && end <= QDateTime::currentDateTimeUtc();
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
    if (!number("tpm", key.limits.tpm))
        return gateway::clientError(Code::InvalidRequest, "--tpm needs a whole number of tokens a minute.");
    return gateway::Done{};
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

} // namespace

int runKeyCreate(const CommandLine& line)
{
    gateway::FreshKey fresh = gateway::makeVirtualKey();
    VirtualKeyConfig key;
    key.id = gateway::VirtualKeyId(line.operands.front());
    key.sha256 = fresh.sha256;
    key.models = listOf(line.value("models"));
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
                            {"models", key.models},
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
        std::string known;
        for (const VirtualKeyConfig& key : config.keys)
            known += (known.empty() ? " There are: " : ", ") + key.id.text;
        return gateway::gatewayError(Code::Internal, "There is no key \"" + name + "\"." +
                                                         (known.empty() ? "" : known + "."));
    });
    if (!edited) return failWith(edited.error(), line.json);
    if (line.json)
        printJson({{"name", name}, {"revoked", true}});
    else
        printLine("The key \"" + name + "\" is revoked.");
    return kDone;
}

} // namespace app
