// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/text_file.h"

#include <QByteArrayView>
#include <QCoreApplication>
#include <QFileInfo>
#include <QStringDecoder>

#include "models/file_bytes.h"
#include "models/in_pool.h"

namespace ui {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::TextFile)
};

TextFile textOf(const QString& path)
{
    const QString name = QFileInfo(path).fileName();
    const FileBytes file = readBytes(path, kMostTextBytes);
    if (!file.problem.isEmpty()) return {{}, file.problem};
    if (file.tooLarge)
        return {{}, Text::tr("%1 is larger than 16 MiB. Export fewer days at once.").arg(name)};
    const QByteArrayView bytes(file.bytes.data(), static_cast<qsizetype>(file.bytes.size()));
    const auto encoding = QStringConverter::encodingForData(bytes);
    QStringDecoder decode(encoding.value_or(QStringConverter::Utf8));
    QString text = decode(bytes);
    if (decode.hasError() || text.contains(QChar(0)))
        return {{}, Text::tr("%1 is not a text file. Save the export as CSV.").arg(name)};
    return {text, {}};
}

} // namespace

QFuture<TextFile> readTextFile(const QString& path)
{
    return inPool([path] { return textOf(path); });
}

} // namespace ui
