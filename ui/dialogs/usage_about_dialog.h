// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/usage_model.h"
#include "widgets/form_dialog.h"

namespace ui {

class FactGrid;

/// How the figures of the page Usage are known, and where prices come from.
class UsageAboutDialog : public FormDialog {
    Q_OBJECT

public:
    UsageAboutDialog(const UsageView& view, QWidget* parent);
    /// Where prices come from, once that is known.
    void setPrices(const gateway::ModelTable& table);

signals:
    void recalculateWanted();

private:
    void showFacts(const QString& prices);

    UsageView m_view;
    FactGrid* m_facts;
};

} // namespace ui
