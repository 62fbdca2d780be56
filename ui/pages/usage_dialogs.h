// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include "models/usage_model.h"
#include "widgets/toast.h"

class QWidget;

namespace ui {

class RecalculateDialog;
class ReconcileDialog;

/// Opens the dialogs of the page Usage and does what they ask for. Belongs to the widget.
class UsageDialogs : public QObject {
    Q_OBJECT

public:
    UsageDialogs(GatewayLink& link, QWidget* widget);

    void explain(const UsageView& view);
    void recalculate(std::int64_t sinceMicros);
    void reconcile();

signals:
    void toastWanted(const ui::ToastText& text);
    /// Costs of the log are others now.
    void recalculated();

private:
    void count(RecalculateDialog* dialog, std::int64_t sinceMicros);
    void apply(RecalculateDialog* dialog, std::int64_t sinceMicros);
    void compare(ReconcileDialog* dialog, const gateway::ReconcileQuery& query);

    GatewayLink& m_link;
    QWidget* m_widget;
};

} // namespace ui
