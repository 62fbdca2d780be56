// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/file_bytes.h"

#include <algorithm>

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>

namespace ui {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::FileBytes)
};

} // namespace

FileBytes readBytes(const QString& path, qint64 most)
{
    const QFileInfo info(path);
    const QString name = info.fileName();
    FileBytes read;
    if (info.exists() && !info.isFile()) {
        read.problem = Text::tr("%1 is no file. Choose the file itself.").arg(name);
        return read;
    }
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        read.problem = Text::tr("%1 cannot be read: %2. Check its permissions, or copy it elsewhere.")
                           .arg(name, file.errorString());
        return read;
    }
    read.bytes.resize(static_cast<std::size_t>(most + 1));
    const qint64 count = file.read(read.bytes.data(), most + 1);
    read.bytes.resize(static_cast<std::size_t>(std::max<qint64>(count, 0)));
    read.tooLarge = count > most;
    if (count < 0) read.problem = Text::tr("%1 cannot be read: %2.").arg(name, file.errorString());
    return read;
}

} // namespace ui
