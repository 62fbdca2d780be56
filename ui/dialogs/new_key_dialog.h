// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "gateway/config.h"
#include "gateway/config_io.h"

#include "widgets/form_dialog.h"

class QCheckBox;
class QLineEdit;

namespace ui {

class AmountFields;
class ExpiryField;
class LimitFields;
class ProblemGrid;

/// Asks for a new virtual key: its name and what it may do. With `present`, asks what that one may do from
/// now on; it stays the same key. What is wrong is told beside its field.
class NewKeyDialog : public FormDialog {
    Q_OBJECT

public:
    NewKeyDialog(const gateway::Config& config, const std::optional<gateway::VirtualKeyConfig>& present,
                 QWidget* parent = nullptr);

signals:
    void submitted(const gateway::VirtualKeyConfig& key);

private:
    void buildFields();
    [[nodiscard]] QWidget* buildDialects();
    void showKey(const gateway::VirtualKeyConfig& key);
    void submit();
    [[nodiscard]] gateway::VirtualKeyConfig typedKey() const;
    /// What cannot be said in a configuration at all; false where there is any.
    bool checkTyped();
    /// What the engine would say of it; false where there is any.
    bool checkRules(const gateway::VirtualKeyConfig& key);
    /// Beside the field that the path names, else below all of them.
    void tell(const std::string& field, const QString& text);

    gateway::Config m_config;
    std::optional<gateway::VirtualKeyConfig> m_present;
    ProblemGrid* m_grid = nullptr;
    QLineEdit* m_name = nullptr;
    QLineEdit* m_models = nullptr;
    QLineEdit* m_routes = nullptr;
    QLineEdit* m_tags = nullptr;
    QWidget* m_dialects = nullptr;
    std::vector<QCheckBox*> m_dialectBoxes;
    ExpiryField* m_expires = nullptr;
    AmountFields* m_budget = nullptr;
    LimitFields* m_limits = nullptr;
    QCheckBox* m_paused = nullptr;
};

} // namespace ui
