// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include <QString>
#include <QStringList>

#include "gateway/config.h"
#include "gateway/route_tests.h"

/// Tests of routes in words, and lists of names as they are typed.
namespace ui {

/// "Expects lab/qwen3 · never openai · at most $0.05 · without groq"
[[nodiscard]] QString routeTestSummary(const gateway::RouteTest& test);
/// "short chat: `a/m` would answer instead of `b/m`.", a line for each that failed. Those of other routes
/// than `own` come first, and name theirs.
[[nodiscard]] QStringList failedTests(const std::vector<gateway::RouteTestResult>& results,
                                      const std::string& own);
/// "lab/qwen3, about $0.0001"
[[nodiscard]] QString passedTestText(const gateway::RouteTestResult& result);

/// Names between commas, without blanks around them; empty ones do not count.
[[nodiscard]] std::vector<std::string> namesIn(const QString& text);
[[nodiscard]] QString namesText(const std::vector<std::string>& names);

} // namespace ui
