// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config.h"

#include "widgets/form_dialog.h"

namespace ui {

class ComboBox;

/// Asks how long a key that is made anew stays good as it was.
class RotateKeyDialog : public FormDialog {
    Q_OBJECT

public:
    RotateKeyDialog(const gateway::VirtualKeyConfig& key, QWidget* parent = nullptr);

signals:
    void submitted(gateway::seconds overlap);

private:
    ComboBox* m_overlap;
};

} // namespace ui
