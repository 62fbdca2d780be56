// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include <QString>

#include "gateway/snapshot.h"

#include "widgets/form_dialog.h"

class QLineEdit;

namespace ui {

class Segments;

/// Asks how much more a used-up budget may spend until it begins anew.
class AllowMoreDialog : public FormDialog {
    Q_OBJECT

public:
    explicit AllowMoreDialog(const gateway::BudgetState& state, QWidget* parent = nullptr);

signals:
    void submitted(std::int64_t nanos);

private:
    void showChoice();
    void submit();

    Segments* m_amount;
    QWidget* m_otherLabel;
    QLineEdit* m_other;
};

} // namespace ui
