// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/secrets.h"

#include "widgets/form_dialog.h"

class QLineEdit;

namespace ui {

/// Shows a virtual key the only time it can be seen, with ways to copy it.
class KeyShownDialog : public FormDialog {
    Q_OBJECT

public:
    KeyShownDialog(const QString& name, const gateway::Secret& key, QWidget* parent = nullptr);
    /// Says more, above the key.
    void addText(const QString& text);
    void done(int result) override;

private:
    void addCopies();

    QLineEdit* m_key;
};

} // namespace ui
