// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/output.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iostream>

#include <QDateTime>
#include <QString>

namespace app {

namespace {

/// Characters, not bytes: close enough to columns for names and numbers.
std::size_t widthOf(const std::string& text)
{
    return static_cast<std::size_t>(std::count_if(
        text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

} // namespace

std::string harmless(std::string_view text)
{
    std::string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        // U+0080 to U+009F, which do in one character what ESC does with the next.
        const bool isC1 =
            byte == 0xC2 && i + 1 < text.size() && (static_cast<unsigned char>(text[i + 1]) & 0xE0U) == 0x80U;
        result += byte < 0x20 || byte == 0x7F || isC1 ? '?' : text[i];
        if (isC1) ++i;
    }
    return result;
}

void printLine(std::string_view text)
{
    std::cout << text << '\n' << std::flush;
}

void printJson(const Json& value)
{
    printLine(value.dump(-1, ' ', false, Json::error_handler_t::replace));
}

void complain(std::string_view text)
{
    std::cerr << "turnpiked: " << text << '\n' << std::flush;
}

void printTable(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows)
{
    std::vector<std::vector<std::string>> lines = {head};
    for (const auto& row : rows) {
        auto& line = lines.emplace_back();
        std::transform(row.begin(), row.end(), std::back_inserter(line),
                       [](const std::string& cell) { return harmless(cell); });
    }
    std::vector<std::size_t> widths(head.size(), 0);
    for (const auto& line : lines) {
        for (std::size_t i = 0; i < widths.size() && i < line.size(); ++i)
            widths[i] = std::max(widths[i], widthOf(line[i]));
    }
    for (const auto& line : lines) {
        std::string text;
        for (std::size_t i = 0; i < line.size(); ++i) {
            text += line[i];
            if (i + 1 < line.size()) text.append(widths[i] - widthOf(line[i]) + 2, ' ');
        }
        std::cout << text << '\n';
    }
    std::cout << std::flush;
}

std::string csvRow(const std::vector<std::string>& cells)
{
    std::string row;
    for (const std::string& cell : cells) {
        if (&cell != &cells.front()) row += ',';
        std::string text = cell;
        if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos)
            text.insert(0, "'");
        if (text.find_first_of(",\"\r\n") == std::string::npos) {
            row += text;
            continue;
        }
        row += '"';
        for (const char c : text)
            row.append(c == '"' ? 2 : 1, c);
        row += '"';
    }
    return row;
}

std::string problemText(const gateway::ConfigProblem& problem)
{
    std::string text = problem.weight == gateway::ConfigProblem::Weight::Warning ? "warning: " : "error: ";
    if (!problem.path.empty()) text += problem.path;
    if (problem.line > 0) text += (problem.path.empty() ? "line " : " (line ") + std::to_string(problem.line);
    if (problem.line > 0 && !problem.path.empty()) text += ")";
    if (problem.line > 0 || !problem.path.empty()) text += ": ";
    return harmless(text + problem.message);
}

Json problemJson(const gateway::ConfigProblem& problem)
{
    const bool warning = problem.weight == gateway::ConfigProblem::Weight::Warning;
    Json json = {
        {"weight", warning ? "warning" : "error"}, {"path", problem.path}, {"message", problem.message}};
    if (problem.line > 0) json["line"] = problem.line;
    return json;
}

std::string dollars(std::int64_t nanos)
{
    const double amount = dollarNumber(nanos);
    char text[64];
    std::snprintf(text, sizeof text, nanos != 0 && amount < 1 ? "$%.6f" : "$%.2f", amount);
    return text;
}

double dollarNumber(std::int64_t nanos)
{
    return static_cast<double>(nanos) / 1e9;
}

std::string localTime(std::int64_t micros)
{
    return QDateTime::fromMSecsSinceEpoch(micros / 1000)
        .toString(QStringLiteral("yyyy-MM-dd HH:mm:ss"))
        .toStdString();
}

std::string isoTime(std::int64_t micros)
{
    return QDateTime::fromMSecsSinceEpoch(micros / 1000, Qt::UTC).toString(Qt::ISODateWithMs).toStdString();
}

std::int64_t nowMicros()
{
    using namespace std::chrono;
    return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

} // namespace app
