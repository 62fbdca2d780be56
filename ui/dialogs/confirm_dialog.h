// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/form_dialog.h"

namespace ui {

struct Question {
    QString title;
    QString text;
    QString acceptText;
};

/// Asks before something that cannot be taken back. Deletes itself when closed.
class ConfirmDialog : public FormDialog {
    Q_OBJECT

public:
    ConfirmDialog(const Question& question, QWidget* parent);
    /// Says more, below what it says already; may come while it is open.
    void addText(const QString& text);
};

} // namespace ui
