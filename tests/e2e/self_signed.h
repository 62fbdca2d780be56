// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace e2e {

/// Writes a fresh certificate for 127.0.0.1 that nobody has signed but itself, and its key. False when that
/// failed.
[[nodiscard]] bool writeSelfSigned(const QString& certificatePath, const QString& keyPath);

} // namespace e2e
