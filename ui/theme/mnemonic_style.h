// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProxyStyle>

namespace ui {

/// Fusion, but the letters that work together with Alt are underlined only while Alt is held down: the window
/// stays quiet for those who use the mouse.
class MnemonicStyle : public QProxyStyle {
    Q_OBJECT

public:
    MnemonicStyle();
    int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                  QStyleHintReturn* returnData) const override;
    /// Looks at the keys that go to the program's windows.
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void show(bool shown);

    bool m_shown = false;
};

} // namespace ui
