// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/support/window_walk.h"

#include <algorithm>

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractScrollArea>
#include <QAbstractSpinBox>
#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPlainTextEdit>
#include <QStyle>
#include <QStyleOptionComboBox>
#include <QTableView>

#include "models/cached_answers_model.h"
#include "models/model_filter.h"
#include "models/request_table_model.h"
#include "pages/page_table.h"
#include "ui/support/fake_budgets.h"
#include "widgets/ability_delegate.h"
#include "widgets/build.h"
#include "widgets/spent_delegate.h"
#include "widgets/table_look.h"

namespace ui {
namespace {

// Parts that Qt makes inside of its own widgets carry the name of those.
bool isInnerPart(const QWidget& widget)
{
    const auto* area = qobject_cast<const QAbstractScrollArea*>(widget.parentWidget());
    if (area != nullptr && area->viewport() == &widget) return true;
    return widget.objectName().startsWith(QLatin1String("qt_")) || widget.inherits("QHeaderView") ||
           widget.inherits("QTableCornerButton") || widget.inherits("QLineEditIconButton");
}

// Whether a choice has room for its text beside its arrow.
bool hasRoom(const QComboBox& combo)
{
    QStyleOptionComboBox option;
    option.initFrom(&combo);
    const int room = combo.style()
                         ->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, &combo)
                         .width();
    return combo.fontMetrics().horizontalAdvance(combo.currentText()) <= room;
}

void checkTable(const QTableView& table, QStringList& cut)
{
    const QHeaderView& header = *table.horizontalHeader();
    const bool besideDetails = (table.isColumnHidden(RequestTableModel::Latency) &&
                                qobject_cast<const RequestTableModel*>(table.model()) != nullptr) ||
                               (table.isColumnHidden(CachedAnswersModel::Size) &&
                                qobject_cast<const CachedAnswersModel*>(table.model()) != nullptr) ||
                               (table.isColumnHidden(ModelTableModel::Provider) &&
                                qobject_cast<const FilteredModels*>(table.model()) != nullptr);
    const int named =
        qobject_cast<const CachedAnswersModel*>(table.model()) != nullptr ? int(CachedAnswersModel::Prompt)
        : qobject_cast<const FilteredModels*>(table.model()) == nullptr   ? int(RequestTableModel::Model)
                                                                          : int(ModelTableModel::Name);
    for (int column = 0; column < header.count(); ++column) {
        if (table.isColumnHidden(column) || table.wordWrap()) continue; // Rows grow with wrapped texts.
        const QString name = table.model()->headerData(column, Qt::Horizontal).toString();
        if (header.sectionSizeHint(column) > header.sectionSize(column)) {
            cut.append(QStringLiteral("header %1 of %2").arg(name, table.accessibleName()));
        }
        for (int row = 0; row < table.model()->rowCount(); ++row) {
            const QModelIndex index = table.model()->index(row, column);
            // A pill without room says the code alone, and that is all of it.
            const bool pill = qobject_cast<StatusPillDelegate*>(table.itemDelegateForIndex(index)) != nullptr;
            const bool pictures =
                qobject_cast<AbilityDelegate*>(table.itemDelegateForIndex(index)) != nullptr;
            const auto* spent = qobject_cast<SpentDelegate*>(table.itemDelegateForIndex(index));
            const int needed = pill ? StatusPillDelegate::neededWidth(
                                          table, index.data().toString().section(QLatin1Char(' '), 0, 0))
                               : pictures         ? AbilityDelegate::neededWidth()
                               : spent != nullptr ? spent->neededWidth(table, index)
                                                  : neededCellWidth(table, index);
            if (needed <= header.sectionSize(column) || table.columnSpan(row, column) > 1) continue;
            // Beside its details its name is there in full.
            if (besideDetails && column == named) continue;
            cut.append(QStringLiteral("\"%1\" in %2").arg(index.data().toString(), name));
        }
    }
}

void visitDialog(OpenedWindow& at, const std::function<void(QWidget&, const QString&)>& look,
                 const QString& where)
{
    OpenedWindow::settle();
    QDialog* dialog = at.dialog();
    if (dialog == nullptr) return;
    look(*dialog, where);
    if (auto* accept = dialog->findChild<QAbstractButton*>(QStringLiteral("acceptButton"))) {
        const bool asks = !where.startsWith(QLatin1String("confirm")); // Else it would be done.
        if (asks) {
            accept->click();
            OpenedWindow::settle();
            if (at.dialog() == dialog) look(*dialog, where + QStringLiteral(" with a problem"));
        }
    }
    while (QDialog* open = at.dialog()) {
        open->reject();
        OpenedWindow::settle();
    }
}

// Asks for the most: parts of the address, what the key looks like, where to get one.
void visitVertex(OpenedWindow& at, const std::function<void(QWidget&, const QString&)>& look)
{
    at.window.openPage(QStringLiteral("providers"), QStringLiteral("add"));
    OpenedWindow::settle();
    at.press("presetButton", QStringLiteral("Google Vertex AI"));
    visitDialog(at, look, QStringLiteral("add Vertex AI"));
}

void visitProviders(OpenedWindow& at, const std::function<void(QWidget&, const QString&)>& look)
{
    auto* list = at.window.findChild<QListView*>(QStringLiteral("providersList"));
    for (int row = 0; row < list->model()->rowCount(); ++row) {
        list->setCurrentIndex(list->model()->index(row, 0));
        at.press("testButton");
        for (const char* tab : {"Overview", "Keys", "Connection", "Data policy"}) {
            at.press("segmentButton", QLatin1String(tab));
            look(at.window, QStringLiteral("provider %1, %2").arg(row).arg(QLatin1String(tab)));
        }
    }
    at.press("findServersButton");
    look(at.window, QStringLiteral("no local server found"));
    gateway::ProviderTest answer;
    answer.ok = answer.hasList = true;
    answer.models = {"qwen3:8b", "gemma3:12b"};
    at.link.localServers["http://127.0.0.1:11434"] = answer;
    at.press("findServersButton");
    look(at.window, QStringLiteral("a local server found"));
    at.press("hideServersButton");
    if (list->model()->rowCount() == 0) return;
    list->setCurrentIndex(list->model()->index(0, 0));
    at.link.setKeysAside();
    OpenedWindow::settle();
    at.press("segmentButton", QStringLiteral("Overview"));
    look(at.window, QStringLiteral("keys set aside"));
    at.press("segmentButton", QStringLiteral("Keys"));
    at.window.findChild<QTableView*>(QStringLiteral("keysTable"))->selectRow(0);
    look(at.window, QStringLiteral("provider key chosen"));
    for (const auto& [button, name] : {std::pair{"addKeyButton", "add key"},
                                       {"removeKeyButton", "confirm removing a key"},
                                       {"removeProviderButton", "confirm removing a provider"}}) {
        at.press(button);
        visitDialog(at, look, QLatin1String(name));
    }
}

void visitModels(OpenedWindow& at, const std::function<void(QWidget&, const QString&)>& look)
{
    auto* table = at.window.findChild<QTableView*>(QStringLiteral("modelsTable"));
    for (int row = 0; row < table->model()->rowCount(); row += 2) {
        table->selectRow(row);
        OpenedWindow::settle();
        look(at.window, QStringLiteral("model %1").arg(row));
    }
    if (table->model()->rowCount() > 0) {
        at.window.findChild<QLineEdit*>(QStringLiteral("inputPriceEdit"))->setText(QStringLiteral("dear"));
        at.press("saveModelButton");
        look(at.window, QStringLiteral("model with a problem"));
        at.press("discardButton");
        at.press("closeModelButton");
        at.press("localChipButton");
        look(at.window, QStringLiteral("filtered models"));
        at.press("freeChipButton");
        at.press("abilityChipButton", QStringLiteral("Vision"));
        look(at.window, QStringLiteral("no model matches"));
        at.press("clearFiltersButton");
        for (const int row : {0, 3, 6, 9}) {
            table->selectionModel()->select(table->model()->index(row, 0),
                                            QItemSelectionModel::Select | QItemSelectionModel::Rows);
        }
        at.press("compareButton");
        visitDialog(at, look, QStringLiteral("compare models"));
        table->clearSelection();
    }
    at.press("updateCatalogButton");
    visitDialog(at, look, QStringLiteral("update catalog"));
}

void visitPresets(OpenedWindow& at, const std::function<void(QWidget&, const QString&)>& look)
{
    at.press("usePresetButton");
    look(at.window, QStringLiteral("preset without a model"));
    at.press("addPromptTextButton");
    at.press("addParameterButton");
    look(at.window, QStringLiteral("preset with a text"));
    at.press("revertButton");
}

void visitCache(OpenedWindow& at, const std::function<void(QWidget&, const QString&)>& look)
{
    at.window.openPage(QStringLiteral("cache"), QStringLiteral("settings"));
    OpenedWindow::settle();
    look(at.window, QStringLiteral("cache, routes that keep nothing"));
    if (at.link.rows().empty()) return;
    at.link.makeUpCache();
    OpenedWindow::settle();
    look(at.window, QStringLiteral("cache, routes"));
    at.press("segmentButton", QStringLiteral("Answers"));
    OpenedWindow::settle();
    look(at.window, QStringLiteral("cache, answers"));
    at.window.findChild<QTableView*>(QStringLiteral("cachedAnswersTable"))->selectRow(1);
    OpenedWindow::settle();
    look(at.window, QStringLiteral("cache, an answer"));
    at.press("purgeThisButton");
    visitDialog(at, look, QStringLiteral("confirm purge of one"));
    at.press("closeCachedButton");
    at.press("purgeButton");
    visitDialog(at, look, QStringLiteral("confirm purge"));
}

void visitRoutes(OpenedWindow& at, const std::function<void(QWidget&, const QString&)>& look)
{
    auto* list = at.window.findChild<QListView*>(QStringLiteral("routesList"));
    if (list->model()->rowCount() == 0) at.press("useTemplateButton");
    auto* strategy = at.window.findChild<QComboBox*>(QStringLiteral("strategyComboBox"));
    for (int row = 0; row < list->model()->rowCount(); ++row) {
        list->setCurrentIndex(list->model()->index(row, 0));
        for (int choice = 0; choice < strategy->count(); ++choice) {
            strategy->setCurrentIndex(choice);
            OpenedWindow::settle();
            look(at.window, QStringLiteral("route %1, %2").arg(row).arg(strategy->currentText()));
        }
    }
    strategy->setCurrentIndex(strategy->findData(QStringLiteral("conditional")));
    for (const char* tab : {"Time-outs", "Set aside", "JSON", "Lines"}) {
        at.press("segmentButton", QLatin1String(tab));
        look(at.window, QStringLiteral("route, %1").arg(QLatin1String(tab)));
    }
    at.press("addPromptTextButton");
    at.press("addParameterButton");
    look(at.window, QStringLiteral("route, its prompt"));
    at.press("addConditionButton");
    at.press("addTargetButton");
    at.press("overrideButton");
    look(at.window, QStringLiteral("route with a problem"));
    at.press("showDryRunButton");
    look(at.window, QStringLiteral("dry run shown or hidden"));
    for (const char* view : {"Picture", "Versions", "Edit"}) {
        at.press("segmentButton", QLatin1String(view));
        look(at.window, QStringLiteral("route, %1").arg(QLatin1String(view)));
    }
    for (const auto& [button, name] :
         {std::pair{"addTestButton", "add test"}, {"replayButton", "run on the last requests"}}) {
        at.press(button);
        visitDialog(at, look, QLatin1String(name));
    }
    for (const auto& [button, name] : {std::pair{"addRouteButton", "add route"},
                                       {"importRoutesButton", "import routes"},
                                       {"renameRouteButton", "rename route"}}) {
        at.press(button);
        visitDialog(at, look, QLatin1String(name));
    }
    at.press("duplicateRouteButton");
    at.press("deleteRouteButton");
    look(at.window, QStringLiteral("a copy was discarded"));
}

void whenOverlapping(OpenedWindow& at)
{
    gateway::Config config = *at.link.config();
    if (config.keys.empty()) return;
    config.keys.front().former = gateway::FormerKey{std::string(64, 'e'), "2999-01-01"};
    at.link.setConfig(config);
    OpenedWindow::settle();
}

void visitKeys(OpenedWindow& at, const std::function<void(QWidget&, const QString&)>& look)
{
    at.window.findChild<QTableView*>(QStringLiteral("virtualKeysTable"))->selectRow(0);
    OpenedWindow::settle();
    look(at.window, QStringLiteral("virtual key chosen"));
    for (const auto& [button, name] : {std::pair{"editVirtualKeyButton", "edit key"},
                                       {"rotateVirtualKeyButton", "confirm rotating a key"},
                                       {"revokeVirtualKeyButton", "confirm revoking a key"}}) {
        at.press(button);
        visitDialog(at, look, QLatin1String(name));
    }
    at.press("segmentButton", QStringLiteral("Budgets"));
    at.window.findChild<QTableView*>(QStringLiteral("budgetsTable"))->selectRow(0);
    OpenedWindow::settle();
    look(at.window, QStringLiteral("budgets"));
    for (const auto& [button, name] : {std::pair{"addBudgetButton", "add budget"},
                                       {"editBudgetButton", "edit budget"},
                                       {"removeBudgetButton", "confirm removing a budget"}}) {
        at.press(button);
        visitDialog(at, look, QLatin1String(name));
    }
    at.window.findChild<QTableView*>(QStringLiteral("budgetsTable"))->selectRow(2);
    OpenedWindow::settle();
    look(at.window, QStringLiteral("a used-up budget chosen"));
    at.press("allowMoreButton");
    visitDialog(at, look, QStringLiteral("confirm allowing more"));
    at.window.openPage(QStringLiteral("keys"), QStringLiteral("alerts"));
    OpenedWindow::settle();
    at.window.findChild<QTableView*>(QStringLiteral("alertsTable"))->selectRow(0);
    look(at.window, QStringLiteral("alerts"));
}

// A key in its overlap, and questions over the page.
void visitWaiting(OpenedWindow& at, const std::function<void(QWidget&, const QString&)>& look)
{
    at.window.openPage(QStringLiteral("keys"), QStringLiteral("key:default"));
    whenOverlapping(at);
    look(at.window, QStringLiteral("a key in its overlap"));
    at.link.ask(madeUpQuestion());
    OpenedWindow::settle();
    look(at.window, QStringLiteral("a question"));
    at.press("questionDetailsButton");
    visitDialog(at, look, QStringLiteral("confirm a question"));
    at.press("refuseQuestionButton");
}

void visitUsage(OpenedWindow& at, const std::function<void(QWidget&, const QString&)>& look)
{
    for (const char* range : {"1 h", "This month", "Custom", "24 h"}) {
        at.press("segmentButton", QLatin1String(range));
        look(at.window, QStringLiteral("usage, %1").arg(QLatin1String(range)));
    }
    at.press("comparePriorButton");
    at.press("legendButton");
    look(at.window, QStringLiteral("usage alone, a part hidden"));
    at.press("comparePriorButton");
    for (const auto& [button, name] : {std::pair{"reconcileButton", "reconcile"},
                                       {"aboutUsageButton", "about usage"},
                                       {"unpricedButton", "recalculate"}}) {
        if (at.press(button)) visitDialog(at, look, QLatin1String(name));
    }
    at.press("reconcileButton");
    QDialog* dialog = at.dialog();
    if (dialog == nullptr) return;
    if (auto* text = dialog->findChild<QPlainTextEdit*>(QStringLiteral("csvPlainTextEdit")))
        text->setPlainText(QStringLiteral("date,model"));
    visitDialog(at, look, QStringLiteral("reconcile with an export"));
}

} // namespace

