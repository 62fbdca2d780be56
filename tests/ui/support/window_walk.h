// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <functional>

#include <QPoint>
#include <QStringList>
#include <QTemporaryDir>

#include "main_window.h"
#include "ui/support/fake_link.h"

namespace ui {

/// A window over a made-up gateway, shown.
struct OpenedWindow {
    /// `rows` of 0: nothing configured, nothing logged.
    explicit OpenedWindow(int rows = 0, QSize size = {1280, 800});
    /// Lets queued answers, layouts and deletions happen.
    static void settle();
    /// Presses the visible button of that object name (and accessible name, where one is given).
    bool press(const char* objectName, const QString& name = {});
    [[nodiscard]] QDialog* dialog() const;
    /// Of the visible widgets of that object name the one at `place`, from the top; null where there is none.
    template <class Widget>
    [[nodiscard]] Widget* find(const char* name, int place = 0) const
    {
        QList<Widget*> found = window.findChildren<Widget*>(QLatin1String(name));
        found.removeIf([](const Widget* widget) { return !widget->isVisible(); });
        std::stable_sort(found.begin(), found.end(), [this](const Widget* a, const Widget* b) {
            return a->mapTo(&window, QPoint()).y() < b->mapTo(&window, QPoint()).y();
        });
        return found.value(place);
    }

    QTemporaryDir folder;
    FakeLink link;
    Preferences preferences{folder.filePath(QStringLiteral("p.ini"))};
    MainWindow window{link, preferences};
};

/// Brings the window into every state that has widgets of its own, one after the other, and calls `look` with
/// what is on show: the window, or the dialog on top of it.
void visitEverything(OpenedWindow& at, const std::function<void(QWidget& shown, const QString& where)>& look);

/// Buttons, fields, lists and texts that one can go to; not the parts that Qt makes inside of them.
[[nodiscard]] QList<QWidget*> interactiveWidgets(const QWidget& root);
/// A label with this text in it is on show.
[[nodiscard]] bool shows(const QWidget& root, const QString& text);
/// A widget in words, for the message of a failed test.
[[nodiscard]] QString describe(const QWidget& widget);
/// Labels, buttons, headers and cells that are on show and have less room than their text needs.
[[nodiscard]] QStringList cutTexts(const QWidget& root);

} // namespace ui
