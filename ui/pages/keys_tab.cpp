// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/keys_tab.h"

#include <string_view>

#include <QDateTime>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPointer>
#include <QPushButton>
#include <QTableView>

#include "dialogs/confirm_dialog.h"
#include "dialogs/key_shown_dialog.h"
#include "dialogs/new_key_dialog.h"
#include "dialogs/rotate_key_dialog.h"
#include "models/budget_text.h"
#include "models/config_edit.h"
#include "models/key_text.h"
#include "models/when_done.h"
#include "pages/tab_layout.h"
#include "theme/icons.h"
#include "widgets/build.h"
#include "widgets/column_fit.h"
#include "widgets/empty_state.h"
#include "widgets/spent_delegate.h"

namespace ui {
namespace {

constexpr std::uint32_t kRowsToRead = 200;
constexpr qsizetype kMostClients = 6;
constexpr std::string_view kFirstKey = "default"; // the one that the program makes itself
constexpr int kTellMillis = 30'000;

QString nameOf(const gateway::VirtualKeyId& id)
{
    return QString::fromStdString(id.text);
}

// Budgets that count this key and no other.
QStringList budgetsOf(const gateway::VirtualKeyId& id, const gateway::Config& config)
{
    QStringList names;
    for (const gateway::BudgetConfig& budget : config.budgets) {
        if (budget.scope.key == id.text) names.append(QString::fromStdString(budget.id.text));
    }
    return names;
}

QStringList clientsIn(const gateway::LogPage& page)
{
    QStringList names;
    for (const gateway::LogRow& row : page.rows) {
        const QString name = QString::fromStdString(row.client);
        if (!name.isEmpty() && !names.contains(name)) names.append(name);
    }
    return names.mid(0, kMostClients);
}

// A dialog that was closed is not deleted at once.
bool isOpen(const FormDialog* dialog)
{
    return dialog != nullptr && dialog->isVisible();
}

} // namespace

KeysTab::KeysTab(const PageContext& context, QWidget* parent) : TableTab(context, tr("Virtual keys"), parent)
{
    buildButtons();
    buildTable(&m_model, "virtualKeysTable", tr("Virtual keys"));
    table()->verticalHeader()->setDefaultSectionSize(SpentDelegate::kNoteRowHeight);
    table()->setItemDelegateForColumn(VirtualKeysModel::Name,
                                      new SpentDelegate(VirtualKeysModel::SpentRole, table()));
    table()->setItemDelegateForColumn(VirtualKeysModel::Budget,
                                      new SpentDelegate(VirtualKeysModel::SpentRole, table()));
    table()->setItemDelegateForColumn(VirtualKeysModel::State,
                                      new StatusPillDelegate(VirtualKeysModel::OutcomeRole, table()));
    (new ColumnFit(table()))
        ->setDispensable({VirtualKeysModel::Created, VirtualKeysModel::Prefix, VirtualKeysModel::LastUsed,
                          VirtualKeysModel::Limits});
    buildFoot();
    bindKey(QKeySequence::Delete, [this] { revokeKey(); });
    connect(table(), &QTableView::activated, this, &KeysTab::editKey);
    empty()->setContent(
        QStringLiteral("key-round"), tr("No key yet"),
        tr("A key tells one tool's requests from another's and says what it may do and spend. "
           "While a key is required, nobody can call the gateway without one."));
    empty()->setAction(tr("Make a key…"), QStringLiteral("plus"));
    connect(empty(), &EmptyState::actionClicked, this, &KeysTab::addKey);

    connect(table()->selectionModel(), &QItemSelectionModel::selectionChanged, this, &KeysTab::showChosen);
    connect(&m_model, &QAbstractItemModel::modelReset, this, &KeysTab::showChosen);
    connect(&m_model, &QAbstractItemModel::dataChanged, this, &KeysTab::showChosen);
    connect(&context.link, &GatewayLink::configChanged, this, &KeysTab::showKeys);
    connect(&context.link, &GatewayLink::activityChanged, this, [this] {
        m_model.setBudgets(this->context().link.activity().budgets);
        m_model.setUses(this->context().link.activity().keyUses);
    });
    m_clock.setInterval(kTellMillis);
    connect(&m_clock, &QTimer::timeout, &m_model, &VirtualKeysModel::tellTimes);
    m_clock.start();
    showKeys();
    showChosen();
}

void KeysTab::buildButtons()
{
    const auto add = [this](const QString& text, const char* kind, const char* icon, const char* name,
                            void (KeysTab::*slot)()) {
        QPushButton* button = makeButton(text, kind, QLatin1String(icon), name);
        connect(button, &QPushButton::clicked, this, slot);
        addButton(button);
        return button;
    };
    m_edit = add(tr("&Edit…"), "plain", "pencil", "editVirtualKeyButton", &KeysTab::editKey);
    m_rotate = add(tr("Ro&tate…"), "plain", "refresh-cw", "rotateVirtualKeyButton", &KeysTab::rotateKey);
    m_pause = add(tr("Pause &key"), "plain", "pause", "pauseVirtualKeyButton", &KeysTab::togglePaused);
    m_revoke = add(tr("Re&voke…"), "plain", "trash-2", "revokeVirtualKeyButton", &KeysTab::revokeKey);
    add(tr("&New key…"), "ghost", "plus", "newVirtualKeyButton", &KeysTab::addKey)->setToolTip(tr("Ctrl+N"));
}

void KeysTab::buildFoot()
{
    m_foot = new QWidget;
    m_foot->setProperty("role", QStringLiteral("clear"));
    auto* line = new QHBoxLayout(m_foot);
    line->setContentsMargins(kTabIndent, 6, kTabIndent - 4, 8);
    line->setSpacing(8);
    m_note = makeParagraph({}, "muted");
    m_note->setAccessibleDescription(QStringLiteral("key-note"));
    m_allow = makeButton(tr("A&llow more…"), "ghost", QStringLiteral("circle-dollar-sign"),
                         "allowMoreForKeyButton");
    m_endOverlap = makeButton(tr("End overlap n&ow"), "ghost", QStringLiteral("x"), "endOverlapButton");
    connect(m_allow, &QPushButton::clicked, this, &KeysTab::allowMore);
    connect(m_endOverlap, &QPushButton::clicked, this, &KeysTab::endOverlap);
    line->addWidget(m_note, 1);
    line->addWidget(m_allow);
    line->addWidget(m_endOverlap);
    m_foot->hide();
    layout()->addWidget(m_foot);
}

void KeysTab::showFoot(const gateway::VirtualKeyConfig* key)
{
    const gateway::BudgetState* state = m_model.stateAt(chosenRow());
    const bool usedUp = state != nullptr && isUsedUp(*state);
    const QString overlap = key == nullptr ? QString() : overlapText(*key, QDateTime::currentDateTime());
    QStringList notes;
    if (usedUp) notes.append(tr("Its budget is used up."));
    if (!overlap.isEmpty()) notes.append(overlap + QLatin1Char('.'));
    if (key != nullptr)
        m_note->setText(QStringLiteral("%1: %2").arg(nameOf(key->id), notes.join(QLatin1Char(' '))));
    m_allow->setVisible(usedUp);
    m_endOverlap->setVisible(!overlap.isEmpty());
    m_foot->setVisible(!notes.isEmpty());
}

void KeysTab::showKeys()
{
    m_model.setBudgets(context().link.activity().budgets);
    m_model.setUses(context().link.activity().keyUses);
    m_model.setKeys(context().link.config()->keys);
    showRows();
}

void KeysTab::showChosen()
{
    const gateway::VirtualKeyConfig* key = chosen();
    for (QPushButton* button : {m_edit, m_rotate, m_pause, m_revoke}) {
        button->setVisible(m_model.rowCount() > 0);
        button->setEnabled(key != nullptr);
    }
    showFoot(key);
    const bool paused = key != nullptr && key->paused;
    setButtonText(m_pause, paused ? tr("Resume &key") : tr("Pause &key"));
    setButtonIcon(m_pause,
                  {paused ? QStringLiteral("play") : QStringLiteral("pause"), "muted", "accent", 16});
}

void KeysTab::addKey()
{
    auto* dialog = new NewKeyDialog(*context().link.config(), std::nullopt, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &NewKeyDialog::submitted, this,
            [this, dialog](const gateway::VirtualKeyConfig& key) { makeKey(dialog, key); });
    dialog->open();
}

// The dialog may be closed meanwhile: the key is shown all the same, or nobody would ever have it.
void KeysTab::makeKey(NewKeyDialog* dialog, const gateway::VirtualKeyConfig& key)
{
    const QPointer<FormDialog> asked(dialog);
    whenDone(
        context().link.createKey(key), this,
        [this, asked, id = key.id](const gateway::Gateway::NewKey& made) {
            if (made.key.empty()) {
                refuse(problemText(made.problems), asked);
                return;
            }
            auto* shown = new KeyShownDialog(nameOf(id), made.key, this);
            shown->setAttribute(Qt::WA_DeleteOnClose);
            if (isOpen(asked)) asked->accept();
            shown->open();
            choose(m_model.rowOf(id));
        },
        [this, asked] { refuse(tr("The key was not made."), asked); });
}

void KeysTab::editKey()
{
    const gateway::VirtualKeyConfig* key = chosen();
    if (key == nullptr) return;
    auto* dialog = new NewKeyDialog(*context().link.config(), *key, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &NewKeyDialog::submitted, this,
            [this, dialog, before = *key](const gateway::VirtualKeyConfig& after) {
                saveKey(before, after, tr("%1 was changed"), dialog);
            });
    dialog->open();
}

void KeysTab::saveKey(const gateway::VirtualKeyConfig& before, const gateway::VirtualKeyConfig& after,
                      const QString& done, FormDialog* dialog)
{
    const auto config = context().link.config();
    const gateway::VirtualKeyConfig* present = config->findKey(before.id.text);
    if (present == nullptr) {
        refuse(tr("There is no key %1 any more: it was revoked meanwhile. Make a new one instead.")
                   .arg(nameOf(before.id)),
               dialog);
        return;
    }
    const gateway::VirtualKeyConfig next = changedKey(*present, before, after);
    const auto undo = [this, was = *present, next] { undoKey(next, was); };
    save(withVirtualKey(*config, next), {done.arg(nameOf(next.id)), tr("Undo"), undo, false, true}, dialog);
}

void KeysTab::undoKey(const gateway::VirtualKeyConfig& saved, const gateway::VirtualKeyConfig& before)
{
    const auto config = context().link.config();
    const gateway::VirtualKeyConfig* present = config->findKey(saved.id.text);
    if (present == nullptr) {
        refuse(tr("Not undone: the key %1 was revoked meanwhile. Make a new one instead.")
                   .arg(nameOf(saved.id)));
    } else if (present->sha256 != saved.sha256) {
        refuse(tr("Not undone: the key %1 was made anew meanwhile. Edit it to change what it may do.")
                   .arg(nameOf(saved.id)));
    } else {
        save(withVirtualKey(*config, changedKey(*present, saved, before)), {tr("Undone")});
    }
}

void KeysTab::refuse(const QString& problem, FormDialog* dialog)
{
    if (isOpen(dialog)) {
        dialog->showProblem(problem);
    } else {
        emit toastWanted({problem, {}, {}, true});
    }
}

void KeysTab::togglePaused()
{
    const gateway::VirtualKeyConfig* key = chosen();
    if (key == nullptr) return;
    gateway::VirtualKeyConfig next = *key;
    next.paused = !key->paused;
    saveKey(*key, next,
            next.paused ? tr("%1 is paused: tools that use it are refused") : tr("%1 is good again"));
}

void KeysTab::revokeKey()
{
    const gateway::VirtualKeyConfig* key = chosen();
    if (key == nullptr) return;
    const gateway::VirtualKeyId id = key->id;
    auto* dialog = new ConfirmDialog({tr("Revoke key"),
                                      tr("Revoke the key %1? Tools that present it are refused from then on, "
                                         "and it cannot be brought back.")
                                          .arg(nameOf(id)),
                                      tr("&Revoke")},
                                     this);
    if (const QStringList budgets = budgetsOf(id, *context().link.config()); !budgets.isEmpty())
        dialog->addText(tr("These budgets count nothing else: %1.").arg(budgets.join(QStringLiteral(", "))));
    nameClients(id, dialog);
    connect(dialog, &QDialog::accepted, this, [this, id] {
        context().changes.removeVirtualKey(id, [this, id](const QString& problem) {
            const bool done = problem.isEmpty();
            emit toastWanted({done ? tr("%1 was revoked").arg(nameOf(id)) : problem, {}, {}, !done});
        });
    });
    dialog->open();
}

void KeysTab::chooseKey(const QString& name)
{
    choose(m_model.rowOf(gateway::VirtualKeyId(name.toStdString())));
}

void KeysTab::rotateKey()
{
    const gateway::VirtualKeyConfig* key = chosen();
    if (key == nullptr) return;
    auto* dialog = new RotateKeyDialog(*key, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    const QPointer<FormDialog> asked(dialog);
    connect(dialog, &RotateKeyDialog::submitted, this, [this, asked, id = key->id](gateway::seconds overlap) {
        whenDone(
            context().link.rotateKey(id, overlap), this,
            [this, asked, id](const gateway::Gateway::NewKey& made) {
                if (made.key.empty()) {
                    refuse(problemText(made.problems), asked);
                    return;
                }
                if (isOpen(asked)) asked->accept();
                showRotated(id, made);
            },
            [this, asked] { refuse(tr("The key was not made anew."), asked); });
    });
    dialog->open();
}

void KeysTab::showRotated(const gateway::VirtualKeyId& id, const gateway::Gateway::NewKey& made)
{
    auto* shown = new KeyShownDialog(nameOf(id), made.key, this);
    shown->setAttribute(Qt::WA_DeleteOnClose);
    const int row = m_model.rowOf(id);
    const gateway::VirtualKeyConfig* key = m_model.keyAt(row);
    const auto end = key == nullptr ? std::nullopt : overlapEnd(*key, QDateTime::currentDateTime());
    shown->addText(
        end ? tr("What it was before is good until %1.").arg(momentText(*end, QDateTime::currentDateTime()))
            : tr("What it was before is refused from now on."));
    shown->open();
    choose(row);
    keepForCopying(id, made.key);
}

void KeysTab::keepForCopying(const gateway::VirtualKeyId& id, const gateway::Secret& key)
{
    if (id.text != kFirstKey) return;
    const QString name = context().preferences.clientKeyName();
    const auto failed = [this] {
        emit toastWanted(
            {tr("The keychain still has the old key: \"Copy key\" hands that one out."), {}, {}, true});
    };
    whenDone(context().link.readSecret(name), this, [this, name, key, failed](const SecretAnswer& answer) {
        if (answer.secret.empty()) {
            if (answer.closed) failed();
            return; // Else there is no keychain, or it never was in it.
        }
        whenDone(
            context().link.saveSecret(name, key), this,
            [failed](const QString& problem) {
                if (!problem.isEmpty()) failed();
            },
            failed);
    });
}

void KeysTab::endOverlap()
{
    const gateway::VirtualKeyConfig* key = chosen();
    if (key == nullptr || !key->former) return;
    gateway::VirtualKeyConfig next = *key;
    next.former.reset();
    saveKey(*key, next, tr("Only the new key %1 is good"));
}

void KeysTab::allowMore()
{
    if (const gateway::BudgetState* state = m_model.stateAt(chosenRow())) askForMore(*state);
}

void KeysTab::nameClients(const gateway::VirtualKeyId& id, ConfirmDialog* dialog)
{
    gateway::LogQuery query;
    query.key = id.text;
    query.limit = kRowsToRead;
    whenDone(
        context().link.requests(query), dialog,
        [dialog](const gateway::LogPage& page) {
            const QStringList clients = clientsIn(page);
            if (page.rows.empty()) {
                dialog->addText(tr("No request in the log came with it."));
            } else if (clients.isEmpty()) {
                dialog->addText(tr("Requests in the log came with it, from tools that give no name."));
            } else {
                dialog->addText(tr("It was used last by: %1.").arg(clients.join(QStringLiteral(", "))));
            }
        },
        [dialog] { dialog->addText(tr("The log does not tell which tools use it.")); });
}

} // namespace ui
