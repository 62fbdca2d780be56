// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/usage_about_dialog.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "models/model_text.h"
#include "models/usage_text.h"
#include "widgets/build.h"
#include "widgets/fact_grid.h"

namespace ui {
namespace {

constexpr int kWidth = 640;

} // namespace

UsageAboutDialog::UsageAboutDialog(const UsageView& view, QWidget* parent)
    : FormDialog(tr("About these numbers"), tr("&Close"), parent), m_view(view)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setFixedWidth(kWidth);
    m_facts = new FactGrid;
    fields()->addLayout(m_facts);
    showFacts(tr("Reading…"));
    cancelButton()->hide();
    QPushButton* again =
        makeButton(tr("&Recalculate…"), "ghost", QStringLiteral("refresh-cw"), "recalculateButton");
    again->setToolTip(tr("Puts prices on requests that had none when they were made"));
    buttons()->insertWidget(0, again);
    connect(again, &QPushButton::clicked, this, [this] {
        emit recalculateWanted();
        accept();
    });
    connect(this, &FormDialog::acceptWanted, this, &QDialog::accept);
}

void UsageAboutDialog::setPrices(const gateway::ModelTable& table)
{
    QString prices = tr("The catalog of the program, of %1").arg(dayText(table.catalogDate));
    if (!table.updateDate.empty())
        prices = tr("The list of %1 of %2, and for what is not in it the catalog of %3")
                     .arg(QString::fromStdString(table.updateSource), dayText(table.updateDate),
                          dayText(table.catalogDate));
    showFacts(tr("%1. A price of your own, on the page Models, comes first.").arg(prices));
}

void UsageAboutDialog::showFacts(const QString& prices)
{
    const QString shares = sourceShares(m_view);
    m_facts->setFacts({
        {tr("In this time"), shares.isEmpty() ? tr("Nothing was used") : shares},
        {tr("Reported"), tr("The provider said itself what it charged. This wins over everything else.")},
        {tr("Computed"), tr("The provider's token counts, times the prices that were in force then.")},
        {tr("Estimated"), tr("The provider gave no counts, or the answer was cut off: counted here.")},
        {tr("No price"), tr("Counts as nothing until a price is known; Recalculate puts it in.")},
        {tr("Prices"), prices},
        {tr("Caches"),
         tr("What a provider's cache took or gave is part of the tokens in, at its own price.")},
        {tr("Saved by cache"), tr("What answers that were kept here would have cost again.")},
        {tr("Saved by routing"),
         tr("How much less it cost than the dearest target of the same route would.")},
        {tr("Budgets"), tr("Count the same costs as this page.")},
    });
}

} // namespace ui
