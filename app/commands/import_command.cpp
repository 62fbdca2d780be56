// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <fstream>
#include <optional>
#include <utility>

#include "gateway/import.h"

#include "app/commands/commands.h"
#include "app/commands/config_edit.h"
#include "app/commands/output.h"
#include "app/commands/secret_save.h"

namespace app {

using gateway::Imported;
using gateway::ImportedSecret;
using gateway::ImportLine;
using gateway::Result;

namespace {

// One byte more than is taken over, so that a larger file is told by the importer.
constexpr std::size_t kMostRead = (std::size_t{1} << 20) + 1;

Result<std::string> readFile(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    std::string text(kMostRead, '\0');
    if (file) file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!file.is_open() || file.bad())
        return gateway::clientError(gateway::Code::InvalidRequest, "The file " + path + " cannot be read.");
    text.resize(static_cast<std::size_t>(file.gcount()));
    return text;
}

/// What is not there yet of the keys that the configuration now names.
struct MissingKey {
    std::string name, why;
};

std::vector<MissingKey> saveSecrets(const Imported& imported, bool dryRun)
{
    std::vector<MissingKey> missing;
    std::string broken;
    for (const ImportedSecret& secret : imported.secrets) {
        if (secret.value.empty()) {
            missing.push_back({secret.name, "the file does not hold it"});
            continue;
        }
        if (dryRun) continue;
        // A keychain that cannot be used is not asked for each key again.
        if (broken.empty()) {
            const gateway::Outcome saved = saveSecret(secret.name, secret.value);
            if (!saved) broken = saved.error().message;
        }
        if (!broken.empty()) missing.push_back({secret.name, broken});
    }
    return missing;
}

Json reportJson(const Imported& imported, const std::vector<MissingKey>& missing, bool dryRun)
{
    Json lines = Json::array(), keys = Json::array();
    for (const ImportLine& line : imported.lines) {
        Json row = {{"from", line.from}, {"mapped", !line.to.empty()}, {"to", line.to}, {"note", line.note}};
        if (line.line > 0) row["line"] = line.line;
        lines.push_back(std::move(row));
    }
    for (const ImportedSecret& secret : imported.secrets) {
        const bool there = std::none_of(missing.begin(), missing.end(),
                                        [&secret](const MissingKey& key) { return key.name == secret.name; });
        keys.push_back({{"name", secret.name}, {"provider", secret.provider}, {"saved", there && !dryRun}});
    }
    return {{"kind", std::string(importKindName(imported.kind))},
            {"written", !dryRun},
            {"lines", lines},
            {"secrets", keys}};
}

void printReport(const Imported& imported, const std::vector<MissingKey>& missing, bool dryRun)
{
    std::vector<std::vector<std::string>> rows;
    std::size_t taken = 0, left = 0;
    for (const ImportLine& line : imported.lines) {
        const bool mapped = !line.to.empty();
        if (!line.from.empty()) ++(mapped ? taken : left);
        rows.push_back({line.line > 0 ? std::to_string(line.line) : std::string(), line.from,
                        mapped ? line.to : "not mapped", line.note});
    }
    printTable({"LINE", "IN THE FILE", "HERE", "NOTE"}, rows);
    printLine(std::string(importKindName(imported.kind)) + ": " + std::to_string(taken) + " mapped, " +
              std::to_string(left) + " not." + (dryRun ? " Nothing was changed." : ""));
    for (const MissingKey& key : missing)
        printLine("A key is missing: turnpiked secret set " + key.name + " (" + key.why + ")");
}

} // namespace

int runImport(const CommandLine& line)
{
    const bool dryRun = line.has("dry-run");
    const Result<std::string> text = readFile(line.operands.front());
    if (!text) return failWith(text.error(), line.json);
    std::optional<Imported> imported;
    const auto take = [&](gateway::Config& config) -> gateway::Outcome {
        Result<Imported> read = gateway::importConfig(config, *text);
        if (!read) return read.error();
        config = read->config;
        imported = std::move(*read);
        return gateway::Done{};
    };
    if (dryRun) {
        auto loaded = loadConfig(line.configPath);
        if (!loaded) return failWith(loaded.error(), line.json);
        if (const auto taken = take(loaded->config); !taken) return failWith(taken.error(), line.json);
    } else if (const auto edited = editConfig(line.configPath, take); !edited) {
        return failWith(edited.error(), line.json);
    }
    const std::vector<MissingKey> missing = saveSecrets(*imported, dryRun);
    if (line.json)
        printJson(reportJson(*imported, missing, dryRun));
    else
        printReport(*imported, missing, dryRun);
    return kDone;
}

} // namespace app
