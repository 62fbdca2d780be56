// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config.h"

#include "widgets/form_dialog.h"

class QLineEdit;
class QSpinBox;

namespace ui {

class KeySourceEditor;

/// Asks for one more key of a provider that is set up already.
class AddKeyDialog : public FormDialog {
    Q_OBJECT

public:
    AddKeyDialog(const gateway::ProviderConfig& provider, bool keychainUsable, const QString& keychainProblem,
                 QWidget* parent = nullptr);
    void done(int result) override;

signals:
    /// `secret` is empty where the key is read from a variable.
    void submitted(const gateway::ProviderKey& key, const gateway::Secret& secret);

private:
    void submit();

    gateway::ProviderConfig m_provider;
    KeySourceEditor* m_key;
    QLineEdit* m_id;
    QSpinBox* m_weight;
};

} // namespace ui
