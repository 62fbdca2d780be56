// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/spend_strip.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "models/gateway_status.h"
#include "theme/icons.h"
#include "widgets/build.h"
#include "widgets/spent_bar.h"

namespace ui {

SpendStrip::SpendStrip(GatewayStatus& status, QAction* pause, QWidget* parent)
    : QFrame(parent), m_status(status), m_bar(new SpentBar)
{
    setProperty("role", QStringLiteral("card"));
    auto* all = new QHBoxLayout(this);
    all->setContentsMargins(16, 12, 12, 12);
    all->setSpacing(20);
    auto* left = column(nullptr, {}, 2);
    m_today = makeLabel({}, "h2");
    m_today->setAccessibleDescription(QStringLiteral("spent-today"));
    m_state = makeLabel({}, "muted");
    m_state->setAccessibleDescription(QStringLiteral("spending-state"));
    left->addWidget(m_today);
    left->addWidget(m_state);
    all->addLayout(left);
    auto* middle = column(nullptr, {}, 5);
    auto* words = row(12);
    m_budget = makeParagraph({});
    m_budget->setAccessibleDescription(QStringLiteral("nearest-budget"));
    m_forecast = makeLabel({}, "muted");
    m_forecast->setAccessibleDescription(QStringLiteral("forecast"));
    words->addWidget(m_budget, 1);
    words->addWidget(m_forecast);
    middle->addLayout(words);
    middle->addWidget(m_bar);
    all->addLayout(middle, 1);
    m_open = makeButton(tr("Budgets"), "plain", QStringLiteral("wallet"), "openBudgetsButton");
    connect(m_open, &QPushButton::clicked, this, &SpendStrip::budgetsWanted);
    m_pause = makeButton(QStringLiteral("-"), "ghost", QStringLiteral("pause"), "pauseSpendingButton");
    connect(m_pause, &QPushButton::clicked, pause, &QAction::trigger);
    all->addWidget(m_open);
    all->addWidget(m_pause);
    connect(&status, &GatewayStatus::changed, this, &SpendStrip::refresh);
    refresh();
}

void SpendStrip::refresh()
{
    const SpendOverview& spend = m_status.spend();
    const bool paused = m_status.isSpendingPaused();
    m_today->setText(spend.today);
    m_state->setText(paused ? tr("Spending is paused") : tr("Spent by all tools"));
    setLook(m_state, "tone", paused ? QStringLiteral("warn") : QString());
    m_budget->setText(spend.hasBudget() ? spend.budgetText() : tr("No budget says how much may be spent."));
    setLook(m_budget, "tone", spend.hasBudget() ? QString() : QStringLiteral("muted"));
    m_forecast->setText(spend.cell.note);
    m_forecast->setVisible(!spend.cell.note.isEmpty());
    m_bar->setVisible(spend.hasBudget());
    m_bar->setCell(spend.cell);
    m_bar->setToolTip(spokenText(spend.cell));
    const QString text = paused ? tr("Resume spending") : tr("Pause all spending");
    if (m_pause->text() == text) return;
    setButtonText(m_pause, text);
    setLook(m_pause, "kind", paused ? QStringLiteral("primary") : QStringLiteral("ghost"));
    const char* ink = paused ? "accentText" : "text";
    setButtonIcon(m_pause, {paused ? QStringLiteral("play") : QStringLiteral("pause"), ink, ink, 16});
}

} // namespace ui
