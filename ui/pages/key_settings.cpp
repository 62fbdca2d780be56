// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/key_settings.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QShortcut>
#include <QTableView>
#include <QVBoxLayout>

#include "dialogs/confirm_dialog.h"
#include "dialogs/new_key_dialog.h"
#include "models/when_done.h"
#include "widgets/build.h"
#include "widgets/column_fit.h"
#include "widgets/table_look.h"

namespace ui {
namespace {

constexpr int kIndent = 16;

} // namespace

KeySettings::KeySettings(const PageContext& context, QWidget* parent) : QFrame(parent), m_context(context)
{
    setProperty("role", QStringLiteral("card"));
    auto* all =
        column(this, {4, 16, 4, 12}, 8); // The table's own padding puts its texts in line with the title.
    QHBoxLayout* head = row(8);
    head->setContentsMargins(kIndent, 0, kIndent, 0);
    auto* texts = new QVBoxLayout;
    texts->setSpacing(2);
    texts->addWidget(makeLabel(tr("Virtual keys"), "h2"));
    texts->addWidget(makeParagraph(tr("What tools present to the gateway; only hashes are kept."), "muted"));
    head->addLayout(texts, 1);
    m_remove = makeButton(tr("&Remove"), "plain", QStringLiteral("trash-2"), "removeVirtualKeyButton");
    m_remove->setAccessibleName(tr("Remove the chosen key"));
    QPushButton* add = makeButton(tr("&New key…"), "ghost", QStringLiteral("plus"), "newVirtualKeyButton");
    head->addWidget(m_remove);
    head->addWidget(add);
    all->addLayout(head);

    m_table = new QTableView;
    m_table->setObjectName(QStringLiteral("virtualKeysTable"));
    m_table->setModel(&m_model);
    setUpTable(m_table, tr("Virtual keys"));
    m_table->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff); // The page scrolls.
    new ColumnFit(m_table);
    all->addWidget(m_table);
    m_empty = makeParagraph(tr("No key yet. While a key is required, nobody can call the gateway."), "muted");
    m_empty->setContentsMargins(kIndent, 0, kIndent, 4);
    all->addWidget(m_empty);

    connect(add, &QPushButton::clicked, this, &KeySettings::addKey);
    connect(m_remove, &QPushButton::clicked, this, &KeySettings::removeKey);
    auto* remove = new QShortcut(QKeySequence::Delete, m_table);
    remove->setContext(Qt::WidgetShortcut);
    connect(remove, &QShortcut::activated, this, &KeySettings::removeKey);
    const auto enable = [this] { m_remove->setEnabled(m_table->selectionModel()->hasSelection()); };
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, enable);
    connect(&m_model, &QAbstractItemModel::modelReset, this, enable);
    connect(&context.link, &GatewayLink::configChanged, this, &KeySettings::showKeys);
    showKeys();
    enable();
}

void KeySettings::showKeys()
{
    m_model.setKeys(m_context.link.config()->keys);
    const int rows = m_model.rowCount();
    m_table->setVisible(rows > 0);
    m_remove->setVisible(rows > 0);
    m_empty->setVisible(rows == 0);
    m_table->setFixedHeight(m_table->horizontalHeader()->sizeHint().height() +
                            rows * m_table->verticalHeader()->defaultSectionSize() + 2);
}

void KeySettings::addKey()
{
    auto* dialog = new NewKeyDialog(*m_context.link.config(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &NewKeyDialog::submitted, this, [this, dialog](const gateway::VirtualKeyConfig& key) {
        whenDone(
            m_context.link.createKey(key), dialog,
            [this, dialog, name = QString::fromStdString(key.id.text)](const gateway::Gateway::NewKey& made) {
                if (made.key.empty()) {
                    dialog->showProblem(problemText(made.problems));
                    return;
                }
                auto* shown = new KeyShownDialog(name, made.key, this);
                shown->setAttribute(Qt::WA_DeleteOnClose);
                dialog->accept();
                shown->open();
            },
            [dialog] { dialog->showProblem(tr("The key was not made.")); });
    });
    dialog->open();
}

void KeySettings::removeKey()
{
    const QModelIndexList chosen = m_table->selectionModel()->selectedRows();
    if (chosen.isEmpty()) return;
    const gateway::VirtualKeyId id = m_model.idAt(chosen.front().row());
    const QString name = QString::fromStdString(id.text);
    auto* dialog = new ConfirmDialog(
        {tr("Remove key"), tr("Remove the key %1? Tools that use it are refused from then on.").arg(name),
         tr("&Remove")},
        this);
    connect(dialog, &QDialog::accepted, this, [this, id, name] {
        m_context.changes.removeVirtualKey(id, [this, name](const QString& problem) {
            const bool done = problem.isEmpty();
            emit toastWanted({done ? tr("%1 was removed").arg(name) : problem, {}, {}, !done});
        });
    });
    dialog->open();
}

} // namespace ui
