// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QVariant>
#include <QWidget>

#include "models/alert_inbox.h"
#include "models/config_changes.h"
#include "models/gateway_status.h"
#include "preferences.h"
#include "widgets/toast.h"

class QAction;
class QHBoxLayout;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace ui {

/// What the window offers to its pages. All of it outlives them.
struct PageContext {
    GatewayLink& link;
    GatewayStatus& status;
    ConfigChanges& changes;
    Preferences& preferences;
    AlertInbox& inbox;
    QAction* sendTrial;
    QAction* copyKey;
    QAction* pauseSpending;
};

/// One page of the window. Built when it is first opened.
class Page : public QWidget {
    Q_OBJECT

public:
    explicit Page(QWidget* parent = nullptr);

    /// Reads everything anew (F5).
    virtual void refresh() = 0;
    /// Ctrl+F. Pages without a search do nothing.
    virtual void focusFind() {}
    /// Ctrl+N, where the page has something that can be added.
    virtual void addNew() {}
    /// Called when the page is opened for something particular: a request's id, "add", "server".
    virtual void open(const QVariant& what) { Q_UNUSED(what) }

signals:
    void toastWanted(const ui::ToastText& text);
    void pageWanted(const QString& id, const QVariant& what);

protected:
    /// Title and subtitle on the left; the caller adds what belongs on the right. The subtitle may be null.
    struct Header {
        QHBoxLayout* layout;
        QLabel* title;
        QLabel* subtitle;
    };
    [[nodiscard]] static Header makeHeader(const QString& title, const QString& subtitle);
    [[nodiscard]] QVBoxLayout* pageLayout();
    /// Keeps `button` as usable as `action` and lets it do the same.
    static void bindAction(QPushButton* button, QAction* action);
};

inline constexpr int kPageMargin = 28;
inline constexpr int kCardGap = 16;

} // namespace ui
