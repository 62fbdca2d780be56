// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

class QObject;

namespace app {

/// Asks the desktop's secret service whether its default collection is locked, and answers later on the
/// caller's thread: QtKeychain reports an entry of a locked keychain as missing. False where nothing can be
/// asked. No answer comes once `context` is gone.
void askWhetherKeychainIsLocked(QObject* context, std::function<void(bool locked)> answer);

} // namespace app
