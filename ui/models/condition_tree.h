// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <vector>

#include "models/condition_draft.h"

/// Changes to the parts of a condition that is being built.
namespace ui {

/// Where a part stands: its place in the outermost group, in the group that is there, and so on. Empty: the
/// outermost group itself.
using ConditionPath = std::vector<std::size_t>;

/// "2.1"; empty for the outermost group.
[[nodiscard]] QString pathText(const ConditionPath& path);

/// Null where nothing stands there.
[[nodiscard]] ConditionDraft* partAt(ConditionDraft& draft, const ConditionPath& path);

/// Puts a part at the end of a group and says where it is now.
ConditionPath addPart(ConditionDraft& draft, const ConditionPath& group, ConditionDraft part);
/// Takes a part away, and the groups that have no parts then.
void removePart(ConditionDraft& draft, const ConditionPath& path);
/// A step of -1 or 1 as the parts are seen: into a group that is next to it, out of its own at the end of
/// that, else past its neighbour. Says where it is now, which is where it was if there is no way.
ConditionPath movePart(ConditionDraft& draft, const ConditionPath& path, int step);
/// Whether there can be a further group in this one.
[[nodiscard]] bool hasRoomForGroup(const ConditionPath& group);

} // namespace ui
