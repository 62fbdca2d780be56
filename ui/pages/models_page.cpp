// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/models_page.h"

#include <algorithm>
#include <set>
#include <string_view>

#include <QAction>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "models/model_text.h"
#include "pages/model_actions.h"
#include "pages/model_columns.h"
#include "pages/model_detail.h"
#include "pages/model_filter_bar.h"
#include "theme/icons.h"
#include "widgets/ability_delegate.h"
#include "widgets/build.h"
#include "widgets/check_table.h"
#include "widgets/clipboard.h"
#include "widgets/empty_state.h"
#include "widgets/table_look.h"

namespace ui {
namespace {

constexpr int kSlowMillis = 300;
constexpr int kDetailWidth = 340;

int providerCount(const gateway::ModelTable& table)
{
    std::set<std::string_view> names;
    for (const gateway::ModelRow& row : table.rows) {
        names.insert(row.provider.text);
    }
    return static_cast<int>(names.size());
}

} // namespace

ModelsPage::ModelsPage(const PageContext& context, QWidget* parent)
    : Page(parent), m_context(context), m_model(context.link), m_shown(m_model)
{
    m_actions = new ModelActions(context, m_model, this);
    QVBoxLayout* all = pageLayout();
    buildHeader(all);
    buildBanner(all);
    m_filter = new ModelFilterBar;
    m_compare = makeButton(tr("Co&mpare"), "ghost", QStringLiteral("scale"), "compareButton");
    m_compare->setToolTip(tr("Choose two to four models with Ctrl and a click first"));
    m_compare->setEnabled(false);
    connect(m_compare, &QPushButton::clicked, this, [this] { m_actions->compare(chosenModels()); });
    m_filter->addAtEnd(m_compare);
    all->addWidget(m_filter);
    m_splitter = new QSplitter(Qt::Horizontal);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(kCardGap);
    m_splitter->addWidget(buildTable());
    m_detail = new ModelDetail;
    m_detail->hide();
    m_splitter->addWidget(m_detail);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 0);
    m_splitter->setSizes({10'000, kDetailWidth});
    all->addWidget(m_splitter, 1);
    restoreLook();
    connectParts();
    m_model.read();
}

void ModelsPage::connectParts()
{
    m_slow.setSingleShot(true);
    m_slow.setInterval(kSlowMillis);
    connect(&m_slow, &QTimer::timeout, this, &ModelsPage::showReading);
    connect(&m_model, &ModelTableModel::stateChanged, this, &ModelsPage::showState);
    connect(&m_model, &QAbstractItemModel::dataChanged, this, &ModelsPage::showDetail);
    connect(m_filter, &ModelFilterBar::changed, this, [this] {
        m_shown.setFilter(m_filter->filter());
        showEmpty();
        showDetail(); // Its model may be among those that are gone.
    });
    connect(m_actions, &ModelActions::toastWanted, this, &Page::toastWanted);
    connect(m_actions, &ModelActions::pageWanted, this, &Page::pageWanted);
    connect(m_detail, &ModelDetail::toastWanted, this, &Page::toastWanted);
    connect(m_detail, &ModelDetail::closed, this, &ModelsPage::closeDetail);
    connect(m_detail, &ModelDetail::tryWanted, this, [this] { m_actions->tryModel(m_detail->model()); });
    connect(m_detail, &ModelDetail::saveWanted, this, &ModelsPage::saveDraft);
    connect(m_detail, &ModelDetail::resetWanted, this, &ModelsPage::resetToCatalog);
    auto* save = new QShortcut(Qt::CTRL | Qt::Key_E, this);
    save->setContext(Qt::WidgetWithChildrenShortcut);
    connect(save, &QShortcut::activated, m_actions, &ModelActions::exportList);
    auto* escape = new QShortcut(Qt::Key_Escape, this);
    escape->setContext(Qt::WidgetWithChildrenShortcut);
    connect(escape, &QShortcut::activated, this, &ModelsPage::closeDetail);
}

void ModelsPage::refresh()
{
    m_model.read();
}

void ModelsPage::focusFind()
{
    m_filter->focusFind();
}

void ModelsPage::open(const QVariant& what)
{
    const QString name = what.toString();
    if (name == QLatin1String("update")) {
        m_actions->openUpdate();
        return;
    }
    m_wanted = name;
    showWanted();
}

void ModelsPage::showWanted()
{
    if (m_wanted.isEmpty() || m_model.state() == ModelTableModel::State::Loading) return;
    const auto slash = m_wanted.indexOf(QLatin1Char('/'));
    const gateway::ProviderId provider(m_wanted.left(slash).toStdString());
    const int row = m_shown.rowOf(provider, m_wanted.mid(slash + 1).toStdString());
    m_wanted.clear();
    if (row < 0) return;
    m_table->selectionModel()->setCurrentIndex(m_shown.index(row, 0), QItemSelectionModel::ClearAndSelect |
                                                                          QItemSelectionModel::Rows);
}

void ModelsPage::hideEvent(QHideEvent* event)
{
    if (m_detail->isVisibleTo(this)) m_context.preferences.setModelsSplitter(m_splitter->saveState());
    QWidget::hideEvent(event);
}

void ModelsPage::buildHeader(QVBoxLayout* all)
{
    const Header header = makeHeader(tr("Models"), {});
    m_subtitle = header.subtitle;
    m_refresh = makeButton(tr("&Refresh lists"), "ghost", QStringLiteral("refresh-cw"), "refreshListsButton");
    m_refresh->setToolTip(tr("Asks the providers anew which models they have; this is free"));
    QPushButton* update =
        makeButton(tr("Update &catalog…"), "ghost", QStringLiteral("download"), "updateCatalogButton");
    connect(m_refresh, &QPushButton::clicked, this, &ModelsPage::toggleRefresh);
    connect(update, &QPushButton::clicked, this, [this] { m_actions->openUpdate(); });
    QPushButton* save = makeButton(tr("E&xport…"), "ghost", {}, "exportModelsButton");
    save->setToolTip(tr("Writes the list that clients get from /v1/models into a file (Ctrl+E)"));
    connect(save, &QPushButton::clicked, this, [this] { m_actions->exportList(); });
    header.layout->addWidget(save);
    header.layout->addWidget(m_refresh);
    header.layout->addWidget(update);
    all->addLayout(header.layout);
}

void ModelsPage::buildBanner(QVBoxLayout* all)
{
    m_banner = makeFrame("banner");
    m_banner->setProperty("tone", QStringLiteral("warn"));
    auto* line = new QHBoxLayout(m_banner);
    line->setContentsMargins(14, 6, 8, 6);
    line->setSpacing(10);
    auto* picture = new QLabel;
    setLabelIcon(picture, QStringLiteral("triangle-alert"), "warning", 16);
    m_bannerText = makeParagraph({});
    m_bannerText->setAccessibleDescription(QStringLiteral("update-problem"));
    QPushButton* action = makeButton(tr("Open the catalog"), "link", {}, "updateProblemButton");
    connect(action, &QPushButton::clicked, this, [this] { m_actions->openUpdate(); });
    line->addWidget(picture);
    line->addWidget(m_bannerText, 1);
    line->addWidget(action);
    all->addWidget(m_banner);
    m_banner->hide();
}

QWidget* ModelsPage::buildTable()
{
    QFrame* card = makeFrame("card");
    card->setMinimumWidth(320);
    auto* inside = column(card, {4, 4, 4, 4}, 0);
    m_stack = new QStackedWidget;
    m_table = new CheckTable(ModelTableModel::Exposed);
    m_table->setObjectName(QStringLiteral("modelsTable"));
    m_table->setModel(&m_shown);
    setUpTable(m_table, tr("Models"));
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setItemDelegateForColumn(ModelTableModel::Abilities,
                                      new AbilityDelegate(ModelTableModel::AbilitiesRole, m_table));
    m_table->setItemDelegateForColumn(ModelTableModel::Exposed, new BoxDelegate(m_table));
    m_table->horizontalHeader()->setSectionsClickable(true);
    m_table->horizontalHeader()->setSortIndicatorClearable(true);
    m_table->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
    m_table->setSortingEnabled(true);
    m_table->horizontalHeader()->setSortIndicatorShown(false); // The name of the column says it in less room.
    new ModelColumns(m_table);
    buildRowMenu();
    connect(m_table, &CheckTable::boxClicked, this, [this](const QModelIndex& index) {
        if (const gateway::ModelRow* row = m_shown.rowAt(index.row()))
            m_actions->setExposed({*row}, row->hidden);
    });
    connect(m_table, &CheckTable::spacePressed, this, [this] { toggleExposed(chosenModels()); });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this,
            &ModelsPage::onSelection);
    m_stack->addWidget(m_table);
    m_empty = new EmptyState;
    connect(m_empty, &EmptyState::actionClicked, this, &ModelsPage::runEmptyAction);
    m_stack->addWidget(m_empty);
    inside->addWidget(m_stack, 1);
    return card;
}

void ModelsPage::buildRowMenu()
{
    const auto add = [this](const QString& text, auto slot) {
        auto* action = new QAction(text, m_table);
        connect(action, &QAction::triggered, this, [this, slot] {
            const auto chosen = chosenModels();
            if (!chosen.empty()) slot(chosen);
        });
        m_table->addAction(action);
        return action;
    };
    using Models = std::vector<gateway::ModelRow>;
    QAction* copy = add(tr("Copy name"), [this](const Models& chosen) {
        copyText(fullName(chosen.front()));
        emit toastWanted({tr("Name copied")});
    });
    copy->setShortcut(QKeySequence::Copy);
    copy->setShortcutContext(Qt::WidgetShortcut);
    QAction* toggle = add(tr("Hide"), [this](const Models& chosen) { toggleExposed(chosen); });
    QAction* compare = add(tr("Compare"), [this](const Models& chosen) { m_actions->compare(chosen); });
    QAction* attempt = add(tr("Try"), [this](const Models& chosen) { m_actions->tryModel(chosen.front()); });
    QAction* provider = add(tr("Open its provider"), [this](const Models& chosen) {
        emit pageWanted(QStringLiteral("providers"), QString::fromStdString(chosen.front().provider.text));
    });
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
    const auto enable = [=, this] {
        const Models chosen = chosenModels();
        const bool one = chosen.size() == 1;
        const bool hide =
            std::any_of(chosen.begin(), chosen.end(), [](const auto& row) { return !row.hidden; });
        copy->setEnabled(one);
        toggle->setEnabled(!chosen.empty());
        toggle->setText(hide || chosen.empty() ? tr("Hide") : tr("Expose"));
        compare->setEnabled(ModelActions::canCompare(chosen.size()));
        attempt->setEnabled(one && ModelActions::canTry(chosen.front()));
        provider->setEnabled(one);
    };
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, enable);
    connect(&m_model, &QAbstractItemModel::dataChanged, this, enable);
    enable();
}

