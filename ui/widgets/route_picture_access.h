// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace ui {

/// Makes the boxes of a RoutePicture known to screen readers: Qt has nothing of its own for a graphics view.
/// May be called again.
void installPictureAccess();

} // namespace ui
