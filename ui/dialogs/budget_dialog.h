// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "gateway/config.h"

#include "widgets/form_dialog.h"

class QGridLayout;
class QLineEdit;
class QSpinBox;

namespace ui {

class AmountFields;
class ComboBox;

/// Asks for a new budget; with `present`, for changes of that one.
class BudgetDialog : public FormDialog {
    Q_OBJECT

public:
    BudgetDialog(const gateway::Config& config, const std::optional<gateway::BudgetConfig>& present,
                 QWidget* parent = nullptr);

    /// The name as it stands there.
    [[nodiscard]] gateway::BudgetId budgetId() const;

signals:
    void submitted(const gateway::BudgetConfig& budget);

private:
    void buildAmount();
    void buildScope();
    void buildLimit();
    void showBudget(const gateway::BudgetConfig& budget);
    void buildAsking(QGridLayout* grid);
    void showChoice();
    [[nodiscard]] gateway::BudgetScope scope() const;
    [[nodiscard]] gateway::AtLimit atLimit() const;
    /// What is wrong with what was typed; empty: nothing.
    [[nodiscard]] QString problemOf(const QString& name) const;
    void submit();

    gateway::Config m_config;
    std::optional<gateway::BudgetConfig> m_present;
    QLineEdit* m_name = nullptr;
    AmountFields* m_amount = nullptr;
    ComboBox* m_provider = nullptr;
    QLineEdit* m_model = nullptr;
    ComboBox* m_route = nullptr;
    ComboBox* m_key = nullptr;
    QLineEdit* m_tag = nullptr;
    QLineEdit* m_client = nullptr;
    QLineEdit* m_repository = nullptr;
    QLineEdit* m_warnAt = nullptr;
    ComboBox* m_atLimit = nullptr;
    QWidget* m_instead = nullptr; // where to, for rerouting
    ComboBox* m_target = nullptr;
    QWidget* m_askLabel = nullptr; // what is offered and how long it waits, for asking
    QWidget* m_ask = nullptr;
    QLineEdit* m_askMore = nullptr;
    QSpinBox* m_askWait = nullptr;
};

} // namespace ui