void ModelsPage::restoreLook()
{
    if (const QByteArray state = m_context.preferences.modelsSplitter(); !state.isEmpty()) {
        m_splitter->restoreState(state);
        m_splitter->setOrientation(Qt::Horizontal);
    }
    QHeaderView* header = m_table->horizontalHeader();
    const int column = m_context.preferences.modelsSortColumn();
    const bool falling = m_context.preferences.modelsSortFalling();
    if (column >= 0 && column < ModelTableModel::ColumnCount)
        m_table->sortByColumn(column, falling ? Qt::DescendingOrder : Qt::AscendingOrder);
    connect(header, &QHeaderView::sortIndicatorChanged, this, [this](int section, Qt::SortOrder order) {
        m_context.preferences.setModelsSort(section, order == Qt::DescendingOrder);
    });
}

std::vector<gateway::ModelRow> ModelsPage::chosenModels() const
{
    std::vector<gateway::ModelRow> models;
    QModelIndexList rows = m_table->selectionModel()->selectedRows();
    std::sort(rows.begin(), rows.end());
    for (const QModelIndex& index : std::as_const(rows)) {
        if (const gateway::ModelRow* row = m_shown.rowAt(index.row())) models.push_back(*row);
    }
    return models;
}

void ModelsPage::toggleRefresh()
{
    if (m_model.isRefreshing()) {
        m_model.stopRefresh();
    } else {
        m_model.refreshLists();
    }
}

