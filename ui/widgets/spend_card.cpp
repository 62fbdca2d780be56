// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/spend_card.h"

#include <QEvent>
#include <QLabel>
#include <QVBoxLayout>

#include "models/gateway_status.h"
#include "widgets/build.h"
#include "widgets/spent_bar.h"

namespace ui {

SpendCard::SpendCard(GatewayStatus& status, QWidget* parent)
    : QPushButton(parent)
    , m_status(status)
    , m_today(makeParagraph({}))
    , m_bar(new SpentBar)
    , m_budget(makeParagraph({}, "muted"))
{
    setObjectName(QStringLiteral("spendCardButton"));
    setProperty("kind", QStringLiteral("spend"));
    setAutoDefault(true);
    auto* all = column(this, {12, 9, 12, 9}, 5);
    m_today->setAccessibleDescription(QStringLiteral("today"));
    m_budget->setAccessibleDescription(QStringLiteral("nearest-budget"));
    for (QWidget* part :
         {static_cast<QWidget*>(m_today), static_cast<QWidget*>(m_bar), static_cast<QWidget*>(m_budget)}) {
        part->setAttribute(Qt::WA_TransparentForMouseEvents);
        all->addWidget(part);
    }
    connect(&status, &GatewayStatus::changed, this, &SpendCard::refresh);
    refresh();
}

QSize SpendCard::sizeHint() const
{
    return layout()->sizeHint();
}

QSize SpendCard::minimumSizeHint() const
{
    return layout()->minimumSize();
}

int SpendCard::heightForWidth(int width) const
{
    return layout()->totalHeightForWidth(width);
}

// A button keeps the height of one line, whatever is in it.
void SpendCard::fitHeight()
{
    layout()->activate();
    setFixedHeight(layout()->totalHeightForWidth(width()));
}

void SpendCard::resizeEvent(QResizeEvent* event)
{
    QPushButton::resizeEvent(event);
    fitHeight();
}

// Another theme brings the sheet's own heights again.
void SpendCard::changeEvent(QEvent* event)
{
    QPushButton::changeEvent(event);
    if (event->type() == QEvent::StyleChange) fitHeight();
}

void SpendCard::setFolded(bool folded)
{
    m_folded = folded;
    refresh();
}

void SpendCard::refresh()
{
    const SpendOverview& spend = m_status.spend();
    m_today->setText(m_status.todayText());
    m_bar->setCell(spend.cell);
    const QString budget = spend.cell.note.isEmpty() || !spend.hasBudget()
                               ? spend.budgetText()
                               : QStringLiteral("%1: %2").arg(spend.name, spend.cell.note);
    m_budget->setText(budget);
    m_today->setVisible(!m_folded);
    m_budget->setVisible(!m_folded && spend.hasBudget());
    m_bar->setVisible(spend.hasBudget() || m_folded);
    QStringList lines{m_status.todayText(true)};
    if (spend.hasBudget())
        lines.append(spend.ofKey ? tr("Key %1: %2").arg(spend.name, spokenText(spend.cell))
                                 : QStringLiteral("%1: %2").arg(spend.name, spokenText(spend.cell)));
    if (m_status.isSpendingPaused()) lines.append(tr("Spending is paused"));
    const QString story = lines.join(QLatin1Char('\n'));
    setToolTip(plainToolTip(story));
    setAccessibleName(tr("Spending: open the budgets"));
    setAccessibleDescription(story);
    fitHeight();
}

} // namespace ui
