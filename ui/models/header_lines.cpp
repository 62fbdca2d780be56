// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/header_lines.h"

#include <algorithm>

#include <QCoreApplication>
#include <QStringList>

namespace ui {
namespace {

constexpr std::size_t kMostHeaders = 100; // as many as a request may have

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::HeaderLines)
};

bool isName(const QString& text)
{
    static const QString kOthers = QStringLiteral("!#$%&'*+-.^_`|~");
    return !text.isEmpty() && std::all_of(text.begin(), text.end(), [](QChar letter) {
        const bool isAscii = letter.unicode() < 0x80;
        return isAscii && (letter.isLetterOrNumber() || kOthers.contains(letter));
    });
}

bool isValue(const QString& text)
{
    return std::none_of(text.begin(), text.end(), [](QChar letter) {
        return letter.unicode() == 0x7f || (letter.unicode() < 0x20 && letter != QLatin1Char('\t'));
    });
}

} // namespace

HeaderLines parseHeaderLines(const QString& text)
{
    HeaderLines read;
    const QStringList lines = text.split(QLatin1Char('\n'));
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const QString line = lines[i].trimmed();
        if (line.isEmpty()) continue;
        const qsizetype colon = line.indexOf(QLatin1Char(':'));
        const QString name = line.left(std::max<qsizetype>(colon, 0)).trimmed();
        const QString value = colon < 0 ? QString() : line.mid(colon + 1).trimmed();
        if (!isName(name) || !isValue(value))
            return {{}, Text::tr("Line %1 is no header. Write it as name: value.").arg(i + 1)};
        if (read.headers.size() == kMostHeaders)
            return {{}, Text::tr("These are more than %1 headers. Leave some out.").arg(kMostHeaders)};
        read.headers.emplace_back(name.toStdString(), value.toStdString());
    }
    return read;
}

} // namespace ui
