// SPDX-License-Identifier: GPL-3.0-or-later
#include "theme/theme.h"

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QFont>
#include <QFontDatabase>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLoggingCategory>
#include <QPalette>
#include <QRegularExpression>

#include "theme/mnemonic_style.h"

// Outside of any namespace, as the macro asks; a static library's resources are dropped without it.
static void initWindowResources()
{
    Q_INIT_RESOURCE(ui_window);
    Q_INIT_RESOURCE(ui_icons);
    Q_INIT_RESOURCE(ui_fonts);
}

namespace ui {

Theme& Theme::instance()
{
    static Theme theme;
    return theme;
}

Theme::Theme() = default;

void Theme::apply(ThemeChoice choice)
{
    installOnce();
    m_choice = choice;
    m_dark = choice == ThemeChoice::Dark || (choice == ThemeChoice::System && m_systemIsDark);
    m_tokens =
        loadTokens(m_dark ? QStringLiteral(":/theme/dark.json") : QStringLiteral(":/theme/light.json"));
    m_tokens.insert(QStringLiteral("checkImage"), m_dark ? QStringLiteral(":/theme/check-dark.svg")
                                                         : QStringLiteral(":/theme/check-light.svg"));
    applyPalette();

    QFile file(QStringLiteral(":/theme/app.qss"));
    if (!file.open(QIODevice::ReadOnly)) qWarning("The style sheet is missing from the program.");
    QStringList unknown;
    qApp->setStyleSheet(fillTokens(QString::fromUtf8(file.readAll()), m_tokens, &unknown));
    for (const QString& name : unknown) {
        qWarning("The style sheet names the unknown colour @%s.", qUtf8Printable(name));
    }
    emit changed();
}

QColor Theme::color(const char* token) const
{
    const auto found = m_tokens.constFind(QLatin1String(token));
    if (found != m_tokens.constEnd()) return QColor(found.value());
    qWarning("Unknown colour %s.", token);
    return QColor(Qt::magenta);
}

Theme::Tokens Theme::loadTokens(const QString& resourcePath)
{
    initWindowResources();
    QFile file(resourcePath);
    Tokens tokens;
    if (!file.open(QIODevice::ReadOnly)) return tokens;
    const QJsonObject object = QJsonDocument::fromJson(file.readAll()).object();
    for (auto it = object.begin(); it != object.end(); ++it) {
        tokens.insert(it.key(), it.value().toString());
    }
    return tokens;
}

QString Theme::fillTokens(const QString& sheet, const Tokens& tokens, QStringList* unknown)
{
    static const QRegularExpression kToken(QStringLiteral("@([A-Za-z0-9]+)"));
    QString filled;
    qsizetype from = 0;
    auto matches = kToken.globalMatch(sheet);
    while (matches.hasNext()) {
        const QRegularExpressionMatch match = matches.next();
        filled += QStringView(sheet).mid(from, match.capturedStart() - from);
        from = match.capturedEnd();
        const auto found = tokens.constFind(match.captured(1));
        if (found != tokens.constEnd()) {
            filled += found.value();
        } else if (unknown != nullptr) {
            unknown->append(match.captured(1));
        }
    }
    filled += QStringView(sheet).mid(from);
    return filled;
}

void Theme::installOnce()
{
    if (m_installed) return;
    m_installed = true;
    initWindowResources();
    m_systemIsDark = QApplication::palette().color(QPalette::Window).lightness() < 128;
    QApplication::setStyle(new MnemonicStyle);
    const QStringList folder = QDir(QStringLiteral(":/fonts")).entryList();
    for (const QString& name : folder) {
        if (QFontDatabase::addApplicationFont(QStringLiteral(":/fonts/") + name) < 0) {
            qWarning("The font %s cannot be used.", qUtf8Printable(name));
        }
    }
    QFont font(QStringLiteral("Inter"));
    font.setPixelSize(13);
    font.setHintingPreference(QFont::PreferNoHinting);
    QApplication::setFont(font);
}

void Theme::applyPalette() const
{
    QPalette palette;
    palette.setColor(QPalette::Window, color("window"));
    palette.setColor(QPalette::Base, color("card"));
    palette.setColor(QPalette::AlternateBase, color("inset"));
    palette.setColor(QPalette::Button, color("card"));
    palette.setColor(QPalette::ToolTipBase, color("inset"));
    palette.setColor(QPalette::ToolTipText, color("text"));
    palette.setColor(QPalette::WindowText, color("text"));
    palette.setColor(QPalette::Text, color("text"));
    palette.setColor(QPalette::ButtonText, color("text"));
    palette.setColor(QPalette::BrightText, color("danger"));
    palette.setColor(QPalette::PlaceholderText, color("section"));
    palette.setColor(QPalette::Highlight, color("accent"));
    palette.setColor(QPalette::HighlightedText, color("accentText"));
    palette.setColor(QPalette::Link, color("accent"));
    for (const QPalette::ColorRole role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        palette.setColor(QPalette::Disabled, role, color("section"));
    }
    QApplication::setPalette(palette);
}

} // namespace ui
