// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include "models/config_changes.h"
#include "models/local_servers.h"
#include "widgets/toast.h"

namespace ui {

/// Makes a provider of a server that was found, and tells what came of it, with a way back. `added` is called
/// where it worked; both may be called later, as long as `changes` lives.
void addFoundServer(ConfigChanges& changes, const FoundServer& server,
                    std::function<void(const ToastText&)> tell, std::function<void()> added = {});

} // namespace ui
