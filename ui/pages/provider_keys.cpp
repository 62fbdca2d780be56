// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/provider_keys.h"

#include <algorithm>

#include <QDateTime>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QShortcut>
#include <QSpinBox>
#include <QTableView>
#include <QVBoxLayout>

#include "pages/tab_layout.h"
#include "widgets/build.h"
#include "widgets/column_fit.h"
#include "widgets/segments.h"
#include "widgets/table_look.h"

namespace ui {
namespace {

constexpr int kMostWeight = 1000;

/// A weight is typed or turned where it stands.
class WeightDelegate : public RowDelegate {
public:
    using RowDelegate::RowDelegate;
    QWidget* createEditor(QWidget* parent, const QStyleOptionViewItem& option,
                          const QModelIndex& index) const override
    {
        Q_UNUSED(option)
        Q_UNUSED(index)
        QSpinBox* box = makeSpinBox(ProviderKeys::tr("Weight"), "weightSpinBox", 1, kMostWeight);
        box->setParent(parent);
        return box;
    }
};

} // namespace

ProviderKeys::ProviderKeys(QWidget* parent) : QWidget(parent)
{
    setProperty("role", QStringLiteral("clear"));
    auto* all = column(this, {}, 12);
    buildHead(all);
    buildTable(all);
    m_none =
        makeParagraph(tr("No key. A server on this computer often needs none; a company's does."), "muted");
    all->addLayout(indented(m_none));
    m_story = makeParagraph({}, "muted");
    m_story->setAccessibleDescription(QStringLiteral("key-story"));
    m_story->setTextInteractionFlags(Qt::TextSelectableByMouse);
    all->addLayout(indented(m_story));
    all->addLayout(indented(buildOrder()));
    all->addStretch();
    bindKeys();
}

void ProviderKeys::buildHead(QVBoxLayout* all)
{
    m_summary = makeLabel({}, "muted");
    m_summary->setAccessibleDescription(QStringLiteral("keys-summary"));
    m_test = makeButton(tr("Test key"), "plain", QStringLiteral("plug"), "testKeyButton");
    m_test->setToolTip(
        tr("Asks the provider for its list of models with this key; one that works has its turn "
           "again at once"));
    m_remove = makeButton(tr("&Remove key"), "plain", QStringLiteral("trash-2"), "removeKeyButton");
    QPushButton* add = makeButton(tr("Add &key"), "ghost", QStringLiteral("plus"), "addKeyButton");
    QHBoxLayout* head = indented();
    head->addWidget(m_summary, 1);
    head->addWidget(m_test);
    head->addWidget(m_remove);
    head->addWidget(add);
    all->addLayout(head);
    connect(add, &QPushButton::clicked, this, &ProviderKeys::addKeyWanted);
    connect(m_test, &QPushButton::clicked, this, [this] {
        if (!chosen().text.empty()) emit testKeyWanted(chosen());
    });
    connect(m_remove, &QPushButton::clicked, this, [this] {
        if (!chosen().text.empty()) emit removeKeyWanted(chosen());
    });
}

void ProviderKeys::buildTable(QVBoxLayout* all)
{
    m_table = new QTableView;
    m_table->setObjectName(QStringLiteral("keysTable"));
    m_table->setModel(&m_model);
    setUpTable(m_table, tr("Keys"));
    m_table->setTextElideMode(Qt::ElideMiddle); // A path's end tells more than its beginning.
    m_table->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed);
    m_table->setDragDropMode(QAbstractItemView::InternalMove);
    m_table->setDragDropOverwriteMode(false);
    m_table->setDropIndicatorShown(true);
    m_table->setItemDelegateForColumn(ProviderKeysModel::State,
                                      new StatusPillDelegate(ProviderKeysModel::OutcomeRole, m_table));
    m_table->setItemDelegateForColumn(ProviderKeysModel::Weight, new WeightDelegate(m_table));
    m_fit = new ColumnFit(m_table);
    all->addWidget(m_table);
}

QWidget* ProviderKeys::buildOrder()
{
    m_orderBox = new QWidget;
    m_orderBox->setProperty("role", QStringLiteral("clear"));
    auto* all = column(m_orderBox, {}, 8);
    QHBoxLayout* line = row(8);
    m_order = new Segments(tr("How the keys take turns"), {tr("By weight"), tr("In order")});
    m_up = makeIconButton(QStringLiteral("chevron-up"), tr("Move the key up (Alt+Up)"), "keyUpButton");
    m_down =
        makeIconButton(QStringLiteral("chevron-down"), tr("Move the key down (Alt+Down)"), "keyDownButton");
    line->addWidget(m_order);
    line->addStretch();
    line->addWidget(m_up);
    line->addWidget(m_down);
    all->addLayout(line);
    m_orderHint = makeParagraph({}, "muted");
    all->addWidget(m_orderHint);
    connect(m_order, &Segments::chosen, this, [this](int index) {
        gateway::ProviderConfig next = m_provider;
        next.keyOrder = index == 1 ? gateway::KeyOrder::Listed : gateway::KeyOrder::Weight;
        if (next != m_provider)
            emit changeWanted(next, index == 1 ? tr("The keys are used in order")
                                               : tr("The keys are used by weight"));
    });
    connect(m_up, &QPushButton::clicked, this, [this] { moveChosen(-1); });
    connect(m_down, &QPushButton::clicked, this, [this] { moveChosen(1); });
    return m_orderBox;
}

