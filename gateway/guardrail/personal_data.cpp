// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/personal_data.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>

#include "guardrail/personal/finders.h"

namespace gateway::guardrail {

namespace {

struct EntityRow {
    Entity entity;
    std::string_view name;
    void (*find)(const Scan&, std::vector<Finding>&);
};

constexpr std::array kEntities{
#define ENTITY(id, name, finder) EntityRow{Entity::id, name, finder},
#include "guardrail/entities.def"
#undef ENTITY
};

std::vector<Finding> everySort(std::string_view text, EntitySet wanted)
{
    const Scan scan = scanned(text);
    std::vector<Finding> found;
    for (const EntityRow& row : kEntities) {
        // Others are looked for even where they are not wanted: what is one of them is no phone number.
        const bool guessed = (guessedEntities() & bitOf(row.entity)) != 0;
        if (!guessed || (wanted & bitOf(row.entity)) != 0) row.find(scan, found);
    }
    return found;
}

/// Leaves the longer of two that overlap.
std::vector<Finding> apart(std::vector<Finding> found)
{
    std::stable_sort(found.begin(), found.end(), [](const Finding& left, const Finding& right) {
        return left.size != right.size ? left.size > right.size : left.entity < right.entity;
    });
    std::map<std::size_t, Finding> kept; // by place
    for (const Finding& each : found) {
        // Of those kept none overlaps another: only the next and the last before can reach into this one.
        const auto next = kept.lower_bound(each.start);
        const bool intoNext = next != kept.end() && next->first < each.start + each.size;
        const bool intoLast =
            next != kept.begin() && std::prev(next)->first + std::prev(next)->second.size > each.start;
        if (!intoNext && !intoLast) kept.emplace_hint(next, each.start, each);
    }
    found.clear();
    for (const auto& [place, each] : kept)
        found.push_back(each);
    return found;
}

} // namespace

std::string_view entityName(Entity entity)
{
    for (const EntityRow& row : kEntities) {
        if (row.entity == entity) return row.name;
    }
    return {};
}

std::optional<Entity> entityNamed(std::string_view name)
{
    for (const EntityRow& row : kEntities) {
        if (row.name == name) return row.entity;
    }
    return std::nullopt;
}

std::vector<std::string_view> entityNames()
{
    std::vector<std::string_view> names;
    for (const EntityRow& row : kEntities)
        names.push_back(row.name);
    return names;
}

std::vector<Finding> findPersonalData(std::string_view text, EntitySet wanted)
{
    // What is no phone number is found for that alone, and left out.
    std::vector<Finding> found = apart(everySort(text, wanted));
    std::erase_if(found, [wanted](const Finding& each) { return (wanted & bitOf(each.entity)) == 0; });
    return found;
}

std::vector<Finding> findAllSorts(std::string_view text)
{
    std::vector<Finding> pages, found = everySort(text, EntitySet{0});
    const auto isPage = [](const Finding& each) { return each.entity == Entity::Url; };
    std::copy_if(found.begin(), found.end(), std::back_inserter(pages), isPage);
    std::erase_if(found, isPage);
    found = apart(std::move(found));
    found.insert(found.end(), pages.begin(), pages.end());
    return found;
}

} // namespace gateway::guardrail