OpenedWindow::OpenedWindow(int rows, QSize size)
{
    if (rows > 0) link.makeUpData(rows);
    window.resize(size);
    window.show();
    settle();
}

void OpenedWindow::settle()
{
    for (int i = 0; i < 10; ++i) {
        QCoreApplication::sendPostedEvents();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        QCoreApplication::processEvents();
    }
}

bool OpenedWindow::press(const char* objectName, const QString& name)
{
    const auto buttons = window.findChildren<QAbstractButton*>(QLatin1String(objectName));
    for (QAbstractButton* button : buttons) {
        const bool meant = name.isEmpty() || button->accessibleName() == name;
        if (!button->isVisible() || !button->isEnabled() || !meant) continue;
        button->click();
        settle();
        return true;
    }
    return false;
}

QDialog* OpenedWindow::dialog() const
{
    QDialog* top = nullptr;
    const auto dialogs = window.findChildren<QDialog*>();
    for (QDialog* dialog : dialogs) {
        if (dialog->isVisible()) top = dialog;
    }
    return top;
}

void visitEverything(OpenedWindow& at, const std::function<void(QWidget&, const QString&)>& look)
{
    for (const PageEntry& page : pageTable()) {
        at.window.openPage(page.id);
        OpenedWindow::settle();
        look(at.window, page.id);
    }
    at.window.openPage(QStringLiteral("requests"));
    OpenedWindow::settle();
    auto* table = at.window.findChild<QTableView*>(QStringLiteral("requestsTable"));
    for (int row = 0; row < std::min(9, table->model()->rowCount()); ++row) {
        table->selectRow(row);
        OpenedWindow::settle();
        look(at.window, QStringLiteral("details of request %1").arg(row));
    }
    at.press("closeDetailButton");
    at.window.openPage(QStringLiteral("usage"));
    OpenedWindow::settle();
    visitUsage(at, look);
    at.window.openPage(QStringLiteral("providers"));
    visitProviders(at, look);
    at.window.openPage(QStringLiteral("providers"), QStringLiteral("add"));
    visitDialog(at, look, QStringLiteral("add provider"));
    visitVertex(at, look);
    at.window.openPage(QStringLiteral("models"));
    OpenedWindow::settle();
    visitModels(at, look);
    at.window.openPage(QStringLiteral("routes"));
    OpenedWindow::settle();
    visitRoutes(at, look);
    at.window.openPage(QStringLiteral("presets"));
    OpenedWindow::settle();
    visitPresets(at, look);
    visitCache(at, look);
    at.window.openPage(QStringLiteral("keys"), QStringLiteral("new-key"));
    visitDialog(at, look, QStringLiteral("new key"));
    visitKeys(at, look);
    visitWaiting(at, look);
    at.window.openPage(QStringLiteral("settings"));
    at.press("copyPathButton");
    gateway::ActivitySnapshot activity = at.link.activity();
    activity.keychainProblem = "The key ring is locked.";
    activity.state = gateway::EngineState::Paused;
    at.link.setActivity(activity);
    OpenedWindow::settle();
    look(at.window, QStringLiteral("paused, with a banner and a message"));
}