void ProviderKeys::bindKeys()
{
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &ProviderKeys::showChosen);
    connect(&m_model, &QAbstractItemModel::modelReset, this, &ProviderKeys::showChosen);
    connect(&m_model, &QAbstractItemModel::dataChanged, this, &ProviderKeys::showChosen);
    // Queued: the table is still at work on the cell or the drop that this comes from.
    connect(&m_model, &ProviderKeysModel::weightWanted, this, &ProviderKeys::setWeight, Qt::QueuedConnection);
    connect(&m_model, &ProviderKeysModel::moveWanted, this, &ProviderKeys::move, Qt::QueuedConnection);
    const auto bind = [this](const QKeySequence& keys, auto slot) {
        auto* shortcut = new QShortcut(keys, m_table);
        shortcut->setContext(Qt::WidgetShortcut);
        connect(shortcut, &QShortcut::activated, this, slot);
    };
    bind(QKeySequence::Delete, [this] { m_remove->click(); });
    bind(QKeySequence(Qt::ALT | Qt::Key_Up), [this] { moveChosen(-1); });
    bind(QKeySequence(Qt::ALT | Qt::Key_Down), [this] { moveChosen(1); });
    bind(QKeySequence(Qt::Key_F2), [this] {
        const QModelIndex weight = m_model.index(m_table->currentIndex().row(), ProviderKeysModel::Weight);
        if (weight.isValid() && !m_table->isColumnHidden(ProviderKeysModel::Weight)) m_table->edit(weight);
    });
}

void ProviderKeys::setProvider(const gateway::ProviderConfig& provider, const gateway::ProviderHealth& health)
{
    const bool other = provider.id != m_provider.id;
    const gateway::ProviderKeyId before = other ? gateway::ProviderKeyId() : chosen();
    m_provider = provider;
    m_model.setProvider(provider, health);
    // A weight may be edited right now: only what was lost is chosen again.
    if (const int place = chosen() == before ? -1 : m_model.rowOf(before); place >= 0)
        m_table->selectRow(place);
    m_order->setCurrent(provider.keyOrder == gateway::KeyOrder::Listed ? 1 : 0);
    const int ready = readyKeys(health, QDateTime::currentMSecsSinceEpoch() * 1000);
    m_summary->setText(tr("%1 of %2 ready").arg(ready).arg(provider.keys.size()));
    fit();
    showChosen();
}

void ProviderKeys::fit()
{
    const int rows = m_model.rowCount();
    const bool several = rows > 1;
    const bool listed = m_provider.keyOrder == gateway::KeyOrder::Listed;
    m_summary->setVisible(rows > 0);
    m_table->setVisible(rows > 0);
    m_none->setVisible(rows == 0);
    m_remove->setVisible(rows > 0);
    m_test->setVisible(rows > 0);
    m_orderBox->setVisible(several);
    m_orderHint->setText(listed ? tr("The first key that is ready is used; the next one only while it is set "
                                     "aside. Drag a key, or "
                                     "press Alt with an arrow, to move it.")
                                : tr("Each key is used as often as its weight says, and a session stays on "
                                     "its key. F2 or a double "
                                     "click changes a weight."));
    // Nothing to weigh one key against.
    m_table->setColumnHidden(ProviderKeysModel::Weight, !several || listed);
    m_fit->fit();
    m_table->setFixedHeight(m_table->horizontalHeader()->sizeHint().height() +
                            rows * m_table->verticalHeader()->defaultSectionSize() + 2);
}

gateway::ProviderKeyId ProviderKeys::chosen() const
{
    const QModelIndexList rows = m_table->selectionModel()->selectedRows();
    return rows.isEmpty() ? gateway::ProviderKeyId() : m_model.idAt(rows.front().row());
}

void ProviderKeys::showChosen()
{
    const int place = m_model.rowOf(chosen());
    const bool any = place >= 0;
    m_test->setEnabled(any);
    m_remove->setEnabled(any);
    m_up->setEnabled(any && place > 0);
    m_down->setEnabled(any && place + 1 < m_model.rowCount());
    QString story = any ? m_model.storyOf(place) : QString();
    if (!any) { // What is wrong is told unasked.
        for (int each = 0; each < m_model.rowCount() && story.isEmpty(); ++each) {
            const QString told = m_model.storyOf(each);
            if (!told.isEmpty())
                story = tr("%1: %2").arg(QString::fromStdString(m_model.idAt(each).text), told);
        }
    }
    m_story->setText(story);
    m_story->setVisible(!story.isEmpty());
}

void ProviderKeys::setWeight(const gateway::ProviderKeyId& key, int weight)
{
    gateway::ProviderConfig next = m_provider;
    for (gateway::ProviderKey& each : next.keys) {
        if (each.id == key) each.weight = static_cast<std::uint32_t>(weight);
    }
    if (next != m_provider) {
        emit changeWanted(next,
                          tr("The weight of %1 is now %2").arg(QString::fromStdString(key.text)).arg(weight));
    }
}

void ProviderKeys::moveChosen(int by)
{
    const int from = m_model.rowOf(chosen());
    if (from >= 0) move(from, from + by);
}

void ProviderKeys::move(int from, int to)
{
    const int last = m_model.rowCount() - 1;
    if (from < 0 || from > last || to < 0 || to > last || from == to) return;
    gateway::ProviderConfig next = m_provider;
    const gateway::ProviderKey moved = next.keys[static_cast<std::size_t>(from)];
    next.keys.erase(next.keys.begin() + from);
    next.keys.insert(next.keys.begin() + to, moved);
    m_table->selectRow(from); // The one that was dragged stays the chosen one.
    emit changeWanted(next, tr("%1 was moved").arg(QString::fromStdString(moved.id.text)));
}

} // namespace ui
