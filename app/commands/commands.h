// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "app/command_line.h"

namespace app {

// Each runs one subcommand of turnpiked inside a QCoreApplication and returns the exit code: 0 done, 2 bad
// arguments or configuration, 1 anything else.
int runServe(const CommandLine& line);
int runCheck(const CommandLine& line);
int runKeyCreate(const CommandLine& line);
int runKeyList(const CommandLine& line);
int runKeyRevoke(const CommandLine& line);
int runKeyRotate(const CommandLine& line);
int runKeyPause(const CommandLine& line);
int runKeyResume(const CommandLine& line);
int runBudgetList(const CommandLine& line);
int runBudgetSet(const CommandLine& line);
int runBudgetDelete(const CommandLine& line);
int runBudgetAllow(const CommandLine& line);
int runConfigGet(const CommandLine& line);
int runConfigPut(const CommandLine& line);
int runSecretSet(const CommandLine& line);
int runSecretList(const CommandLine& line);
int runSecretDelete(const CommandLine& line);
int runLogs(const CommandLine& line);
int runUsage(const CommandLine& line);
int runSpendingPause(const CommandLine& line);
int runSpendingResume(const CommandLine& line);
int runAlerts(const CommandLine& line);
int runStatus(const CommandLine& line);
int runReload(const CommandLine& line);
int runPause(const CommandLine& line);
int runResume(const CommandLine& line);
int runQuestions(const CommandLine& line);
int runQuestionsAnswer(const CommandLine& line);
int runRoutes(const CommandLine& line);
int runProviders(const CommandLine& line);
int runDoctor(const CommandLine& line);
int runImport(const CommandLine& line);
int runDryRun(const CommandLine& line);
/// `dry-run --tests`.
int runRouteTests(const CommandLine& line);

/// All subcommands of turnpiked; the first is the default one.
const std::vector<CommandSpec>& commandTable();

} // namespace app