void ModelsPage::showState()
{
    const bool refreshing = m_model.isRefreshing();
    setButtonText(m_refresh, refreshing ? tr("Stop &refreshing") : tr("&Refresh lists"));
    setButtonIcon(m_refresh,
                  {refreshing ? QStringLiteral("x") : QStringLiteral("refresh-cw"), "text", "text", 16});
    if (m_model.state() ==
        ModelTableModel::State::Loading) { // What is shown stays until the answer is there.
        if (refreshing) m_subtitle->setText(tr("Asking the providers for their lists…"));
        m_slow.start();
        return;
    }
    m_slow.stop();
    m_filter->setTable(m_model.table());
    const QString problem = QString::fromStdString(m_model.table().updateProblem);
    m_bannerText->setText(problem);
    m_banner->setVisible(!problem.isEmpty());
    showSubtitle();
    showEmpty();
    showDetail();
    showWanted();
}

void ModelsPage::showSubtitle()
{
    const gateway::ModelTable& table = m_model.table();
    if (table.rows.empty()) {
        m_subtitle->setText(tr("What can be called, what it can do and what it costs"));
        return;
    }
    QString text = tr("%Ln model(s)", nullptr, static_cast<int>(table.rows.size())) + QLatin1Char(' ') +
                   tr("of %Ln provider(s)", nullptr, providerCount(table));
    if (!table.updateDate.empty()) {
        text += tr(" · list of %1 from %2")
                    .arg(dayText(table.updateDate), QString::fromStdString(table.updateSource));
    } else if (!table.catalogDate.empty()) {
        text += tr(" · built-in list of %1").arg(dayText(table.catalogDate));
    }
    m_subtitle->setText(text);
}

