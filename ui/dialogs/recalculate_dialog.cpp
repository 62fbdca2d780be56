// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/recalculate_dialog.h"

#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "models/format.h"
#include "widgets/build.h"
#include "widgets/segments.h"

namespace ui {
namespace {

constexpr int kWidth = 520;

} // namespace

RecalculateDialog::RecalculateDialog(std::int64_t sinceMicros, QWidget* parent)
    : FormDialog(tr("Recalculate costs"), tr("&Apply"), parent), m_since(sinceMicros)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setFixedWidth(kWidth);
    fields()->addWidget(makeParagraph(
        tr("A request of a model that had no price when it was made counts as nothing. Where its price is "
           "known by now, its cost can be put in. Costs that are known already stay as they are.")));
    QHBoxLayout* line = row(8);
    m_span = new Segments(
        tr("Which requests"),
        {tr("Since %1").arg(formatMoment(sinceMicros, QDateTime::currentDateTime())), tr("The whole log")});
    line->addWidget(m_span);
    line->addStretch();
    fields()->addLayout(line);
    connect(m_span, &Segments::chosen, this, &RecalculateDialog::count);
    connect(this, &FormDialog::acceptWanted, this, &RecalculateDialog::apply);
    acceptButton()->setEnabled(false);
}

void RecalculateDialog::start()
{
    count();
}

std::int64_t RecalculateDialog::since() const
{
    return m_span->current() == 0 ? m_since : 0;
}

void RecalculateDialog::count()
{
    ++m_asks;
    setStep(Step::Counting);
    showProgress(tr("Counting requests without a price…"));
    emit countWanted(since());
}

void RecalculateDialog::apply()
{
    if (m_step != Step::Counted) return;
    ++m_asks;
    setStep(Step::Applying);
    showProgress(tr("Putting prices on %Ln request(s). This goes on if you close the dialog.", nullptr,
                    static_cast<int>(m_priced)));
    emit applyWanted(since());
}

void RecalculateDialog::setStep(Step step)
{
    m_step = step;
    const bool over = step == Step::Applying || step == Step::Done;
    acceptButton()->setVisible(step != Step::Done);
    acceptButton()->setEnabled(step == Step::Counted && m_priced > 0);
    m_span->setEnabled(!over);
    setButtonText(cancelButton(), over ? tr("&Close") : tr("Cancel"));
    if (step == Step::Done) cancelButton()->setDefault(true);
}

void RecalculateDialog::showCounted(const gateway::Recalculation& counted)
{
    if (m_step != Step::Counting) return;
    m_priced = counted.problem.empty() ? counted.priced : 0;
    setStep(Step::Counted);
    if (!counted.problem.empty()) {
        showProblem(QString::fromStdString(counted.problem));
        acceptButton()->setEnabled(false);
        return;
    }
    const QString without = tr("%Ln request(s) without price", nullptr, static_cast<int>(counted.rows));
    if (counted.rows == 0) {
        showMessage(tr("Every request has a price. There is nothing to do."), QStringLiteral("circle-check"),
                    "success");
    } else if (counted.priced == 0) {
        showMessage(
            tr("%1, and none has one now. Give their models a price on the page Models.").arg(without),
            QStringLiteral("info"), "muted");
    } else {
        showMessage(tr("%1, %2 can be priced now: %3")
                        .arg(without, formatCount(static_cast<std::int64_t>(counted.priced)),
                             formatMoney(counted.nanos)),
                    QStringLiteral("info"), "accent");
        acceptButton()->setFocus();
    }
}

void RecalculateDialog::showDone(const gateway::Recalculation& done)
{
    if (m_step != Step::Applying) return;
    if (!done.problem.empty()) {
        setStep(Step::Counted);
        showProblem(QString::fromStdString(done.problem));
        return;
    }
    setStep(Step::Done);
    QString text = tr("%Ln request(s) have a price now", nullptr, static_cast<int>(done.priced)) +
                   QStringLiteral(": ") + formatMoney(done.nanos) + QLatin1Char('.');
    const auto left = static_cast<int>(done.rows > done.priced ? done.rows - done.priced : 0);
    if (left > 0) text += QLatin1Char(' ') + tr("%Ln request(s) still have none.", nullptr, left);
    showMessage(text, QStringLiteral("circle-check"), "success");
    cancelButton()->setFocus();
}

void RecalculateDialog::showUnfinished()
{
    if (m_step != Step::Counting && m_step != Step::Applying) return;
    const bool applying = m_step == Step::Applying;
    m_priced = applying ? m_priced : 0;
    setStep(Step::Counted);
    showProblem(applying ? tr("The gateway stopped before it was done. Open this again to see what is left.")
                         : tr("The log did not answer: the gateway is not running. Start it and try again."));
    acceptButton()->setEnabled(false);
}

} // namespace ui
