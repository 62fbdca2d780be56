// SPDX-License-Identifier: GPL-3.0-or-later
#include "catalog/data_file.h"

#include "base/iso_time.h"
#include "base/json_cursor.h"
#include "base/json_scan.h"
#include "base/json_text.h"

namespace gateway::catalog {

namespace {

constexpr std::size_t kMaxFileBytes = 16u << 20;
constexpr std::size_t kMaxDepth = 8;
constexpr std::size_t kMaxRows = 100'000;
constexpr std::size_t kMaxFieldBytes = 256;
constexpr std::size_t kDayBytes = 10;

} // namespace

std::optional<DataFile> openDataFile(std::string_view text, std::string_view listName)
{
    if (text.size() > kMaxFileBytes) return std::nullopt;
    JsonDocument scanned;
    if (scanJson(text, scanned, kMaxDepth)) return std::nullopt;
    DataFile file;
    bool rightSchema = false;
    for (const JsonMember& member : scanned.members) {
        if (isNamed(member, "schema"))
            rightSchema = jsonInteger(member.value) == 1;
        else if (isNamed(member, listName) && member.kind == JsonKind::Array)
            file.rows = member.value;
        else if (!(isNamed(member, "date") && readText(member.value, file.date)) &&
                 !(isNamed(member, "source") && readText(member.value, file.source)))
            return std::nullopt;
    }
    if (!rightSchema || file.rows.empty()) return std::nullopt;
    forEachElement(file.rows, [&file](std::string_view, JsonKind) { ++file.count; });
    if (file.count > kMaxRows) return std::nullopt;
    return file;
}

bool readText(std::string_view value, std::string& into)
{
    auto text = decodeJsonString(value);
    if (!text) return false;
    into = *std::move(text);
    return true;
}

bool readName(std::string_view value, std::string& into)
{
    return readText(value, into) && !into.empty() && into.size() <= kMaxFieldBytes;
}

bool readTexts(std::string_view value, std::vector<std::string>& into)
{
    bool read = jsonKindOf(value) == JsonKind::Array;
    forEachElement(value, [&](std::string_view entry, JsonKind) {
        std::string text;
        read = read && readName(entry, text);
        into.push_back(std::move(text));
        return read;
    });
    return read;
}

bool readTruth(std::string_view value, bool& into)
{
    const JsonKind kind = jsonKindOf(value);
    into = kind == JsonKind::True;
    return into || kind == JsonKind::False;
}

bool readCount(std::string_view value, std::int64_t& into)
{
    if (jsonKindOf(value) != JsonKind::Number) return false;
    const auto number = jsonInteger(value);
    if (!number || *number < 0) return false;
    into = *number;
    return true;
}

bool isDay(std::string_view text)
{
    const auto time = parseIsoTime(text);
    return text.size() == kDayBytes && time && time->dateOnly;
}

} // namespace gateway::catalog
