// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFuture>
#include <QString>

namespace ui {

/// Of a table that is read whole, as UTF-8.
constexpr qint64 kMostTextBytes = 16 << 20;

/// A file's text, or why there is none.
struct TextFile {
    QString text;
    QString problem;
};

/// Reads a UTF-8 or UTF-16 file of at most 16 MiB on another thread.
[[nodiscard]] QFuture<TextFile> readTextFile(const QString& path);

} // namespace ui
