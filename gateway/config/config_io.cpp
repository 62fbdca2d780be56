// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config_io.h"

#include <algorithm>

#include "base/json_scan.h"
#include "base/strings.h"
#include "config/config_limits.h"
#include "config/config_reader.h"

namespace gateway {

namespace {

constexpr std::string_view kUtf8Mark = "\xEF\xBB\xBF";

ParsedConfig refused(std::string message, std::size_t line)
{
    ParsedConfig parsed;
    parsed.problems.push_back({ConfigProblem::Weight::Error, {}, std::move(message), line});
    return parsed;
}

std::string explained(const JsonProblem& problem)
{
    return "Not valid JSON at line " + std::to_string(problem.line) + ", column " +
           std::to_string(problem.column) + ": " + problem.message;
}

/// A value whose reading failed has its default by now; what validate() says of that one would mislead.
bool isEcho(config::ProblemList& fromText, std::string_view path)
{
    if (fromText.touches(path)) return true;
    const auto& rows = fromText.rows();
    return std::any_of(rows.begin(), rows.end(), [path](const ConfigProblem& row) {
        return path.starts_with(row.path) && path.size() > row.path.size() &&
               (path[row.path.size()] == '.' || path[row.path.size()] == '[');
    });
}

} // namespace

bool ParsedConfig::usable() const
{
    return std::none_of(problems.begin(), problems.end(), [](const ConfigProblem& problem) {
        return problem.weight != ConfigProblem::Weight::Warning;
    });
}

ParsedConfig parseConfig(std::string_view text)
{
    if (text.size() > config::kMaxFileBytes) return refused("The file is larger than 1 MiB.", 0);
    if (text.starts_with(kUtf8Mark)) text.remove_prefix(kUtf8Mark.size());
    if (trimmed(text).empty()) return {};

    JsonDocument document;
    if (const auto problem = scanJson(text, document, config::kMaxDepth))
        return refused(explained(*problem), problem->line);
    if (document.root != JsonKind::Object) return refused("The file must hold one JSON object.", 1);

    ParsedConfig parsed;
    config::ConfigReader reader(text);
    reader.read(config::Place{{}, text.substr(text.find('{'))}, parsed.config);
    for (VirtualKeyConfig& key : parsed.config.keys) {
        key.sha256 = lowered(key.sha256);
        if (key.former) key.former->sha256 = lowered(key.former->sha256);
    }
    config::ProblemList& problems = reader.problems();
    std::vector<ConfigProblem> found = validate(parsed.config);
    std::erase_if(found, [&problems](const ConfigProblem& row) { return isEcho(problems, row.path); });
    parsed.problems = std::move(problems.rows());
    parsed.problems.insert(parsed.problems.end(), found.begin(), found.end());
    for (ConfigProblem& problem : parsed.problems)
        problem.line = reader.lineOf(problem.path);
    std::stable_sort(
        parsed.problems.begin(), parsed.problems.end(),
        [](const ConfigProblem& left, const ConfigProblem& right) { return left.line < right.line; });
    return parsed;
}

} // namespace gateway
