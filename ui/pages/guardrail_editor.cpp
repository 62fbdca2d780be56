// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/guardrail_editor.h"

#include <algorithm>

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QScrollArea>
#include <QShortcut>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QVBoxLayout>

#include "models/guardrails_model.h"
#include "pages/guardrail_masks.h"
#include "pages/guardrail_parameters.h"
#include "pages/page.h"
#include "widgets/build.h"
#include "widgets/combo_box.h"
#include "widgets/problem_grid.h"
#include "widgets/result_box.h"

namespace ui {
namespace {

using Side = ProblemGrid::Side;

constexpr int kMostRetries = 5; // that are possible

QString qs(const std::string& text)
{
    return QString::fromStdString(text);
}

QString joined(const std::vector<std::string>& names)
{
    QStringList list;
    for (const std::string& name : names) {
        list.append(qs(name));
    }
    return list.join(QStringLiteral(", "));
}

std::vector<std::string> separated(const QString& text)
{
    std::vector<std::string> names;
    for (const QString& name : text.split(QLatin1Char(','))) {
        if (!name.trimmed().isEmpty()) names.push_back(name.trimmed().toStdString());
    }
    return names;
}

ProblemGrid* addCard(QVBoxLayout* cards, const QString& title)
{
    QFrame* card = makeFrame("card");
    auto* inside = column(card, {16, 12, 16, 14}, 10);
    inside->addWidget(makeLabel(title, "h2"));
    auto* grid = new ProblemGrid;
    inside->addLayout(grid);
    cards->addWidget(card);
    return grid;
}

/// The style of "*"; those of single kinds stay as they are.
QString commonStyle(const gateway::GuardrailConfig& rule)
{
    for (const auto& [kind, style] : rule.maskAs) {
        if (kind == "*") return qs(style);
    }
    return {};
}

void setCommonStyle(gateway::GuardrailConfig& rule, const std::string& style)
{
    std::erase_if(rule.maskAs, [](const auto& entry) { return entry.first == "*"; });
    if (!style.empty()) rule.maskAs.emplace_back("*", style);
}

} // namespace

GuardrailEditor::GuardrailEditor(QWidget* parent) : QWidget(parent)
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

void GuardrailEditor::buildHead(QVBoxLayout* all)
{
    QHBoxLayout* head = row(2);
    m_title = makeElided("h1");
    head->addWidget(m_title, 1);
    QPushButton* copy = makeIconButton(QStringLiteral("copy"), tr("Duplicate"), "duplicateGuardrailButton");
    QPushButton* remove = makeIconButton(QStringLiteral("trash-2"), tr("Delete"), "deleteGuardrailButton");
    head->addWidget(copy);
    head->addWidget(remove);
    all->addLayout(head);
    connect(copy, &QPushButton::clicked, this, &GuardrailEditor::duplicateWanted);
    connect(remove, &QPushButton::clicked, this, &GuardrailEditor::deleteWanted);
}

QWidget* GuardrailEditor::buildBody()
{
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto* content = new QWidget;
    content->setProperty("role", QStringLiteral("clear"));
    auto* cards = column(content, {0, 0, 4, 0}, kCardGap);
    m_cards = cards;
    m_about = makeParagraph({}, "muted");
    cards->addWidget(m_about);
    m_deeds = addCard(cards, tr("What happens"));
    buildDeeds();
    QFrame* card = makeFrame("card");
    auto* inside = column(card, {16, 12, 16, 14}, 10);
    inside->addWidget(makeLabel(tr("What is looked for"), "h2"));
    m_parameters = new GuardrailParameters;
    inside->addWidget(m_parameters);
    cards->addWidget(card);
    m_scope = addCard(cards, tr("Where it holds"));
    buildScope();
    m_rest = addCard(cards, tr("Details"));
    buildRest();
    m_masks = new GuardrailMasks;
    cards->addWidget(m_masks);
    cards->addStretch();
    scroll->setWidget(content);
    connect(m_parameters, &GuardrailParameters::edited, this, &GuardrailEditor::take);
    connect(m_masks, &GuardrailMasks::edited, this, &GuardrailEditor::take);
    return scroll;
}

QLineEdit* GuardrailEditor::addText(ProblemGrid* grid, const QString& name, const char* objectName)
{
    auto* edit = new QLineEdit;
    edit->setObjectName(QLatin1String(objectName));
    edit->setAccessibleName(name);
    grid->addField(name, edit, Side::Both);
    connect(edit, &QLineEdit::textEdited, this, &GuardrailEditor::take);
    return edit;
}

void GuardrailEditor::buildDeeds()
{
    m_name = addText(m_deeds, tr("Name"), "guardrailNameEdit");
    const auto combo = [this](const QString& name, const char* objectName) {
        auto* box = new ComboBox(name, objectName);
        m_deeds->addField(name, box, Side::Both);
        return box;
    };
    m_on = combo(tr("Looks at"), "guardrailOnComboBox");
    m_on->addItem(tr("Requests"), QStringLiteral("request"));
    m_on->addItem(tr("Answers"), QStringLiteral("response"));
    m_on->addItem(tr("Requests and answers"), QStringLiteral("both"));
    m_on->addItem(tr("Results of tools"), QStringLiteral("tool_results"));
    m_on->addItem(tr("Calls of tools"), QStringLiteral("tool_calls"));
    m_action = combo(tr("Action"), "guardrailActionComboBox");
    for (const std::string& action : gateway::guardrailActions()) {
        m_action->addItem(guardrailActionText(action), qs(action));
    }
    m_mode = combo(tr("Mode"), "guardrailModeComboBox");
    for (const char* mode : {"observe", "enforce"}) {
        m_mode->addItem(guardrailModeText(mode), QLatin1String(mode));
    }
    m_mode->setToolTip(tr("Observe: only the log tells what would have been done"));
    for (ComboBox* box : {m_on, m_action, m_mode}) {
        connect(box, &QComboBox::currentIndexChanged, this, &GuardrailEditor::take);
    }
}

void GuardrailEditor::buildScope()
{
    m_everywhere = new QCheckBox(tr("Every request"));
    m_everywhere->setObjectName(QStringLiteral("guardrailEverywhereCheckBox"));
    m_everywhere->setAccessibleName(tr("Holds for every request"));
    m_everywhere->setToolTip(tr("Without this, and with nothing below, it holds where a route names it"));
    m_scope->addField(tr("Everywhere"), m_everywhere, Side::Both);
    connect(m_everywhere, &QCheckBox::toggled, this, &GuardrailEditor::take);
    m_scopeRoutes = addText(m_scope, tr("Routes"), "guardrailRoutesEdit");
    m_scopeKeys = addText(m_scope, tr("Keys"), "guardrailKeysEdit");
    m_scopeDialects = addText(m_scope, tr("Dialects"), "guardrailDialectsEdit");
    m_scopeClients = addText(m_scope, tr("Clients"), "guardrailClientsEdit");
    for (QLineEdit* edit : {m_scopeRoutes, m_scopeKeys, m_scopeDialects, m_scopeClients}) {
        edit->setPlaceholderText(tr("Any; or names with commas between, * for any letters"));
    }
}

void GuardrailEditor::buildRest()
{
    m_restore = new QCheckBox(tr("Put back into the answer"));
    m_restore->setObjectName(QStringLiteral("guardrailRestoreCheckBox"));
    m_restore->setAccessibleName(tr("What was masked is put back into the answer"));
    m_rest->addField(tr("Masked text"), m_restore, Side::Both);
    const auto combo = [this](const QString& name, const char* objectName) {
        auto* box = new ComboBox(name, objectName);
        m_rest->addField(name, box, Side::Both);
        connect(box, &QComboBox::currentIndexChanged, this, &GuardrailEditor::take);
        return box;
    };
    m_style = combo(tr("Mask with"), "guardrailMaskComboBox");
    m_style->addItem(tr("As usual"), QString());
    for (const std::string& style : gateway::maskStyles()) {
        m_style->addItem(qs(style), qs(style));
    }
    m_route = combo(tr("Route"), "guardrailRouteComboBox");
    m_route->setToolTip(tr("Where “Keep local” leads if no target of the request's own is local"));
    m_onError = combo(tr("If it fails"), "guardrailOnErrorComboBox");
    m_onError->addItem(tr("As the action needs it"), QString());
    m_onError->addItem(tr("Let through"), QStringLiteral("open"));
    m_onError->addItem(tr("Refuse"), QStringLiteral("closed"));
    m_retries = makeSpinBox(tr("Ask anew"), "guardrailRetriesSpinBox", 0, kMostRetries);
    m_retries->setToolTip(tr("How often another answer is asked for instead of one that is refused; each has "
                             "its price. For checks that judge a whole answer"));
    m_rest->addField(tr("Ask anew"), m_retries, Side::Both);
    connect(m_retries, &QSpinBox::valueChanged, this, &GuardrailEditor::take);
    m_message = addText(m_rest, tr("Message"), "guardrailMessageEdit");
    m_message->setPlaceholderText(tr("What who is refused is told; empty: Turnpike's own words"));
    auto* line = new QWidget;
    line->setProperty("role", QStringLiteral("clear"));
    auto* inside = new QHBoxLayout(line);
    inside->setContentsMargins(0, 0, 0, 0);
    m_exceptions = makeLabel({});
    m_clear = makeButton(tr("Clear"), "plain", {}, "clearExceptionsButton");
    inside->addWidget(m_exceptions, 1);
    inside->addWidget(m_clear);
    m_rest->addField(tr("Exceptions"), line, Side::Both);
    connect(m_clear, &QPushButton::clicked, this, [this] {
        m_draft.exceptions.clear();
        showExceptions();
        emit edited();
    });
}

void GuardrailEditor::buildFoot(QVBoxLayout* all)
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
    connect(m_revert, &QPushButton::clicked, this, &GuardrailEditor::revertWanted);
    connect(m_apply, &QPushButton::clicked, this, &GuardrailEditor::applyWanted);
}

