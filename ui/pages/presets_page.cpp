// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/presets_page.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QListView>
#include <QMenu>
#include <QShortcut>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "gateway/config_io.h"

#include "dialogs/confirm_dialog.h"
#include "models/preset_templates.h"
#include "models/when_done.h"
#include "pages/preset_editor.h"
#include "widgets/build.h"
#include "widgets/side_list.h"

namespace ui {
namespace {

constexpr int kListWidth = 224;
constexpr const char* kOwnName = "mine"; // what a preset without a template begins as

QString qs(const std::string& text)
{
    return QString::fromStdString(text);
}

} // namespace

PresetsPage::PresetsPage(const PageContext& context, QWidget* parent)
    : Page(parent), m_context(context), m_model(context.link)
{
    QVBoxLayout* all = pageLayout();
    const Header header =
        makeHeader(tr("Presets"), tr("Models of your own: a model with texts, parameters and tools"));
    buildAdd(header.layout);
    all->addLayout(header.layout);
    m_stack = new QStackedWidget;
    m_stack->addWidget(buildPresets());
    m_stack->addWidget(buildTemplates());
    all->addWidget(m_stack, 1);
    connect(&m_model, &QAbstractItemModel::modelAboutToBeReset, this, [this] { m_reading = true; });
    connect(&m_model, &QAbstractItemModel::modelReset, this, &PresetsPage::showState);
    connect(&m_model, &QAbstractItemModel::rowsInserted, this, &PresetsPage::showState);
    connect(&m_model, &QAbstractItemModel::rowsRemoved, this, &PresetsPage::showState);
    showState();
    readModels();
}

void PresetsPage::buildAdd(QHBoxLayout* header)
{
    m_add = makeButton(tr("&Add preset"), "primary", QStringLiteral("plus"), "addPresetButton");
    m_menu = new QMenu(m_add);
    m_menu->setObjectName(QStringLiteral("addPresetMenu"));
    gateway::PresetConfig own;
    own.id = gateway::PresetId(kOwnName);
    connect(m_menu->addAction(tr("Empty")), &QAction::triggered, this, [this, own] { begin(own); });
    for (const PresetTemplate& each : presetTemplates()) {
        connect(m_menu->addAction(each.title), &QAction::triggered, this,
                [this, preset = each.preset] { begin(preset); });
    }
    m_add->setMenu(m_menu);
    header->addWidget(m_add);
}

void PresetsPage::refresh()
{
    m_context.link.reload();
    readModels();
    readUse();
}

void PresetsPage::addNew()
{
    m_add->showMenu();
}

QWidget* PresetsPage::buildPresets()
{
    auto* both = new QWidget;
    both->setProperty("role", QStringLiteral("clear"));
    auto* side = new QHBoxLayout(both);
    side->setContentsMargins(0, 0, 0, 0);
    side->setSpacing(kCardGap);
    side->addWidget(buildList());
    m_editor = new PresetEditor;
    side->addWidget(m_editor, 1);
    connect(m_editor, &PresetEditor::edited, this, &PresetsPage::onEdited);
    connect(m_editor, &PresetEditor::applyWanted, this, &PresetsPage::apply);
    connect(m_editor, &PresetEditor::revertWanted, this, &PresetsPage::revert);
    connect(m_editor, &PresetEditor::duplicateWanted, this, &PresetsPage::duplicate);
    connect(m_editor, &PresetEditor::deleteWanted, this, &PresetsPage::askToRemove);
    connect(m_editor, &PresetEditor::copied, this,
            [this](const QString& name) { emit toastWanted({tr("%1 copied").arg(name)}); });
    return both;
}

QWidget* PresetsPage::buildList()
{
    const SideList side = makeSideList(m_model, tr("Presets"), "presetsList", kListWidth);
    m_list = side.list;
    const auto onKey = [this](const QKeySequence& keys, auto slot) {
        auto* shortcut = new QShortcut(keys, m_list);
        shortcut->setContext(Qt::WidgetShortcut);
        connect(shortcut, &QShortcut::activated, this, slot);
    };
    onKey(QKeySequence::Delete, &PresetsPage::askToRemove);
    onKey(Qt::Key_Return, [this] { m_editor->focusFirst(); });
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, [this] {
        if (!m_reading) showSelected();
    });
    return side.card;
}