QList<QWidget*> interactiveWidgets(const QWidget& root)
{
    QList<QWidget*> found;
    const auto all = root.findChildren<QWidget*>();
    for (QWidget* widget : all) {
        if (isInnerPart(*widget) || widget->window() != root.window()) continue;
        const bool acts = qobject_cast<QAbstractButton*>(widget) != nullptr ||
                          qobject_cast<QLineEdit*>(widget) != nullptr ||
                          qobject_cast<QAbstractItemView*>(widget) != nullptr ||
                          qobject_cast<QAbstractSpinBox*>(widget) != nullptr ||
                          qobject_cast<QPlainTextEdit*>(widget) != nullptr ||
                          qobject_cast<QComboBox*>(widget) != nullptr ||
                          (widget->focusPolicy() & Qt::TabFocus) == Qt::TabFocus;
        if (acts) found.append(widget);
    }
    return found;
}

bool shows(const QWidget& root, const QString& text)
{
    const auto labels = root.findChildren<QLabel*>();
    return std::any_of(labels.begin(), labels.end(), [&](const QLabel* label) {
        return label->isVisible() && label->text().contains(text);
    });
}

QString describe(const QWidget& widget)
{
    return QStringLiteral("%1 %2 \"%3\"")
        .arg(QLatin1String(widget.metaObject()->className()), widget.objectName(), widget.accessibleName());
}