const gateway::CheckDescription* GuardrailEditor::check() const
{
    const auto found =
        std::find_if(m_checks.begin(), m_checks.end(),
                     [this](const gateway::CheckDescription& each) { return each.id == m_draft.check; });
    return found == m_checks.end() ? nullptr : &*found;
}

void GuardrailEditor::setRule(const gateway::GuardrailConfig& rule, const QStringList& routes)
{
    if (rule != m_draft) m_problem->hide(); // It was about what stood there before.
    m_draft = rule;
    m_routes = routes;
    fill();
}

void GuardrailEditor::fill()
{
    m_filling = true;
    const auto text = [](QLineEdit* edit, const QString& wanted) {
        if (edit->text() != wanted && !edit->hasFocus()) edit->setText(wanted);
        if (edit->hasFocus() && separated(edit->text()) != separated(wanted)) edit->setText(wanted);
    };
    const gateway::CheckDescription* known = check();
    m_title->setText(qs(m_draft.id.text));
    m_about->setText(known == nullptr ? tr("This version does not know the check %1.").arg(qs(m_draft.check))
                                      : qs(known->title) + QStringLiteral(". ") + qs(known->description));
    m_parameters->setParameters(known == nullptr ? gateway::CheckDescription() : *known, m_draft.paramsJson);
    text(m_name, qs(m_draft.id.text));
    m_on->setCurrentData(qs(m_draft.on), qs(m_draft.on));
    m_action->setCurrentData(qs(m_draft.action), qs(m_draft.action));
    m_mode->setCurrentData(qs(m_draft.mode), qs(m_draft.mode));
    m_restore->setChecked(m_draft.restore);
    m_style->setCurrentData(commonStyle(m_draft), commonStyle(m_draft));
    m_masks->setRule(known == nullptr ? gateway::CheckDescription() : *known, m_draft);
    showRetries();
    {
        const QSignalBlocker blocker(m_route);
        m_route->clear();
        m_route->addItem(tr("None"), QString());
        for (const QString& route : m_routes) {
            m_route->addItem(route, route);
        }
    }
    m_route->setCurrentData(qs(m_draft.route.text), qs(m_draft.route.text));
    m_onError->setCurrentData(qs(m_draft.onError), qs(m_draft.onError));
    text(m_message, qs(m_draft.message));
    const gateway::GuardrailScope scope = m_draft.scope.value_or(gateway::GuardrailScope());
    m_everywhere->setChecked(m_draft.scope && scope == gateway::GuardrailScope());
    text(m_scopeRoutes, joined(scope.routes));
    text(m_scopeKeys, joined(scope.keys));
    text(m_scopeDialects, joined(scope.dialects));
    text(m_scopeClients, joined(scope.clients));
    showExceptions();
    m_filling = false;
}

