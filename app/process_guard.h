// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace app {

/// Before anything secret is read: no core dumps, no reading of our memory by other programs of the user,
/// files for the user alone, a closed connection is no signal, memory for large bodies is kept. Also raises
/// the number of open files to what is allowed.
void guardProcess();

} // namespace app
