// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <iostream>

#include <QDateTime>
#include <QString>
#include <QStringList>

#include "gateway/gateway.h"

#include "app/commands/commands.h"
#include "app/commands/config_edit.h"
#include "app/commands/output.h"

namespace app {

using gateway::Code;
using gateway::Config;
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
                   {"expires", key.expires.empty() ? Json() : Json(key.expires)}});
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
    if (line.json) {
        Json list = Json::array();
        for (const VirtualKeyConfig& key : keys) {
            list.push_back({{"name", key.id.text},
                            {"models", key.models},
                            {"dialects", key.dialects},
                            {"tags", key.tags},
                            {"expires", key.expires.empty() ? Json() : Json(key.expires)},
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
        rows.push_back({key.id.text, joinedOr(key.models, "*"), key.expires.empty() ? "never" : key.expires,
                        stateOf(key)});
    printTable({"NAME", "MODELS", "EXPIRES", "STATE"}, rows);
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