void GuardrailEditor::showRetries()
{
    m_retries->setValue(static_cast<int>(m_draft.retries));
    const gateway::CheckDescription* known = check();
    const auto looksAt = [this](const char* stage) { return m_draft.on.find(stage) != std::string::npos; };
    const bool ofAnswers = looksAt("response") || looksAt("both") || looksAt("tool_calls");
    const bool possible = known != nullptr && !known->places && ofAnswers;
    m_retries->setEnabled(possible || m_draft.retries > 0); // What is not possible can be taken back.
}

void GuardrailEditor::showExceptions()
{
    const auto count = m_draft.exceptions.size();
    m_exceptions->setText(count == 0 ? tr("None") : QString::number(count));
    m_clear->setEnabled(count > 0);
}

void GuardrailEditor::takeScope()
{
    const bool wasEverywhere = m_draft.scope && *m_draft.scope == gateway::GuardrailScope();
    if (m_everywhere->isChecked() && !wasEverywhere) {
        m_draft.scope.emplace(); // Just checked: the lists below no longer count.
        for (QLineEdit* edit : {m_scopeRoutes, m_scopeKeys, m_scopeDialects, m_scopeClients}) {
            edit->clear();
        }
        return;
    }
    const gateway::GuardrailScope lists{separated(m_scopeRoutes->text()), separated(m_scopeKeys->text()),
                                        separated(m_scopeDialects->text()),
                                        separated(m_scopeClients->text())};
    if (lists != gateway::GuardrailScope()) {
        m_draft.scope = lists;
    } else if (!m_everywhere->isChecked()) {
        m_draft.scope.reset();
    }
}

