// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/commands.h"

namespace app {

namespace {

constexpr std::string_view kSince = "as 15m, 2h, 7d, or a date or time";

std::vector<OptionSpec> keyOptions()
{
    return {{"models", "GLOB[,GLOB]", "models that the key may use (default: all)"},
            {"expires", "DATE", "last day, as 2026-12-31, or a moment, as 2026-12-31T18:00:00Z"},
            {"budget", "USD/day|week|month", "what it may spend, as 10/day"},
            {"rpm", "N", "requests a minute"},
            {"tpm", "N", "tokens a minute, input and output"}};
}

std::vector<OptionSpec> logOptions()
{
    return {{"since", "T", kSince},
            {"follow", "", "go on with new requests until interrupted"},
            {"format", "jsonl|csv", "instead of a table"}};
}

std::vector<OptionSpec> usageOptions()
{
    return {{"by", "model|provider|target|route|key|tag", "one row for each (default: model)"},
            {"route", "NAME", "only what came by this route"},
            {"since", "T", kSince}};
}

} // namespace

const std::vector<CommandSpec>& commandTable()
{
    static const std::vector<CommandSpec> commands = {
        {"serve", "", "serve until SIGTERM or SIGINT (the default)", {}, 0, 0, runServe},
        {"check", "[FILE]", "validate a configuration file", {}, 0, 1, runCheck},
        {"key create", "NAME", "make a key for clients and print it once", keyOptions(), 1, 1, runKeyCreate},
        {"key list", "", "list the keys for clients", {}, 0, 0, runKeyList},
        {"key revoke", "NAME", "take a key back", {}, 1, 1, runKeyRevoke},
        {"secret set",
         "NAME",
         "save a provider's key, read from standard input, in the keychain",
         {},
         1,
         1,
         runSecretSet},
        {"secret list",
         "",
         "list the keys that are saved or named in the configuration, and whether each can be read",
         {},
         0,
         0,
         runSecretList},
        {"secret delete", "NAME", "remove a provider's key from the keychain", {}, 1, 1, runSecretDelete},
        {"logs", "", "print the request log", logOptions(), 0, 0, runLogs},
        {"usage", "", "print requests, tokens and spend", usageOptions(), 0, 0, runUsage},
        {"alerts",
         "",
         "print what you should know of: budgets, agents in circles, providers that fail",
         {{"since", "T", kSince}},
         0,
         0,
         runAlerts},
        {"spending pause",
         "",
         "refuse what costs money, or may, until it is resumed",
         {},
         0,
         0,
         runSpendingPause},
        {"spending resume", "", "let it go on", {}, 0, 0, runSpendingResume},
        {"doctor",
         "",
         "look for what can be wrong",
         {{"online", "", "also make a free call to each provider"}},
         0,
         0,
         runDoctor},
        {"import",
         "FILE",
         "take over the configuration of LiteLLM, Portkey, Cloudflare or claude-code-router",
         {{"dry-run", "", "tell what would be taken over, and change nothing"}},
         1,
         1,
         runImport},
        {"dry-run",
         "FILE|--tests",
         "explain which target a request would take, and why not the others; sends nothing",
         {{"route", "NAME", "instead of what the request names; with --tests, of this route only"},
          {"header", "'NAME: VALUE'", "as if the request had this header", false, true},
          {"metadata", "JSON", "as if it had this metadata"},
          {"down", "TARGET", "as if this provider, or provider/model, failed", false, true},
          {"limited", "TARGET", "as if its keys were rate-limited", false, true},
          {"slow", "TARGET", "as if it had been slow lately", false, true},
          {"tests", "", "run the tests that routes have in the configuration; 1 when one fails"}},
         0,
         1,
         runDryRun},
        {"connect", "TOOL", "point a client tool at the gateway", {}, 0, 1, nullptr},
        {"disconnect", "TOOL|--all", "undo connect", {}, 0, 1, nullptr},
    };
    return commands;
}

} // namespace app
