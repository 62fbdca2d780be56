// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/preset_editor.h"

#include <QHBoxLayout>
#include <QJsonDocument>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QScrollArea>
#include <QShortcut>
#include <QVBoxLayout>

#include "models/format.h"
#include "models/presets_model.h"
#include "pages/decoration_fields.h"
#include "pages/page.h"
#include "widgets/build.h"
#include "widgets/clipboard.h"
#include "widgets/combo_box.h"
#include "widgets/problem_grid.h"
#include "widgets/prompt_texts.h"
#include "widgets/result_box.h"

namespace ui {
namespace {

using Side = ProblemGrid::Side;

constexpr int kToolsHeight = 120;

QString qs(const std::string& text)
{
    return QString::fromStdString(text);
}

QVBoxLayout* addCard(QVBoxLayout* cards, const QString& title)
{
    QFrame* card = makeFrame("card");
    auto* inside = column(card, {16, 12, 16, 14}, 10);
    inside->addWidget(makeLabel(title, "h2"));
    cards->addWidget(card);
    return inside;
}

/// Empty: it is a list, or nothing.
QString toolsProblem(const std::string& json)
{
    if (json.empty()) return {};
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(QByteArray::fromStdString(json), &error);
    if (document.isArray()) return {};
    if (error.error != QJsonParseError::NoError)
        return PresetEditor::tr("This is not JSON: %1.").arg(error.errorString());
    return PresetEditor::tr("Needs a list of tools, in [ ].");
}

} // namespace

PresetEditor::PresetEditor(QWidget* parent) : QWidget(parent)
{
    setProperty("role", QStringLiteral("clear"));
    auto* all = column(this, {}, 10);
    buildHead(all);
    all->addWidget(buildBody(), 1);
    buildFoot(all);
    auto* apply = new QShortcut(QKeySequence::Save, this);
    apply->setContext(Qt::WidgetWithChildrenShortcut);
    connect(apply, &QShortcut::activated, m_apply, &QPushButton::click);
}

void PresetEditor::buildHead(QVBoxLayout* all)
{
    QHBoxLayout* head = row(2);
    m_title = makeElided("h1");
    head->addWidget(m_title, 1);
    QPushButton* twin = makeIconButton(QStringLiteral("copy"), tr("Duplicate"), "duplicatePresetButton");
    QPushButton* remove = makeIconButton(QStringLiteral("trash-2"), tr("Delete"), "deletePresetButton");
    for (QPushButton* button : {twin, remove}) {
        head->addWidget(button);
    }
    all->addLayout(head);
    m_use = makeElided("muted");
    m_use->setAccessibleDescription(QStringLiteral("use"));
    m_copy = makeButton(tr("Copy name"), "link", QStringLiteral("copy"), "copyPresetNameButton");
    m_copy->setToolTip(tr("What clients ask for as the model"));
    QHBoxLayout* below = row(8);
    below->addWidget(m_use, 1);
    below->addWidget(m_copy);
    all->addLayout(below);
    connect(m_copy, &QPushButton::clicked, this, [this] {
        copyText(presetModelName(m_draft.id));
        emit copied(presetModelName(m_draft.id));
    });
    connect(twin, &QPushButton::clicked, this, &PresetEditor::duplicateWanted);
    connect(remove, &QPushButton::clicked, this, &PresetEditor::deleteWanted);
}

QWidget* PresetEditor::buildBody()
{
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto* content = new QWidget;
    content->setProperty("role", QStringLiteral("clear"));
    auto* cards = column(content, {0, 0, 4, 0}, kCardGap);
    buildFacts(cards);
    m_fields = new DecorationFields;
    addCard(cards, tr("What it adds"))->addWidget(m_fields);
    buildTools(cards);
    cards->addStretch();
    scroll->setWidget(content);
    connect(m_fields, &DecorationFields::edited, this, &PresetEditor::take);
    return scroll;
}

void PresetEditor::buildFacts(QVBoxLayout* cards)
{
    m_facts = new ProblemGrid;
    addCard(cards, tr("What it is"))->addLayout(m_facts);
    const auto edit = [this](const QString& name, const char* objectName) {
        auto* made = new QLineEdit;
        made->setObjectName(QLatin1String(objectName));
        made->setAccessibleName(name);
        m_facts->addField(name, made, Side::Both);
        connect(made, &QLineEdit::textChanged, this, &PresetEditor::take);
        return made;
    };
    m_name = edit(tr("Name"), "presetNameEdit");
    m_description = edit(tr("Description"), "presetDescriptionEdit");
    m_model = new ComboBox(tr("Model"), "presetModelComboBox", ComboBox::Texts::Any);
    m_model->lineEdit()->setPlaceholderText(tr("A route, an alias, or provider/model"));
    m_facts->addField(tr("Model"), m_model, Side::Both);
    connect(m_model, &QComboBox::currentTextChanged, this, &PresetEditor::take);
    m_systemField = new QWidget;
    m_systemField->setProperty("role", QStringLiteral("clear"));
    auto* inside = column(m_systemField, {}, 4);
    m_system = makePromptEdit(tr("System text"), "presetSystemEdit");
    m_system->setPlaceholderText(tr("Stands before all other texts"));
    QPushButton* variable = makeVariableButton(m_system, "insertSystemVariableButton");
    variable->setAccessibleName(tr("Insert variable into the system text"));
    inside->addWidget(m_system);
    inside->addWidget(variable, 0, Qt::AlignLeft);
    m_facts->addField(tr("System text"), m_systemField, Side::Both);
    connect(m_system, &QPlainTextEdit::textChanged, this, &PresetEditor::take);
}

void PresetEditor::buildTools(QVBoxLayout* cards)
{
    QVBoxLayout* inside = addCard(cards, tr("Tools"));
    inside->addWidget(makeParagraph(
        tr("A list as OpenAI's chat completions have it, beside the client's own. Calls of them go to the "
           "client, which has to know what to do with them."),
        "muted"));
    m_tools = makePromptEdit(tr("Tools, as JSON"), "presetToolsEdit");
    m_tools->setFixedHeight(kToolsHeight);
    m_tools->setPlaceholderText(
        QStringLiteral(R"([{"type": "function", "function": {"name": "look_up", "parameters": {}}}])"));
    inside->addWidget(m_tools);
    m_toolsProblem = makeParagraph({}, "muted");
    m_toolsProblem->setProperty("tone", QStringLiteral("bad"));
    m_toolsProblem->setAccessibleDescription(QStringLiteral("problem"));
    m_toolsProblem->hide();
    inside->addWidget(m_toolsProblem);
    connect(m_tools, &QPlainTextEdit::textChanged, this, &PresetEditor::take);
}

void PresetEditor::buildFoot(QVBoxLayout* all)
{
    m_problem = new ResultBox(QStringLiteral("problem"));
    all->addWidget(m_problem);
    QHBoxLayout* foot = row(8);
    m_unsaved = makeElided("muted");
    m_unsaved->setAccessibleDescription(QStringLiteral("unsaved"));
    m_unsaved->setProperty("tone", QStringLiteral("warn"));
    m_revert = makeButton(tr("Re&vert"), "plain", {}, "revertButton");
    m_apply = makeButton(tr("App&ly"), "primary", {}, "applyButton");
    foot->addWidget(m_unsaved, 1);
    foot->addWidget(m_revert);
    foot->addWidget(m_apply);
    all->addLayout(foot);
    connect(m_revert, &QPushButton::clicked, this, &PresetEditor::revertWanted);
    connect(m_apply, &QPushButton::clicked, this, &PresetEditor::applyWanted);
}

void PresetEditor::setPreset(const gateway::PresetConfig& preset, bool isOther)
{
    if (preset != m_draft) m_problem->hide(); // It was about what stood there before.
    if (isOther) m_fields->clear();
    m_draft = preset;
    fill();
}

void PresetEditor::setGoals(const QStringList& goals)
{
    const QScopedValueRollback filling(m_filling, true);
    m_model->setSuggestions(goals);
}

void PresetEditor::fill()
{
    const QScopedValueRollback filling(m_filling, true);
    const auto text = [](auto* edit, const QString& wanted) {
        // What is typed before or behind a name is not of it, and stays while it is typed.
        if (edit->text().trimmed() != wanted) edit->setText(wanted);
    };
    const auto paragraphs = [](QPlainTextEdit* edit, const std::string& wanted) {
        if (edit->toPlainText().toStdString() != wanted) edit->setPlainText(qs(wanted));
    };
    m_title->setText(presetModelName(m_draft.id));
    text(m_name, qs(m_draft.id.text));
    if (m_description->text() != qs(m_draft.description)) m_description->setText(qs(m_draft.description));
    if (m_model->currentText().trimmed() != qs(m_draft.model)) m_model->showText(qs(m_draft.model));
    paragraphs(m_system, m_draft.system);
    if (m_tools->toPlainText().trimmed().toStdString() != m_draft.toolsJson)
        m_tools->setPlainText(qs(m_draft.toolsJson));
    m_fields->setDecoration(m_draft);
}

void PresetEditor::take()
{
    if (m_filling) return;
    const gateway::PresetConfig before = m_draft;
    static_cast<gateway::DecorationConfig&>(m_draft) = m_fields->decoration();
    m_draft.id = gateway::PresetId(m_name->text().trimmed().toStdString());
    m_draft.description = m_description->text().toStdString();
    m_draft.model = m_model->currentText().trimmed().toStdString();
    m_draft.system = m_system->toPlainText().toStdString();
    m_draft.toolsJson = m_tools->toPlainText().trimmed().toStdString();
    if (m_draft == before) return;
    m_problem->hide();
    fill();
    emit edited();
}

bool PresetEditor::place(const QString& field, const QString& message)
{
    if (field.isEmpty()) {
        m_facts->setProblem(m_name, message);
    } else if (field == QLatin1String("description")) {
        m_facts->setProblem(m_description, message);
    } else if (field == QLatin1String("model")) {
        m_facts->setProblem(m_model, message);
    } else if (field == QLatin1String("system")) {
        m_facts->setProblem(m_systemField, message);
    } else if (field.startsWith(QLatin1String("tools"))) {
        m_toolsProblem->setText(message);
        m_toolsProblem->show();
    } else {
        return m_fields->setProblem(field, message);
    }
    return true;
}

void PresetEditor::showState(bool changed, const std::vector<gateway::ConfigProblem>& problems)
{
    m_changed = changed;
    m_valid = true;
    m_facts->clearProblems();
    m_fields->clearProblems();
    m_toolsProblem->hide();
    const QString plain = QStringLiteral("presets.") + qs(m_draft.id.text);
    const QString quoted = QStringLiteral("presets[\"%1\"]").arg(qs(m_draft.id.text));
    QStringList others;
    for (const gateway::ConfigProblem& problem : problems) {
        if (problem.weight != gateway::ConfigProblem::Weight::Error) continue;
        m_valid = false;
        const QString path = qs(problem.path);
        const QString& prefix = path.startsWith(quoted) ? quoted : plain;
        QString rest = path.startsWith(prefix) ? path.mid(prefix.size()) : QStringLiteral("?");
        if (rest.startsWith(QLatin1Char('.'))) rest.remove(0, 1);
        if (!place(rest, qs(problem.message)))
            others.append(path + QStringLiteral(": ") + qs(problem.message));
    }
    if (const QString bad = toolsProblem(m_draft.toolsJson); !bad.isEmpty()) {
        m_valid = false;
        m_toolsProblem->setText(bad);
        m_toolsProblem->show();
    }
    if (!others.isEmpty()) showProblem(others.join(QLatin1Char('\n')));
    m_unsaved->setText(!changed  ? QString()
                       : m_valid ? tr("• Not applied yet")
                                 : tr("• Correct what is marked"));
    setBusy(m_busy);
}

void PresetEditor::showUse(std::optional<std::uint64_t> requests)
{
    m_use->setText(requests
                       ? tr("Requests in the log: %1").arg(formatCount(static_cast<std::int64_t>(*requests)))
                       : tr("What clients ask for as the model"));
}

void PresetEditor::showProblem(const QString& text)
{
    m_problem->showResult(text, false);
}

void PresetEditor::setBusy(bool busy)
{
    m_busy = busy;
    m_apply->setEnabled(m_changed && m_valid && !busy);
    m_revert->setEnabled(m_changed && !busy);
}

void PresetEditor::focusFirst()
{
    m_name->setFocus();
    m_name->selectAll();
}

} // namespace ui