void GuardrailEditor::take()
{
    if (m_filling) return;
    const gateway::GuardrailConfig before = m_draft;
    const auto chosen = [](const ComboBox* box) { return box->currentData().toString().toStdString(); };
    m_draft.id = gateway::GuardrailId(m_name->text().trimmed().toStdString());
    m_draft.on = chosen(m_on);
    m_draft.action = chosen(m_action);
    m_draft.mode = chosen(m_mode);
    m_draft.restore = m_restore->isChecked();
    m_draft.maskAs = m_masks->maskAs();
    m_draft.retries = static_cast<std::uint32_t>(m_retries->value());
    if (commonStyle(m_draft) != m_style->currentData().toString()) setCommonStyle(m_draft, chosen(m_style));
    m_draft.route = gateway::RouteId(chosen(m_route));
    m_draft.onError = chosen(m_onError);
    m_draft.message = m_message->text().toStdString();
    m_draft.paramsJson = m_parameters->json();
    takeScope();
    if (m_draft == before) return;
    m_problem->hide();
    fill();
    emit edited();
}

bool GuardrailEditor::place(const QString& field, const QString& message)
{
    const auto begins = [&field](const char* name) { return field.startsWith(QLatin1String(name)); };
    if (begins("mask_as.") && m_masks->setProblem(field.mid(8), message)) return true;
    if (begins("params.")) return m_parameters->setProblem(field.mid(7), message);
    const std::pair<const char*, std::pair<ProblemGrid*, QWidget*>> kPlaces[] = {
        {"on_error", {m_rest, m_onError}},
        {"on", {m_deeds, m_on}},
        {"action", {m_deeds, m_action}},
        {"mode", {m_deeds, m_mode}},
        {"restore", {m_rest, m_restore}},
        {"mask_as", {m_rest, m_style}},
        {"route", {m_rest, m_route}},
        {"retries", {m_rest, m_retries}},
        {"message", {m_rest, m_message}},
        {"scope.routes", {m_scope, m_scopeRoutes}},
        {"scope.keys", {m_scope, m_scopeKeys}},
        {"scope.dialects", {m_scope, m_scopeDialects}},
        {"scope.clients", {m_scope, m_scopeClients}},
    };
    if (field.isEmpty()) {
        m_deeds->setProblem(m_name, message);
        return true;
    }
    for (const auto& [name, at] : kPlaces) {
        if (!begins(name)) continue;
        at.first->setProblem(at.second, message);
        return true;
    }
    return false;
}

void GuardrailEditor::showState(bool changed, const std::vector<gateway::ConfigProblem>& problems)
{
    m_changed = changed;
    m_valid = true;
    for (ProblemGrid* grid : {m_deeds, m_scope, m_rest}) {
        grid->clearProblems();
    }
    m_parameters->clearProblems();
    m_masks->clearProblems();
    const QString plain = QStringLiteral("guardrails.") + qs(m_draft.id.text);
    const QString quoted = QStringLiteral("guardrails[\"%1\"]").arg(qs(m_draft.id.text));
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
    if (!others.isEmpty()) showProblem(others.join(QLatin1Char('\n')));
    m_unsaved->setText(!changed  ? QString()
                       : m_valid ? tr("• Not applied yet")
                                 : tr("• Correct what is marked"));
    setBusy(m_busy);
}

void GuardrailEditor::showProblem(const QString& text)
{
    m_problem->showResult(text, false);
}

void GuardrailEditor::setBusy(bool busy)
{
    m_busy = busy;
    m_apply->setEnabled(m_changed && m_valid && !busy);
    m_revert->setEnabled(m_changed && !busy);
}

void GuardrailEditor::addBelow(QWidget* widget)
{
    m_cards->insertWidget(m_cards->count() - 1, widget); // Before the stretch.
}

void GuardrailEditor::focusFirst()
{
    m_name->setFocus();
    m_name->selectAll();
}

} // namespace ui