void ModelsPage::showEmpty()
{
    const int all = m_model.rowCount();
    const int shown = m_shown.rowCount();
    m_filter->setCount(shown, all);
    if (m_model.state() == ModelTableModel::State::Loading) return;
    const bool failed = m_model.state() == ModelTableModel::State::Failed;
    m_filter->setVisible(all > 0);
    if (failed && all == 0) {
        m_empty->setContent(QStringLiteral("circle-alert"), tr("The models cannot be read"),
                            tr("The gateway did not answer. It may be starting or shutting down."), true);
        m_empty->setAction(tr("Tr&y again"), QStringLiteral("refresh-cw"));
    } else if (all == 0 && m_context.link.config()->providers.empty()) {
        m_empty->setContent(QStringLiteral("boxes"), tr("No models yet"),
                            tr("Add a provider or a model server on this computer, and its models are listed "
                               "here with what they can do and cost."));
        m_empty->setAction(tr("&Add provider"), QStringLiteral("plus"));
    } else if (all == 0) {
        m_empty->setContent(
            QStringLiteral("boxes"), tr("No models found"),
            tr("Your providers have not told which models they have. Check their keys, or ask "
               "them again."));
        m_empty->setAction(tr("Open &providers"), QStringLiteral("key-round"));
    } else if (shown == 0) {
        m_empty->setContent(QStringLiteral("search"), tr("No model matches"),
                            tr("None of your models has all that you look for."));
        m_empty->setAction(tr("Clear &filters"), QStringLiteral("x"));
    }
    m_stack->setCurrentIndex(shown > 0 ? 0 : 1);
}

