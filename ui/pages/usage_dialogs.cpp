// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/usage_dialogs.h"

#include <QPointer>

#include "dialogs/recalculate_dialog.h"
#include "dialogs/reconcile_dialog.h"
#include "dialogs/usage_about_dialog.h"
#include "models/format.h"
#include "models/text_file.h"
#include "models/when_done.h"
#include "widgets/clipboard.h"

namespace ui {

UsageDialogs::UsageDialogs(GatewayLink& link, QWidget* widget)
    : QObject(widget), m_link(link), m_widget(widget)
{
}

void UsageDialogs::explain(const UsageView& view)
{
    auto* dialog = new UsageAboutDialog(view, m_widget);
    connect(dialog, &UsageAboutDialog::recalculateWanted, this,
            [this, since = view.span.since] { recalculate(since); });
    whenDone(m_link.models(), dialog,
             [dialog](const gateway::ModelTable& table) { dialog->setPrices(table); });
    dialog->open();
}

void UsageDialogs::recalculate(std::int64_t sinceMicros)
{
    auto* dialog = new RecalculateDialog(sinceMicros, m_widget);
    connect(dialog, &RecalculateDialog::countWanted, this,
            [this, dialog](std::int64_t since) { count(dialog, since); });
    connect(dialog, &RecalculateDialog::applyWanted, this,
            [this, dialog](std::int64_t since) { apply(dialog, since); });
    dialog->open();
    dialog->start();
}

void UsageDialogs::count(RecalculateDialog* dialog, std::int64_t sinceMicros)
{
    const int number = dialog->askNumber();
    whenDone(
        m_link.recalculate(sinceMicros, false), dialog,
        [dialog, number](const gateway::Recalculation& counted) {
            if (number == dialog->askNumber()) dialog->showCounted(counted);
        },
        [dialog, number] {
            if (number == dialog->askNumber()) dialog->showUnfinished();
        });
}

// The dialog may be closed meanwhile; what came of it is told all the same.
void UsageDialogs::apply(RecalculateDialog* dialog, std::int64_t sinceMicros)
{
    const QPointer<RecalculateDialog> open(dialog);
    whenDone(
        m_link.recalculate(sinceMicros, true), this,
        [this, open](const gateway::Recalculation& done) {
            if (done.problem.empty()) emit recalculated();
            if (open && open->isVisible()) { // A closed one is not deleted at once.
                open->showDone(done);
            } else if (!done.problem.empty()) {
                emit toastWanted({QString::fromStdString(done.problem), {}, {}, true});
            } else {
                emit toastWanted(
                    {tr("%Ln request(s) have a price now", nullptr, static_cast<int>(done.priced)) +
                     QStringLiteral(": ") + formatMoney(done.nanos)});
            }
        },
        [open] {
            if (open) open->showUnfinished();
        });
}

void UsageDialogs::reconcile()
{
    std::vector<gateway::ProviderId> providers;
    providers.reserve(m_link.config()->providers.size());
    for (const gateway::ProviderConfig& provider : m_link.config()->providers) {
        providers.push_back(provider.id);
    }
    auto* dialog = new ReconcileDialog(providers, m_widget);
    connect(dialog, &ReconcileDialog::fileChosen, this, [dialog](const QString& path) {
        whenDone(readTextFile(path), dialog, [dialog, number = dialog->fileNumber()](const TextFile& file) {
            if (number == dialog->fileNumber()) dialog->showFile(file.text, file.problem);
        });
    });
    connect(dialog, &ReconcileDialog::compareWanted, this,
            [this, dialog](const gateway::ReconcileQuery& query) { compare(dialog, query); });
    connect(dialog, &ReconcileDialog::copyWanted, this, [this](const QString& csv) {
        copyText(csv);
        emit toastWanted({tr("Differences copied")});
    });
    dialog->open();
}

void UsageDialogs::compare(ReconcileDialog* dialog, const gateway::ReconcileQuery& query)
{
    const int number = dialog->askNumber();
    whenDone(
        m_link.reconcile(query), dialog,
        [dialog, number](const gateway::Reconciliation& result) {
            if (number == dialog->askNumber()) dialog->showResult(result);
        },
        [dialog, number] {
            if (number == dialog->askNumber()) dialog->showUnfinished();
        });
}

} // namespace ui
