// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include <QString>

namespace ui {

/// What a file holds, or why that is not known, with what to do.
struct FileBytes {
    std::string bytes; // One copy, so that a caller can wipe it.
    QString problem;
    bool tooLarge = false; // What to do about that is up to the caller to say.
};

/// Reads at most `most` bytes. A file that one can choose may be a device, a folder or a film: only real
/// files are opened. Waits for the disk: not on the GUI thread.
[[nodiscard]] FileBytes readBytes(const QString& path, qint64 most);

} // namespace ui
