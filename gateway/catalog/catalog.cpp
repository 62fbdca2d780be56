// SPDX-License-Identifier: GPL-3.0-or-later
#include "catalog/catalog.h"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <utility>

#include "base/json_cursor.h"
#include "base/strings.h"
#include "catalog/data_file.h"
#include "catalog/model_row.h"
#include "catalog/near_names.h"

namespace gateway::catalog {

namespace {

constexpr std::array<std::string_view, 8> kRegions{"us.", "eu.", "apac.", "global.",
                                                   "jp.", "au.", "ca.",   "us-gov."};

std::uint32_t hashOf(std::string_view name)
{
    return static_cast<std::uint32_t>(std::hash<std::string_view>{}(name));
}

Error badCatalog(std::string detail)
{
    return gatewayError(Code::Internal, "The model catalog cannot be read.", std::move(detail));
}

bool isNumber(std::string_view digits, int least, int most)
{
    int number = 0;
    for (const char c : digits) {
        if (c < '0' || c > '9') return false;
        number = number * 10 + (c - '0');
    }
    return number >= least && number <= most;
}

bool isDate(std::string_view year, std::string_view month, std::string_view day)
{
    return isNumber(year, 2000, 2999) && isNumber(month, 1, 12) && isNumber(day, 1, 31);
}

/// Where a date at the end of the name begins; the name's length where it has none.
std::size_t dateStart(std::string_view name)
{
    constexpr std::size_t kPlainDate = 9;   // -20250929, @20250929
    constexpr std::size_t kDashedDate = 11; // -2025-09-29
    if (name.size() > kPlainDate) {
        const std::string_view end = name.substr(name.size() - kPlainDate);
        const bool marked = end[0] == '-' || end[0] == '@';
        if (marked && isDate(end.substr(1, 4), end.substr(5, 2), end.substr(7, 2)))
            return name.size() - kPlainDate;
    }
    if (name.size() > kDashedDate) {
        const std::string_view end = name.substr(name.size() - kDashedDate);
        const bool dashed = end[0] == '-' && end[5] == '-' && end[8] == '-';
        if (dashed && isDate(end.substr(1, 4), end.substr(6, 2), end.substr(9, 2)))
            return name.size() - kDashedDate;
    }
    return name.size();
}

/// The name without a trailing date, `-latest` or `@default`; empty where it has none of them.
std::string_view withoutVersion(std::string_view name)
{
    for (const std::string_view end : {"-latest", "@default"}) {
        if (name.ends_with(end)) return name.substr(0, name.size() - end.size());
    }
    const std::size_t start = dateStart(name);
    return start == name.size() ? std::string_view() : name.substr(0, start);
}

/// The name without the region before it; empty where it has none.
std::string_view withoutRegion(std::string_view name)
{
    const auto region = std::find_if(kRegions.begin(), kRegions.end(),
                                     [name](std::string_view start) { return name.starts_with(start); });
    return region == kRegions.end() ? std::string_view() : name.substr(region->size());
}

/// The names a model may stand under, the nearest first; some may be empty.
std::array<std::string_view, 4> spellings(std::string_view name)
{
    const std::string_view bare = withoutRegion(name);
    return {name, withoutVersion(name), bare, withoutVersion(bare)};
}

} // namespace

Result<Catalog> Catalog::parse(std::string_view text)
{
    auto file = openDataFile(text, "models");
    if (!file) return badCatalog("not a list of models of schema 1");
    Catalog catalog;
    catalog.m_date = std::move(file->date);
    catalog.m_source = std::move(file->source);
    catalog.m_models.reserve(file->count);
    std::string_view wrong;
    forEachElement(file->rows, [&](std::string_view row, JsonKind) {
        wrong = readModelRow(row, catalog.m_models.emplace_back());
        return wrong.empty();
    });
    const auto place = [](std::size_t position) { return "models[" + std::to_string(position) + "]"; };
    if (!wrong.empty())
        return badCatalog(place(catalog.m_models.size() - 1) + " is not a model: " + shortened(wrong, 80));
    if (const auto twice = catalog.indexRows()) return badCatalog(place(*twice) + " is there twice");
    return catalog;
}

std::optional<std::size_t> Catalog::indexRows()
{
    m_index.reserve(m_models.size());
    for (const CatalogModel& model : m_models)
        m_index.push_back({hashOf(model.id), static_cast<std::uint32_t>(m_index.size())});
    std::sort(m_index.begin(), m_index.end());
    for (const IndexEntry& entry : m_index) {
        const CatalogModel& model = m_models[entry.position];
        if (findExact(model.kind, model.id) != &model) return entry.position;
    }
    return std::nullopt;
}

std::span<const Catalog::IndexEntry> Catalog::entriesOf(std::string_view model) const
{
    const IndexEntry first{hashOf(model), 0};
    const IndexEntry last{first.hash, std::numeric_limits<std::uint32_t>::max()};
    return {std::lower_bound(m_index.begin(), m_index.end(), first),
            std::upper_bound(m_index.begin(), m_index.end(), last)};
}

const CatalogModel* Catalog::findExact(std::string_view kind, std::string_view model) const
{
    for (const IndexEntry& entry : entriesOf(model)) {
        const CatalogModel& row = m_models[entry.position];
        if (row.kind == kind && row.id == model) return &row;
    }
    return nullptr;
}

const CatalogModel* Catalog::find(std::string_view kind, std::string_view model) const
{
    // A dated name with a row of its own has prices of its own, so that the exact name goes first.
    for (const std::string_view name : spellings(model)) {
        if (name.empty()) continue;
        if (const CatalogModel* row = findExact(kind, name)) return row;
    }
    return nullptr;
}

std::vector<std::string_view> Catalog::kindsServing(std::string_view model) const
{
    std::vector<std::uint32_t> positions;
    for (const std::string_view name : spellings(model)) {
        if (name.empty()) continue;
        for (const IndexEntry& entry : entriesOf(name)) {
            if (m_models[entry.position].id == name) positions.push_back(entry.position);
        }
    }
    std::sort(positions.begin(), positions.end());
    std::vector<std::string_view> kinds;
    for (const std::uint32_t position : positions) {
        const std::string_view kind = m_models[position].kind;
        if (std::find(kinds.begin(), kinds.end(), kind) == kinds.end()) kinds.push_back(kind);
    }
    return kinds;
}

std::vector<std::string> Catalog::nearNames(std::string_view model) const
{
    std::vector<std::string_view> names;
    names.reserve(m_models.size());
    for (const CatalogModel& row : m_models)
        names.push_back(row.id);
    return catalog::nearNames(model, names);
}

} // namespace gateway::catalog
