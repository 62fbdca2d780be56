// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include <QColor>
#include <QHash>
#include <QObject>
#include <QString>
#include <QStringList>

namespace ui {

enum class ThemeChoice : std::uint8_t { System, Light, Dark };

/// The colours and the style sheet of the whole window. One per process, GUI thread only; needs a
/// QApplication. Widgets that paint by themselves ask for colours by token and repaint on changed().
class Theme : public QObject {
    Q_OBJECT

public:
    static Theme& instance();

    /// Style, fonts and colours for the application. Safe to call again: only the colours are replaced then.
    void apply(ThemeChoice choice);
    [[nodiscard]] bool isDark() const { return m_dark; }
    [[nodiscard]] ThemeChoice choice() const { return m_choice; }
    /// The colour of a token of dark.json/light.json; an unknown one warns and is magenta.
    [[nodiscard]] QColor color(const char* token) const;

    using Tokens = QHash<QString, QString>;
    [[nodiscard]] static Tokens loadTokens(const QString& resourcePath);
    /// `sheet` with every @token replaced. Names that `tokens` does not have are added to `unknown`.
    [[nodiscard]] static QString fillTokens(const QString& sheet, const Tokens& tokens, QStringList* unknown);

signals:
    void changed();

private:
    Theme();
    void installOnce();
    void applyPalette() const;

    ThemeChoice m_choice = ThemeChoice::System;
    bool m_systemIsDark = false; // Decided from the palette the desktop gave us, before ours replaces it.
    bool m_installed = false;
    bool m_dark = false;
    Tokens m_tokens;
};

} // namespace ui
