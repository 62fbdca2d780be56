// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "gateway/config.h"

#include "widgets/form_dialog.h"

class QLineEdit;

namespace ui {

class AmountFields;

/// Asks for a new virtual key: its name and what it may do. With `present`, asks what that one may do from
/// now on; it stays the same key.
class NewKeyDialog : public FormDialog {
    Q_OBJECT

public:
    NewKeyDialog(const gateway::Config& config, const std::optional<gateway::VirtualKeyConfig>& present,
                 QWidget* parent = nullptr);

signals:
    void submitted(const gateway::VirtualKeyConfig& key);

private:
    void buildFields();
    void showKey(const gateway::VirtualKeyConfig& key);
    void submit();
    /// What is wrong with what was typed; empty: nothing.
    [[nodiscard]] QString problemOf(const QString& name, const QString& expires) const;
    [[nodiscard]] QString readLimits(gateway::RateLimits& limits) const;

    gateway::Config m_config;
    std::optional<gateway::VirtualKeyConfig> m_present;
    QLineEdit* m_name = nullptr;
    QLineEdit* m_models = nullptr;
    QLineEdit* m_expires = nullptr;
    AmountFields* m_budget = nullptr;
    QLineEdit* m_requests = nullptr;
    QLineEdit* m_tokens = nullptr;
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