void ModelsPage::showReading()
{
    if (!m_model.isRefreshing()) m_subtitle->setText(tr("Reading…"));
    if (m_model.rowCount() > 0) return;
    m_empty->setContent(QStringLiteral("timer"), tr("Reading the models…"), tr("Long lists take a moment."));
    m_empty->setAction({}, {});
    m_stack->setCurrentIndex(1);
}

void ModelsPage::runEmptyAction()
{
    if (m_model.state() == ModelTableModel::State::Failed) {
        refresh();
    } else if (m_model.rowCount() > 0) {
        m_filter->clear();
    } else {
        const bool none = m_context.link.config()->providers.empty();
        emit pageWanted(QStringLiteral("providers"), none ? QVariant(QStringLiteral("add")) : QVariant());
    }
}

void ModelsPage::onSelection()
{
    const std::size_t count = chosenModels().size();
    m_compare->setEnabled(ModelActions::canCompare(count));
    if (count == 1) {
        showDetail();
        m_detail->show();
    } else if (count > 1) { // Their table needs the room.
        m_detail->hide();
    }
}

void ModelsPage::showDetail()
{
    const auto chosen = chosenModels();
    if (chosen.size() != 1) {
        if (chosen.empty() && m_shown.rowOf(m_detail->model().provider, m_detail->model().model) < 0)
            m_detail->hide();
        return;
    }
    const gateway::ModelRow& row = chosen.front();
    const ModelEntry now = entryNow(*m_context.link.config(), row.provider, row.model);
    m_detail->setModel(row, now.entry.value_or(gateway::ModelConfig{}));
    m_detail->setCanTry(ModelActions::canTry(row));
}

void ModelsPage::closeDetail()
{
    if (m_detail->isHidden()) return;
    m_detail->hide();
    m_table->clearSelection();
    m_table->setFocus();
}

void ModelsPage::toggleExposed(const std::vector<gateway::ModelRow>& models)
{
    const bool hide = std::any_of(models.begin(), models.end(), [](const auto& row) { return !row.hidden; });
    m_actions->setExposed(models, !hide);
}

void ModelsPage::saveDraft()
{
    const gateway::ModelRow row = m_detail->model();
    const ModelDraft draft = m_detail->draft();
    const FieldProblems wrong = problemsOf(draft, row, *m_context.link.config());
    m_detail->showProblems(wrong);
    if (!wrong.empty()) return;
    m_detail->setBusy(true);
    applyToShown(row, configOf(draft, row.model), tr("%1 saved").arg(clientName(row)));
}

void ModelsPage::resetToCatalog()
{
    const gateway::ModelRow row = m_detail->model();
    const ModelEntry now = entryNow(*m_context.link.config(), row.provider, row.model);
    if (!now.entry) return;
    gateway::ModelConfig wanted = *now.entry;
    wanted.price.reset();
    wanted.context.reset();
    applyToShown(row, wanted, tr("%1 has the catalog's prices and context").arg(clientName(row)));
}

void ModelsPage::applyToShown(const gateway::ModelRow& row, const gateway::ModelConfig& wanted,
                              const QString& done)
{
    m_actions->applyEntries({entryFor(row, wanted)}, done,
                            [this, name = fullName(row)](const FieldProblems& problems) {
                                m_detail->setBusy(false);
                                if (fullName(m_detail->model()) != name)
                                    return; // Another one is on show meanwhile.
                                if (!problems.empty()) {
                                    m_detail->showProblems(problems);
                                    return;
                                }
                                m_detail->forgetDraft();
                                showDetail();
                            });
}

} // namespace ui
