// SPDX-License-Identifier: GPL-3.0-or-later
#include "translation.h"

#include <QLocale>
#include <QTranslator>

// Outside of any namespace, as the macro asks.
static void initTranslations()
{
    Q_INIT_RESOURCE(ui_translations);
}

namespace ui {

bool loadTranslation(QTranslator& texts)
{
    initTranslations();
    const QString folder = QStringLiteral(":/i18n");
    const QString name = QStringLiteral("turnpike");
    return texts.load(QLocale(), name, QStringLiteral("_"), folder) ||
           texts.load(name + QStringLiteral("_en"), folder);
}

} // namespace ui
