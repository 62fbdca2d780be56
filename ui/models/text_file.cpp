// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/text_file.h"

#include <memory>

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QPromise>
#include <QStringDecoder>
#include <QThreadPool>

namespace ui {
namespace {

constexpr qint64 kMostBytes = 16 << 20;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::TextFile)
};

TextFile textOf(const QString& path)
{
    const QString name = QFileInfo(path).fileName();
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {{}, Text::tr("%1 cannot be read: %2.").arg(name, file.errorString())};
    const QByteArray bytes = file.read(kMostBytes + 1);
    if (bytes.size() > kMostBytes)
        return {{}, Text::tr("%1 is larger than 16 MiB. Export fewer days at once.").arg(name)};
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
    auto promise = std::make_shared<QPromise<TextFile>>();
    promise->start();
    QThreadPool::globalInstance()->start([promise, path] {
        promise->addResult(textOf(path));
        promise->finish();
    });
    return promise->future();
}

} // namespace ui
