// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/route_importing.h"

#include <algorithm>
#include <utility>

#include <QPointer>

#include "dialogs/import_dialog.h"
#include "models/when_done.h"

namespace ui {

RouteImporting::RouteImporting(GatewayLink& link, ConfigChanges& changes, QWidget* widget)
    : QObject(widget), m_link(link), m_changes(changes), m_widget(widget)
{
}

void RouteImporting::open()
{
    auto* dialog = new ImportDialog(m_widget);
    connect(dialog, &ImportDialog::fileChosen, this,
            [this, dialog](const QString& path) { read(dialog, path); });
    connect(dialog, &ImportDialog::importWanted, this, [this, dialog] { apply(dialog); });
    dialog->open();
}

void RouteImporting::read(ImportDialog* dialog, const QString& path)
{
    whenDone(startImport(m_link.config(), path), dialog,
             [dialog, number = dialog->readNumber()](const ImportReading& reading) {
                 if (number == dialog->readNumber()) dialog->showReading(reading);
             });
}

void RouteImporting::apply(ImportDialog* dialog)
{
    const ImportReading reading = dialog->reading();
    if (*m_link.config() != *reading.current) {
        dialog->readAgain();
        return;
    }
    const gateway::Config next = importedConfig(reading, dialog->chosen());
    auto saving = std::make_shared<Saving>();
    for (gateway::ImportedSecret& secret : neededSecrets(reading, next)) {
        if (!secret.value.empty()) saving->waiting.push_back(std::move(secret));
    }
    const auto count = [](const auto& after, const auto& before) {
        return static_cast<int>(after.size()) - static_cast<int>(before.size());
    };
    const int added =
        count(next.routes, reading.current->routes) + count(next.aliases, reading.current->aliases);
    dialog->showSaving();
    // The dialog may be closed meanwhile; what was asked for is done all the same.
    m_changes.apply(
        next, [this, open = QPointer<ImportDialog>(dialog), reading, saving, added](const QString& problem) {
            if (!problem.isEmpty()) {
                if (open)
                    open->showFailure(problem);
                else
                    emit toastWanted({tr("Nothing was imported. %1").arg(problem), {}, {}, true});
                return;
            }
            if (open) open->accept();
            emit toastWanted({tr("%Ln route(s) and alias(es) imported", nullptr, added), tr("Undo"),
                              [this, reading] { undo(reading); }, false, true});
            saveNext(saving);
        });
}

// One after the other: a keychain that asks its owner asks once.
void RouteImporting::saveNext(const std::shared_ptr<Saving>& saving)
{
    if (saving->waiting.empty()) {
        if (!saving->problems.isEmpty())
            emit toastWanted({tr("These keys could not be saved. Enter them on the page Providers.") +
                                  QLatin1Char('\n') + saving->problems.join(QLatin1Char('\n')),
                              {},
                              {},
                              true});
        return;
    }
    const gateway::ImportedSecret next = std::move(saving->waiting.front());
    saving->waiting.erase(saving->waiting.begin());
    const QString name = QString::fromStdString(next.name);
    whenDone(
        m_link.saveSecret(name, next.value), this,
        [this, saving, name](const QString& problem) {
            if (!problem.isEmpty()) saving->problems.append(QStringLiteral("%1: %2").arg(name, problem));
            saveNext(saving);
        },
        [this, saving, name] {
            saving->problems.append(tr("%1: The keychain did not answer.").arg(name));
            saveNext(saving);
        });
}

void RouteImporting::undo(const ImportReading& reading)
{
    m_changes.apply(withoutImported(*m_link.config(), reading), [this, reading](const QString& problem) {
        if (!problem.isEmpty()) {
            emit toastWanted({problem, {}, {}, true});
            return;
        }
        forgetSecrets(reading);
        emit toastWanted({tr("Undone")});
    });
}

// Of the keys that came with the file, those that nothing refers to any more.
void RouteImporting::forgetSecrets(const ImportReading& reading)
{
    const auto used = neededSecrets(reading, *m_link.config());
    for (const gateway::ImportedSecret& secret : reading.imported.secrets) {
        const bool isUsed = std::any_of(used.begin(), used.end(),
                                        [&secret](const auto& each) { return each.name == secret.name; });
        if (!isUsed && !secret.value.empty()) m_link.removeSecret(QString::fromStdString(secret.name));
    }
}

} // namespace ui
