// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include <QWidget>

#include "gateway/config.h"

class QLineEdit;

namespace ui {

class ComboBox;

/// An amount of US dollars and the time it is for. Takes the focus for its amount.
class AmountFields : public QWidget {
    Q_OBJECT

public:
    explicit AmountFields(QWidget* parent = nullptr);
    void setAmount(const std::optional<std::string>& usd, gateway::BudgetPeriod per);
    /// What an empty amount means.
    void setHint(const QString& text);
    [[nodiscard]] bool isEmpty() const;
    /// As the configuration has it; as it was where nothing else was typed. Nothing where it is no amount.
    [[nodiscard]] std::optional<std::string> usd() const;
    [[nodiscard]] gateway::BudgetPeriod per() const;

private:
    std::optional<std::string> m_before;
    QLineEdit* m_amount;
    ComboBox* m_period;
};

} // namespace ui
