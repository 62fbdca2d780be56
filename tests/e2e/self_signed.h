// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace e2e {

/// Writes a fresh certificate that nobody has signed but itself, and its key; `names` are those it is for, as
/// OpenSSL writes them. False when that failed.
[[nodiscard]] bool writeSelfSigned(const QString& certificatePath, const QString& keyPath,
                                   const char* names = "IP:127.0.0.1");

} // namespace e2e
