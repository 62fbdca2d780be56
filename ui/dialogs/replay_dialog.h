// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFuture>

#include "models/replay_table_model.h"
#include "widgets/form_dialog.h"

class QTableView;

namespace ui {

/// What a draft would have made of the last requests: progress while that is found out, then the figures.
/// Closing it ends the work.
class ReplayDialog : public FormDialog {
    Q_OBJECT

public:
    explicit ReplayDialog(QWidget* parent);
    ~ReplayDialog() override;

    /// The log could not be read.
    void showUnread();
    /// Shows how it gets on, and what came of it.
    void follow(const QFuture<Replay>& replay);

private:
    void showReplay(const Replay& replay);

    QFuture<Replay> m_future;
    ReplayTableModel m_model;
    QLabel* m_headline = nullptr;
    QLabel* m_cost = nullptr;
    QTableView* m_table = nullptr;
    QLabel* m_notes = nullptr;
};

} // namespace ui
