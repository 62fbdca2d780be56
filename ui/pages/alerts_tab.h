// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/alerts_model.h"
#include "pages/table_tab.h"

namespace ui {

class ChoiceButton;

/// What the user should have known of: when, how grave, about what, and a way there.
class AlertsTab : public TableTab {
    Q_OBJECT

public:
    explicit AlertsTab(const PageContext& context, QWidget* parent = nullptr);
    void refresh() { m_model.refresh(); }

signals:
    void pageWanted(const QString& id, const QVariant& what);

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void buildButtons();
    void buildColumns();
    void buildKinds();
    void showState();
    void showEmpty();
    void showChosen();
    void openSubject();

    AlertsModel m_model;
    bool m_isFresh = false; // what is shown was read since the last change
    ChoiceButton* m_kinds = nullptr;
    QPushButton* m_open = nullptr;
    QPushButton* m_read = nullptr;
    QPushButton* m_older = nullptr;
};

} // namespace ui
