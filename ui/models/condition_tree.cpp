// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/condition_tree.h"

#include <algorithm>
#include <utility>

#include <QStringList>

namespace ui {
namespace {

using Parts = std::vector<ConditionDraft>;

auto placeIn(Parts& parts, std::size_t index)
{
    return parts.begin() + static_cast<std::ptrdiff_t>(index);
}

/// How many groups there are from this one down, in the deepest place.
int heightOf(const ConditionDraft& draft)
{
    int most = 0;
    for (const ConditionDraft& part : draft.parts) {
        most = std::max(most, heightOf(part));
    }
    return most + (draft.isGroup() ? 1 : 0);
}

ConditionPath joined(ConditionPath path, std::initializer_list<std::size_t> more)
{
    path.insert(path.end(), more);
    return path;
}

ConditionPath moveOut(ConditionDraft& draft, const ConditionPath& group, std::size_t index, bool down)
{
    ConditionPath outer = group;
    const std::size_t place = outer.back();
    outer.pop_back();
    Parts& around = partAt(draft, outer)->parts;
    Parts& parts = around[place].parts;
    ConditionDraft part = std::move(parts[index]);
    parts.erase(placeIn(parts, index));
    if (parts.empty()) {
        around[place] = std::move(part);
        return joined(outer, {place});
    }
    const std::size_t next = place + (down ? 1 : 0);
    around.insert(placeIn(around, next), std::move(part));
    return joined(outer, {next});
}

} // namespace

QString pathText(const ConditionPath& path)
{
    QStringList places;
    for (const std::size_t place : path) {
        places.append(QString::number(place + 1));
    }
    return places.join(QLatin1Char('.'));
}

ConditionDraft* partAt(ConditionDraft& draft, const ConditionPath& path)
{
    ConditionDraft* at = &draft;
    for (const std::size_t place : path) {
        if (place >= at->parts.size()) return nullptr;
        at = &at->parts[place];
    }
    return at;
}

ConditionPath addPart(ConditionDraft& draft, const ConditionPath& group, ConditionDraft part)
{
    Parts& parts = partAt(draft, group)->parts;
    parts.push_back(std::move(part));
    return joined(group, {parts.size() - 1});
}

void removePart(ConditionDraft& draft, const ConditionPath& path)
{
    if (path.empty()) return;
    ConditionPath group = path;
    const std::size_t place = group.back();
    group.pop_back();
    Parts& parts = partAt(draft, group)->parts;
    parts.erase(placeIn(parts, place));
    if (parts.empty()) removePart(draft, group);
}

ConditionPath movePart(ConditionDraft& draft, const ConditionPath& path, int step)
{
    if (path.empty()) return path;
    ConditionPath group = path;
    const std::size_t place = group.back();
    group.pop_back();
    Parts& parts = partAt(draft, group)->parts;
    const bool down = step > 0;
    if (down ? place + 1 == parts.size() : place == 0)
        return group.empty() ? path : moveOut(draft, group, place, down);
    const std::size_t next = down ? place + 1 : place - 1;
    const auto depth = static_cast<int>(group.size()) + 1; // of the group that it would go into
    if (!parts[next].isGroup() || depth + heightOf(parts[place]) > kDeepestGroup) {
        std::swap(parts[place], parts[next]);
        return joined(group, {next});
    }
    ConditionDraft part = std::move(parts[place]);
    Parts& inner = parts[next].parts;
    inner.insert(down ? inner.begin() : inner.end(), std::move(part));
    const std::size_t within = down ? 0 : inner.size() - 1;
    parts.erase(placeIn(parts, place));
    return joined(group, {down ? place : next, within});
}

bool hasRoomForGroup(const ConditionPath& group)
{
    return static_cast<int>(group.size()) < kDeepestGroup;
}

} // namespace ui
