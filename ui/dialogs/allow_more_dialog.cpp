// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/allow_more_dialog.h"

#include <array>

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>

#include "models/budget_text.h"
#include "models/format.h"
#include "models/model_text.h"
#include "widgets/build.h"
#include "widgets/segments.h"

namespace ui {
namespace {

constexpr int kWidth = 460;
constexpr std::int64_t kDollar = 1'000'000'000;
constexpr std::array<std::int64_t, 2> kAmounts{5 * kDollar, 10 * kDollar};
constexpr int kMostLetters = 20;

} // namespace

AllowMoreDialog::AllowMoreDialog(const gateway::BudgetState& state, QWidget* parent)
    : FormDialog(tr("Allow more"), tr("&Allow"), parent)
    , m_amount(new Segments(tr("How much more"),
                            {dollarsText(kAmounts[0]), dollarsText(kAmounts[1]), tr("Other")}))
    , m_other(new QLineEdit)
{
    setFixedWidth(kWidth);
    const QString name = QString::fromStdString(state.name);
    const QString spent = formatMoney(state.spentNanos);
    const QString of = dollarsText(roomOf(state));
    const QString said =
        state.ofKey ? tr("The key %1 has spent %2 of %3.") : tr("%2 of %3 are spent of the budget %1.");
    const QString asked = state.until > 0 ? tr("How much more may be spent until it begins anew?")
                                          : tr("How much more may be spent?");
    fields()->addWidget(makeParagraph(said.arg(name, spent, of) + QLatin1Char(' ') + asked));
    fields()->addWidget(m_amount);
    m_other->setObjectName(QStringLiteral("otherAmountEdit"));
    m_other->setAccessibleName(tr("Other amount in US dollars"));
    m_other->setPlaceholderText(tr("such as 2.50"));
    m_other->setMaxLength(kMostLetters);
    m_otherLabel = makeFieldLabel(tr("A&mount in US dollars"), m_other);
    fields()->addWidget(m_otherLabel);
    fields()->addWidget(m_other);
    fields()->addWidget(makeParagraph(tr("The amount of the configuration stays as it is."), "muted"));
    connect(m_amount, &Segments::chosen, this, &AllowMoreDialog::showChoice);
    connect(this, &FormDialog::acceptWanted, this, &AllowMoreDialog::submit);
    showChoice();
}

void AllowMoreDialog::showChoice()
{
    const bool other = m_amount->current() >= static_cast<int>(kAmounts.size());
    m_otherLabel->setVisible(other);
    m_other->setVisible(other);
    if (other) m_other->setFocus();
}

void AllowMoreDialog::submit()
{
    if (isBusy()) return;
    const auto choice = static_cast<std::size_t>(m_amount->current());
    const auto nanos =
        choice < kAmounts.size() ? kAmounts[choice] : parseDollars(m_other->text()).value_or(0);
    if (nanos <= 0) {
        showProblem(tr("Write the amount in US dollars, such as 10 or 2.50."));
        return;
    }
    setBusy(true);
    emit submitted(nanos);
}

} // namespace ui