QStringList cutTexts(const QWidget& root)
{
    QStringList cut;
    const auto all = root.findChildren<QWidget*>();
    for (const QWidget* widget : all) {
        if (!widget->isVisible() || widget->window() != root.window()) continue;
        if (const auto* label = qobject_cast<const QLabel*>(widget);
            label != nullptr && !label->text().isEmpty()) {
            const bool wraps = label->wordWrap();
            const bool elides = qobject_cast<const ElidedLabel*>(label) != nullptr;
            const int needed = elides ? label->fontMetrics().horizontalAdvance(label->text())
                                      : label->minimumSizeHint().width();
            const bool tooLow = wraps && label->heightForWidth(label->width()) > label->height();
            if (needed > label->width() || tooLow)
                cut.append(QStringLiteral("label \"%1\"").arg(label->text()));
        }
        if (const auto* button = qobject_cast<const QPushButton*>(widget);
            button != nullptr && button->width() < button->sizeHint().width()) {
            cut.append(QStringLiteral("button \"%1\"").arg(button->text()));
        }
        if (const auto* combo = qobject_cast<const QComboBox*>(widget);
            combo != nullptr && !combo->isEditable() && !hasRoom(*combo)) {
            cut.append(QStringLiteral("choice \"%1\"").arg(combo->currentText()));
        }
        if (const auto* table = qobject_cast<const QTableView*>(widget)) checkTable(*table, cut);
    }
    return cut;
}

} // namespace ui
