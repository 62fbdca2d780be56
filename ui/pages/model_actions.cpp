// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/model_actions.h"

#include <QDir>
#include <QFileDialog>
#include <QPointer>

#include "dialogs/catalog_update_dialog.h"
#include "dialogs/compare_models_dialog.h"
#include "models/model_text.h"
#include "models/trial_text.h"
#include "models/when_done.h"

namespace ui {

ModelActions::ModelActions(const PageContext& context, ModelTableModel& models, QWidget* page)
    : QObject(page), m_context(context), m_models(models), m_page(page)
{
}

void ModelActions::applyEntries(const std::vector<ModelEntry>& entries, const QString& done,
                                const Done& finished)
{
    const auto config = m_context.link.config();
    std::vector<ModelEntry> before;
    for (const ModelEntry& entry : entries) {
        before.push_back(entryNow(*config, entry.provider, entry.model));
    }
    whenDone(
        m_context.link.apply(withEntries(*config, entries)), this,
        [this, before, done, finished](const GatewayLink::Problems& problems) {
            const FieldProblems wrong = byField(problems);
            finished(wrong);
            if (!wrong.empty()) return;
            const auto undo = [this, before] {
                applyEntries(before, tr("Undone"), [this](const FieldProblems& refused) { tell(refused); });
            };
            emit toastWanted({done, tr("Undo"), undo, false, true});
        },
        [finished] {
            finished({{ModelField::Undecided, tr("The gateway is shutting down; nothing was changed.")}});
        });
}

void ModelActions::setExposed(const std::vector<gateway::ModelRow>& models, bool exposed)
{
    std::vector<ModelEntry> entries;
    for (const gateway::ModelRow& row : models) {
        const ModelEntry now = entryNow(*m_context.link.config(), row.provider, row.model);
        gateway::ModelConfig wanted = now.entry.value_or(gateway::ModelConfig{});
        wanted.name = row.model;
        wanted.hidden = !exposed;
        if (now.entry.has_value() && now.entry->hidden == wanted.hidden) continue;
        if (!now.entry && exposed) continue;
        entries.push_back(entryFor(row, wanted));
    }
    if (entries.empty()) return;
    const QString name = clientName(models.front());
    const QString one = exposed ? tr("%1 is exposed").arg(name) : tr("%1 is hidden").arg(name);
    const int count = static_cast<int>(entries.size());
    const QString many =
        exposed ? tr("%Ln model(s) exposed", nullptr, count) : tr("%Ln model(s) hidden", nullptr, count);
    applyEntries(entries, count == 1 ? one : many, [this](const FieldProblems& problems) { tell(problems); });
}

void ModelActions::tell(const FieldProblems& problems)
{
    for (const auto& [field, text] : problems) {
        emit toastWanted({text, {}, {}, true});
    }
}

void ModelActions::compare(const std::vector<gateway::ModelRow>& models)
{
    if (!canCompare(models.size())) return;
    auto* dialog = new CompareModelsDialog(models, m_models.tokensOfTheWeek(), m_page);
    dialog->open();
}

bool ModelActions::canTry(const gateway::ModelRow& model)
{
    return model.mode.empty() || model.mode == "chat" || model.mode == "responses";
}

void ModelActions::tryModel(const gateway::ModelRow& model)
{
    const QString name = fullName(model);
    const auto show = [this](const QString& text, bool bad) {
        emit toastWanted(
            {text, tr("Show"), [this] { emit pageWanted(QStringLiteral("requests"), {}); }, bad});
    };
    emit toastWanted({tr("%1 was asked for a short answer…").arg(name)});
    whenDone(
        m_context.link.sendTrial(name, tr("Hello from Turnpike")), this,
        [show, name](const gateway::TrialAnswer& answer) { show(trialText(name, answer), !answer.ok); },
        [show] { show(tr("The test request was not answered."), true); });
}

void ModelActions::openUpdate()
{
    auto* dialog = new CatalogUpdateDialog(
        m_models.table(), catalogNames(*m_context.link.config(), m_context.link.presets()), m_page);
    connect(dialog, &CatalogUpdateDialog::lookWanted, this,
            [this, dialog](gateway::CatalogOrigin origin) { look(dialog, origin); });
    connect(dialog, &CatalogUpdateDialog::lookStopped, this,
            [this] { m_context.link.cancelCatalogUpdate(); });
    connect(dialog, &CatalogUpdateDialog::takeWanted, this, [this, dialog] {
        finishUpdate(dialog, m_context.link.takeCatalogUpdate(), tr("The newer list is in force"));
    });
    connect(dialog, &CatalogUpdateDialog::dropWanted, this, [this, dialog] {
        finishUpdate(dialog, m_context.link.dropCatalogUpdate(), tr("The built-in list is in force"));
    });
    dialog->open();
}

void ModelActions::exportList()
{
    auto* dialog = new QFileDialog(m_page, tr("Export the list of models"), QStringLiteral("models.json"),
                                   tr("JSON (*.json);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("json"));
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        whenDone(m_context.link.exportModels(path), this, [this, path](const QString& problem) {
            if (problem.isEmpty())
                emit toastWanted({tr("The list was written to %1").arg(QDir::toNativeSeparators(path))});
            else
                emit toastWanted({problem, {}, {}, true});
        });
    });
    dialog->open();
}

void ModelActions::look(CatalogUpdateDialog* dialog, gateway::CatalogOrigin origin)
{
    // The dialog counts its looks: what an earlier one says after it was stopped is not what is asked now.
    const int number = dialog->lookNumber();
    whenDone(
        m_context.link.lookForCatalogUpdate(origin), dialog,
        [dialog, number](const gateway::CatalogUpdate& update) {
            if (number == dialog->lookNumber()) dialog->showFound(update);
        },
        [dialog, number] {
            if (number == dialog->lookNumber()) dialog->showUnfinished();
        });
}

void ModelActions::finishUpdate(CatalogUpdateDialog* dialog, const QFuture<QString>& answer,
                                const QString& done)
{
    whenDone(
        answer, this,
        [this, alive = QPointer(dialog), done](const QString& problem) {
            if (!problem.isEmpty()) {
                if (alive) alive->showFailure(problem);
                if (!alive) emit toastWanted({problem, {}, {}, true});
                return;
            }
            if (alive) alive->accept();
            m_models.read();
            emit toastWanted({done});
        },
        [alive = QPointer(dialog)] {
            if (alive) alive->showFailure(tr("The gateway is shutting down; nothing was changed."));
        });
}

} // namespace ui
