// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/admin_key.h"
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
            {"tpm", "N", "tokens a minute, input and output"},
            {"concurrent", "N", "requests at the same time"},
            {"routes", "GLOB[,GLOB]", "routes that it may take (default: all)"},
            {"dialects", "NAME[,NAME]", "dialects that it may use, as openai,anthropic (default: all)"},
            {"tags", "TAG[,TAG]", "tags of all its requests"}};
}

std::vector<OptionSpec> budgetOptions()
{
    return {{"usd", "N", "US dollars that may be spent"},
            {"per", "PERIOD", "hour, day, week, month, rolling_day or total"},
            {"scope", "NAME=GLOB[,…]",
             "whose spending counts: key, tag, client, repository, route, provider, model (default: all)"},
            {"at-limit", "block|reroute|warn|ask", "what becomes of a request when it is used up"},
            {"route", "NAME", "where `reroute` leads"},
            {"warn-at", "N[,N]", "percent of it that are told (default: 80)"}};
}

std::vector<OptionSpec> logOptions()
{
    return {{"since", "T", kSince},
            {"follow", "", "go on with new requests until interrupted"},
            {"format", "jsonl|csv", "instead of a table"}};
}

std::vector<OptionSpec> usageOptions()
{
    return {{"by", "COLUMN",
             "one row for each model (the default), provider, target, route, key, tag, client, program, "
             "repository, session or day"},
            {"route", "NAME", "only what came by this route"},
            {"since", "T", kSince},
            {"recalculate", "", "price requests that had no price, by the prices of today"},
            {"dry-run", "", "with --recalculate: tell what it would do, and change nothing"},
            {"reconcile", "FILE", "compare a provider's own export (CSV) with the log, by day and model"},
            {"provider", "NAME", "with --reconcile: whose export it is"}};
}

std::vector<CommandSpec> accessCommands()
{
    return {
        {"serve", "", "serve until SIGTERM or SIGINT (the default)", {}, 0, 0, runServe},
        {"check", "[FILE]", "validate a configuration file", {}, 0, 1, runCheck},
        {"key create", "NAME", "make a key for clients and print it once", keyOptions(), 1, 1, runKeyCreate},
        {"key list", "", "list the keys for clients", {}, 0, 0, runKeyList},
        {"key revoke", "NAME", "take a key back", {}, 1, 1, runKeyRevoke},
        {"key rotate",
         "NAME",
         "make a key anew and print it once; the one before is good for a while yet",
         {{"overlap", "TIME", "for how long, as 30m, 24h, 7d; 0: not at all (default: 24h)"}},
         1,
         1,
         runKeyRotate},
        {"key pause", "NAME", "refuse a key until it is resumed", {}, 1, 1, runKeyPause},
        {"key resume", "NAME", "end a key's pause", {}, 1, 1, runKeyResume},
        {"budget list", "", "list the budgets", {}, 0, 0, runBudgetList},
        {"budget set", "NAME", "make a budget, or change what is said of it", budgetOptions(), 1, 1,
         runBudgetSet},
        {"budget delete", "NAME", "take a budget away", {}, 1, 1, runBudgetDelete},
        {"budget allow",
         "NAME USD",
         "let a budget of the running server spend that much more until it begins anew",
         {{"key", "", "the own budget of the key NAME"}, kKeyStdinOption},
         2,
         2,
         runBudgetAllow},
        {"config get", "", "print the configuration file", {}, 0, 0, runConfigGet},
        {"config put",
         "FILE",
         "put a whole configuration in its place, if it is valid",
         {},
         1,
         1,
         runConfigPut},
    };
}

std::vector<CommandSpec> recordCommands()
{
    return {
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
    };
}

std::vector<CommandSpec> serverCommands()
{
    return {
        {"status", "", "tell how the running server does", {kKeyStdinOption}, 0, 0, runStatus},
        {"reload",
         "",
         "let the running server read the configuration and the secrets again",
         {kKeyStdinOption},
         0,
         0,
         runReload},
        {"pause", "", "let the running server refuse all calls to models", {kKeyStdinOption}, 0, 0, runPause},
        {"resume", "", "let it take calls to models again", {kKeyStdinOption}, 0, 0, runResume},
        {"questions", "", "list the requests that wait for your word", {kKeyStdinOption}, 0, 0, runQuestions},
        {"questions answer",
         "ID yes|no",
         "say whether what waits may go on",
         {kKeyStdinOption},
         2,
         2,
         runQuestionsAnswer},
        {"routes", "", "list the routes, and how their providers do", {kKeyStdinOption}, 0, 0, runRoutes},
        {"providers",
         "",
         "list the providers, and how they and their keys do",
         {kKeyStdinOption},
         0,
         0,
         runProviders},
    };
}

std::vector<CommandSpec> lookingCommands()
{
    return {
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
}

} // namespace

const std::vector<CommandSpec>& commandTable()
{
    static const std::vector<CommandSpec> commands = [] {
        std::vector<CommandSpec> all = accessCommands();
        for (const auto& part : {serverCommands(), recordCommands(), lookingCommands()})
            all.insert(all.end(), part.begin(), part.end());
        return all;
    }();
    return commands;
}

} // namespace app
