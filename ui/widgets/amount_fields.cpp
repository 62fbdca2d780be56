// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/amount_fields.h"

#include <QHBoxLayout>
#include <QLineEdit>

#include "gateway/config_io.h"

#include "models/budget_text.h"
#include "widgets/build.h"
#include "widgets/combo_box.h"

namespace ui {
namespace {

constexpr int kPeriodWidth = 140;
constexpr int kMostLetters = 20;

} // namespace

AmountFields::AmountFields(QWidget* parent)
    : QWidget(parent), m_amount(new QLineEdit), m_period(new ComboBox(tr("Time"), "periodComboBox"))
{
    setProperty("role", QStringLiteral("clear"));
    m_amount->setObjectName(QStringLiteral("usdEdit"));
    m_amount->setAccessibleName(tr("Amount in US dollars"));
    m_amount->setMaxLength(kMostLetters);
    for (const std::string& name : gateway::budgetPeriodNames()) {
        const gateway::BudgetPeriod per =
            gateway::budgetPeriod(name).value_or(gateway::BudgetPeriod::Undecided);
        m_period->addItem(periodName(per), QString::fromStdString(name));
    }
    m_period->setFixedWidth(kPeriodWidth);
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    line->addWidget(makeLabel(QStringLiteral("$")));
    line->addWidget(m_amount, 1);
    line->addWidget(m_period);
    setFocusProxy(m_amount);
    setAmount({}, gateway::BudgetPeriod::Month);
}

void AmountFields::setAmount(const std::optional<std::string>& usd, gateway::BudgetPeriod per)
{
    m_before = usd;
    m_amount->setText(typedDollars(usd));
    const std::string_view name = gateway::budgetPeriodName(per);
    const QString wanted = QString::fromLatin1(name.data(), static_cast<qsizetype>(name.size()));
    m_period->setCurrentData(wanted, periodName(per));
}

void AmountFields::setHint(const QString& text)
{
    m_amount->setPlaceholderText(text);
}

bool AmountFields::isEmpty() const
{
    return m_amount->text().trimmed().isEmpty();
}

std::optional<std::string> AmountFields::usd() const
{
    if (m_before && m_amount->text() == typedDollars(m_before)) return m_before;
    return dollarsFrom(m_amount->text());
}

gateway::BudgetPeriod AmountFields::per() const
{
    return gateway::budgetPeriod(m_period->currentData().toString().toStdString())
        .value_or(gateway::BudgetPeriod::Undecided);
}

} // namespace ui
