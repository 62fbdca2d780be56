// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/problem_list.h"

#include <algorithm>

#include "base/strings.h"

namespace gateway::config {

namespace {

constexpr std::size_t kMaxProblems = 200;
constexpr std::size_t kMaxQuotedBytes = 64;

bool isPlainWord(std::string_view name)
{
    return !name.empty() && std::all_of(name.begin(), name.end(),
                                        [](char c) { return isAsciiAlnum(c) || c == '_' || c == '-'; });
}

} // namespace

void ProblemList::add(ConfigProblem::Weight weight, std::string path, std::string message)
{
    if (full()) return;
    m_rows.push_back({weight, std::move(path), std::move(message), 0});
}

void ProblemList::error(std::string path, std::string message)
{
    add(ConfigProblem::Weight::Error, std::move(path), std::move(message));
}

void ProblemList::warn(std::string path, std::string message)
{
    add(ConfigProblem::Weight::Warning, std::move(path), std::move(message));
}

bool ProblemList::full() const
{
    return m_rows.size() >= kMaxProblems;
}

bool ProblemList::touches(std::string_view path) const
{
    return std::any_of(m_rows.begin(), m_rows.end(), [path](const ConfigProblem& row) {
        const std::string_view found = row.path;
        if (!found.starts_with(path)) return false;
        return found.size() == path.size() || found[path.size()] == '.' || found[path.size()] == '[';
    });
}

std::string memberPath(std::string_view path, std::string_view name)
{
    std::string result(path);
    if (!isPlainWord(name)) return result += "[\"" + shortened(name, kMaxQuotedBytes) + "\"]";
    if (!result.empty()) result += '.';
    return result += name;
}

std::string elementPath(std::string_view path, std::size_t index)
{
    return std::string(path) + "[" + std::to_string(index) + "]";
}

std::string_view parentPath(std::string_view path)
{
    const auto end = path.ends_with("\"]") ? path.rfind("[\"") : path.find_last_of(".[");
    return end == std::string_view::npos ? std::string_view() : path.substr(0, end);
}

std::string quotedName(std::string_view name)
{
    return "\"" + shortened(name, kMaxQuotedBytes) + "\"";
}

std::string alternatives(const std::vector<std::string>& names)
{
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
        text += names[i];
    }
    return text;
}

std::string notInThisVersion(std::string_view what)
{
    return quotedName(what) + " is not in this version of Turnpike.";
}

} // namespace gateway::config

namespace gateway {

std::vector<std::string> providerKinds()
{
    return {"openai", "anthropic", "openai-compatible", "gemini", "vertex", "azure", "bedrock", "ollama",
            "cohere", "sandbox"};
}

std::vector<std::string> strategyNames()
{
    return {"priority",       "weighted",           "round_robin", "least_busy",
            "lowest_latency", "highest_throughput", "lowest_cost", "lowest_usage",
            "sticky",         "conditional",        "semantic",    "adaptive"};
}

std::vector<std::string> failureKinds()
{
    return {"context_length", "content_refused", "auth",    "rate_limit",
            "overloaded",     "network",         "timeout", "server_error"};
}

} // namespace gateway
