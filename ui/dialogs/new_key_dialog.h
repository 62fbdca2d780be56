// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gateway/config.h"

#include "widgets/form_dialog.h"

class QLineEdit;

namespace ui {

/// Asks for a new virtual key: its name and what it may do.
class NewKeyDialog : public FormDialog {
    Q_OBJECT

public:
    explicit NewKeyDialog(const gateway::Config& config, QWidget* parent = nullptr);

signals:
    void submitted(const gateway::VirtualKeyConfig& key);

private:
    void submit();

    gateway::Config m_config;
    QLineEdit* m_name;
    QLineEdit* m_models;
    QLineEdit* m_expires;
};

/// Shows a virtual key the only time it can be seen, with a way to copy it.
class KeyShownDialog : public FormDialog {
    Q_OBJECT

public:
    KeyShownDialog(const QString& name, const gateway::Secret& key, QWidget* parent = nullptr);
    void done(int result) override;

private:
    QLineEdit* m_key;
};

} // namespace ui
