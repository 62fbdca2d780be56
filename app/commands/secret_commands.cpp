// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>
#include <utility>
#include <vector>

#include "app/commands/commands.h"
#include "app/commands/config_edit.h"
#include "app/commands/key_input.h"
#include "app/commands/output.h"
#include "app/commands/secret_probe.h"
#include "app/commands/secret_save.h"

namespace app {

using gateway::Outcome;
using gateway::Result;
using gateway::Secret;

namespace {

/// NAME, or keychain:NAME as it stands in the configuration.
Result<std::string> keychainName(const std::string& word)
{
    auto ref = gateway::parseSecretRef(word.starts_with("keychain:") ? word : "keychain:" + word);
    if (!ref) return ref.error();
    return ref->name;
}

} // namespace

int runSecretSet(const CommandLine& line)
{
    const Result<std::string> name = keychainName(line.operands.front());
    if (!name) return failWith(name.error(), line.json);
    Result<Secret> secret = readStandardInput();
    if (!secret) return failWith(secret.error(), line.json);
    const Outcome saved = saveSecret(*name, std::move(*secret));
    if (!saved) return failWith(saved.error(), line.json);
    if (line.json)
        printJson({{"name", *name}, {"saved", true}});
    else
        printLine("Saved. Name it in the configuration as \"keychain:" + *name + "\".");
    return kDone;
}

int runSecretDelete(const CommandLine& line)
{
    const Result<std::string> name = keychainName(line.operands.front());
    if (!name) return failWith(name.error(), line.json);
    const Outcome removed = deleteSecret(*name);
    if (!removed) return failWith(removed.error(), line.json);
    if (line.json)
        printJson({{"name", *name}, {"deleted", true}});
    else
        printLine("Deleted.");
    return kDone;
}

int runSecretList(const CommandLine& line)
{
    const auto loaded = loadConfig(line.configPath);
    if (!loaded) return failWith(loaded.error(), line.json);
    const std::vector<SecretProbe> probes = probeSecrets(loaded->config, SavedToo::Yes);
    if (line.json) {
        Json list = Json::array();
        for (const SecretProbe& probe : probes) {
            Json row = {
                {"secret", probe.ref.text()}, {"used_by", probe.usedBy}, {"readable", probe.readable}};
            if (!probe.readable) row["problem"] = probe.problem;
            list.push_back(row);
        }
        printJson(list);
        return kDone;
    }
    if (probes.empty()) {
        complain("no secret is saved or named in the configuration yet");
        return kDone;
    }
    std::vector<std::vector<std::string>> rows;
    rows.reserve(probes.size());
    for (const SecretProbe& probe : probes)
        rows.push_back({probe.ref.text(), probe.usedBy, probe.readable ? "readable" : probe.problem});
    printTable({"SECRET", "USED BY", "STATE"}, rows);
    return kDone;
}

} // namespace app
