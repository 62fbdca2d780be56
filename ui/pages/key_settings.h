// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include "models/key_table_models.h"
#include "pages/page.h"

class QTableView;

namespace ui {

/// The virtual keys that tools present: list, make, remove.
class KeySettings : public QFrame {
    Q_OBJECT

public:
    explicit KeySettings(const PageContext& context, QWidget* parent = nullptr);
    void addKey();

signals:
    void toastWanted(const ui::ToastText& text);

private:
    void showKeys();
    void removeKey();

    PageContext m_context;
    VirtualKeysModel m_model;
    QTableView* m_table = nullptr;
    QLabel* m_empty = nullptr;
    QPushButton* m_remove = nullptr;
};

} // namespace ui