QWidget* PresetsPage::buildTemplates()
{
    auto* templates = new QWidget;
    templates->setProperty("role", QStringLiteral("clear"));
    auto* all = column(templates, {}, kCardGap);
    all->addWidget(
        makeParagraph(tr("Clients name a preset as their model, “preset/reviewer”, and get what it "
                         "adds with every request. Begin with one of these, or with an empty one."),
                      "muted"));
    for (const PresetTemplate& each : presetTemplates()) {
        QFrame* card = makeFrame("card");
        auto* inside = new QHBoxLayout(card);
        inside->setContentsMargins(16, 14, 16, 14);
        auto* texts = new QVBoxLayout;
        texts->addWidget(makeLabel(each.title, "h2"));
        texts->addWidget(makeParagraph(qs(each.preset.description), "muted"));
        inside->addLayout(texts, 1);
        QPushButton* use = makeButton(tr("Use"), "primary", {}, "usePresetButton");
        use->setAccessibleName(tr("Use %1").arg(each.title));
        inside->addWidget(use);
        all->addWidget(card);
        connect(use, &QPushButton::clicked, this, [this, preset = each.preset] { begin(preset); });
    }
    all->addStretch();
    return templates;
}

int PresetsPage::selectedRow() const
{
    return m_list->currentIndex().row();
}

void PresetsPage::select(int row)
{
    m_list->setCurrentIndex(m_model.index(row));
}

void PresetsPage::showState()
{
    m_reading = false;
    const bool empty = m_model.rowCount() == 0;
    m_stack->setCurrentIndex(empty ? 1 : 0);
    if (empty) return;
    const int before = m_model.rowOf(m_editor->draft().id);
    select(before >= 0 ? before : std::clamp(selectedRow(), 0, m_model.rowCount() - 1));
    showSelected();
}

void PresetsPage::showSelected()
{
    const int row = selectedRow();
    const gateway::PresetConfig* draft = m_model.draftAt(row);
    if (draft == nullptr) return;
    const gateway::PresetConfig* saved = m_model.savedAt(row);
    const gateway::PresetId id = saved == nullptr ? draft->id : saved->id;
    const bool isOther = id != m_shown;
    m_shown = id;
    m_editor->setGoals(presetGoals(*m_context.link.config(), m_models));
    m_editor->setPreset(*draft, isOther);
    if (isOther) readUse();
    check();
}

void PresetsPage::check()
{
    const int row = selectedRow();
    // What is wrong elsewhere in the configuration is not this draft's matter.
    std::vector<gateway::ConfigProblem> problems = gateway::validate(m_model.configWith(row));
    std::erase_if(problems,
                  [](const gateway::ConfigProblem& problem) { return !problem.path.starts_with("presets"); });
    m_editor->showState(m_model.isChanged(row), problems);
}

void PresetsPage::readModels()
{
    whenDone(m_context.link.models(), this, [this](const gateway::ModelTable& table) {
        m_models = table;
        m_editor->setGoals(presetGoals(*m_context.link.config(), m_models));
    });
}

void PresetsPage::readUse()
{
    m_editor->showUse({});
    const gateway::PresetId id = m_shown;
    const auto& presets = m_context.link.config()->presets;
    // The log is searched for a part of a name: where that is another one's, too, the count would be wrong.
    const bool isPart = std::any_of(presets.begin(), presets.end(), [&id](const auto& each) {
        return each.id != id && each.id.text.starts_with(id.text);
    });
    if (isPart || m_context.link.config()->findPreset(id.text) == nullptr) return;
    gateway::LogQuery query;
    query.text = "preset/" + id.text;
    query.limit = 1;
    whenDone(m_context.link.requests(query), this, [this, id](const gateway::LogPage& page) {
        if (m_shown == id) m_editor->showUse(page.total);
    });
}

void PresetsPage::onEdited()
{
    const int row = selectedRow();
    m_model.setDraft(row, m_editor->draft());
    if (m_model.savedAt(row) == nullptr) m_shown = m_editor->draft().id;
    check();
}

void PresetsPage::begin(const gateway::PresetConfig& preset)
{
    gateway::PresetConfig named = preset;
    named.id = m_model.freeName(preset.id.text);
    select(m_model.addNew(named));
    m_editor->focusFirst();
}

void PresetsPage::duplicate()
{
    const gateway::PresetConfig* draft = m_model.draftAt(selectedRow());
    if (draft != nullptr) begin(*draft);
}

void PresetsPage::apply()
{
    const int row = selectedRow();
    const gateway::PresetConfig* draft = m_model.draftAt(row);
    if (draft == nullptr) return;
    const auto before = m_context.link.config();
    const auto undo = [this, before] {
        applyConfig(withPresetsOf(*m_context.link.config(), *before), tr("Undone"), {});
    };
    const auto settle = [this, applied = *draft] {
        const int now = m_model.rowOf(applied.id);
        const gateway::PresetConfig* present = m_model.draftAt(now);
        if (present == nullptr || *present != applied || m_model.savedAt(now) == nullptr) return;
        m_model.discard(now); // It may be written otherwise in the configuration: that counts.
        showSelected();
    };
    applyConfig(m_model.configWith(row), tr("%1 is in force").arg(presetModelName(draft->id)), undo, settle);
}

void PresetsPage::revert()
{
    const int row = selectedRow();
    const gateway::PresetConfig* draft = m_model.draftAt(row);
    if (draft == nullptr) return;
    const gateway::PresetConfig before = *draft;
    const bool wasNew = m_model.savedAt(row) == nullptr;
    m_model.discard(row);
    showState();
    const auto undo = [this, before, wasNew, row] {
        if (wasNew) {
            begin(before);
            return;
        }
        m_model.setDraft(row, before);
        select(row);
        showSelected();
    };
    const QString text = wasNew ? tr("%1 was discarded") : tr("%1 is as before");
    emit toastWanted({text.arg(presetModelName(before.id)), tr("Undo"), undo, false, true});
}

void PresetsPage::askToRemove()
{
    const int row = selectedRow();
    if (m_model.draftAt(row) == nullptr) return;
    const gateway::PresetConfig* saved = m_model.savedAt(row);
    if (saved == nullptr) {
        revert();
        return;
    }
    const gateway::PresetId id = saved->id;
    auto* dialog = new ConfirmDialog(
        {tr("Delete %1?").arg(presetModelName(id)),
         tr("Requests that name it are refused from then on. Aliases that lead to it go, too."),
         tr("&Delete")},
        window());
    connect(dialog, &QDialog::accepted, this, [this, id] { remove(id); });
    dialog->open();
}

void PresetsPage::remove(const gateway::PresetId& id)
{
    const auto before = m_context.link.config();
    const auto undo = [this, before] {
        applyConfig(withPresetsOf(*m_context.link.config(), *before), tr("Undone"), {});
    };
    applyConfig(withoutPreset(*before, id), tr("%1 was deleted").arg(presetModelName(id)), undo);
}

void PresetsPage::applyConfig(const gateway::Config& next, const QString& done,
                              const std::function<void()>& undo, const std::function<void()>& then)
{
    m_editor->setBusy(true);
    const auto refuse = [this](const QString& problem) {
        m_editor->setBusy(false);
        if (m_model.rowCount() > 0) {
            m_editor->showProblem(problem);
        } else {
            emit toastWanted({problem, {}, {}, true});
        }
    };
    whenDone(
        m_context.link.apply(next), this,
        [this, done, undo, then, refuse](const GatewayLink::Problems& problems) {
            const QString refused = problemText(problems);
            if (!refused.isEmpty()) {
                refuse(refused);
                return;
            }
            m_editor->setBusy(false);
            if (then) then();
            emit toastWanted({done, undo ? tr("Undo") : QString(), undo, false, static_cast<bool>(undo)});
        },
        [refuse] { refuse(tr("The gateway is shutting down; nothing was changed.")); });
}

} // namespace ui
