// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/guardrails_page.h"

#include <algorithm>

#include <QDateTime>
#include <QHBoxLayout>
#include <QListView>
#include <QMenu>
#include <QShortcut>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>

#include "gateway/config_io.h"

#include "models/when_done.h"
#include "pages/guardrail_bench.h"
#include "pages/guardrail_editor.h"
#include "widgets/build.h"
#include "widgets/guardrail_row_delegate.h"
#include "widgets/side_list.h"

namespace ui {
namespace {

constexpr int kListWidth = 224;
constexpr int kBesideWidth = 1100; // From this width on the test box has its place beside the editor.
constexpr int kBoxWidth = 340;
constexpr int kBoxHeight = 480;
constexpr qint64 kDayMicros = 86'400'000'000;
constexpr int kHitsEvery = 30'000; // milliseconds: the whole day is read for it

QString qs(const std::string& text)
{
    return QString::fromStdString(text);
}

const gateway::CheckDescription* findCheck(const std::vector<gateway::CheckDescription>& checks,
                                           const char* id)
{
    const auto found = std::find_if(checks.begin(), checks.end(),
                                    [id](const gateway::CheckDescription& each) { return each.id == id; });
    return found == checks.end() ? nullptr : &*found;
}

gateway::GuardrailConfig packOf(const gateway::CheckDescription& check, const char* action)
{
    gateway::GuardrailConfig rule = newGuardrail(check);
    rule.action = action;
    return rule;
}

} // namespace

GuardrailsPage::GuardrailsPage(const PageContext& context, QWidget* parent)
    : Page(parent), m_context(context), m_model(context.link)
{
    QVBoxLayout* all = pageLayout();
    const Header header = makeHeader(tr("Guardrails"), tr("What may be said to models, and by them"));
    buildAdd(header.layout);
    all->addLayout(header.layout);
    m_stack = new QStackedWidget;
    m_stack->addWidget(buildRules());
    m_stack->addWidget(buildPacks());
    all->addWidget(m_stack, 1);
    connect(&m_model, &QAbstractItemModel::modelAboutToBeReset, this, [this] { m_reading = true; });
    connect(&m_model, &QAbstractItemModel::modelReset, this, &GuardrailsPage::showState);
    connect(&m_model, &QAbstractItemModel::rowsInserted, this, &GuardrailsPage::showState);
    connect(&m_model, &QAbstractItemModel::rowsRemoved, this, &GuardrailsPage::showState);
    connect(&m_model, &GuardrailsModel::enabledWanted, this, &GuardrailsPage::setEnabledAt);
    connect(&m_model, &GuardrailsModel::moveWanted, this, &GuardrailsPage::move, Qt::QueuedConnection);
    auto* often = new QTimer(this);
    connect(often, &QTimer::timeout, this, [this] {
        if (isVisible()) readHits();
    });
    often->start(kHitsEvery);
    showState();
}

void GuardrailsPage::readHits()
{
    gateway::UsageQuery query;
    query.sinceMicros = QDateTime::currentMSecsSinceEpoch() * 1000 - kDayMicros;
    query.by = "guardrail";
    whenDone(m_context.link.usage(query), this, [this](const std::vector<gateway::UsageRow>& rows) {
        std::map<std::string, std::uint64_t> hits;
        for (const gateway::UsageRow& row : rows) {
            hits[row.name] = row.requests;
        }
        m_model.setHits(std::move(hits));
    });
}

void GuardrailsPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    readHits();
}

void GuardrailsPage::buildAdd(QHBoxLayout* header)
{
    m_add = makeButton(tr("&Add guardrail"), "primary", QStringLiteral("plus"), "addGuardrailButton");
    m_menu = new QMenu(m_add);
    m_menu->setObjectName(QStringLiteral("addGuardrailMenu"));
    for (const gateway::CheckDescription& check : m_checks) {
        QAction* action = m_menu->addAction(asButtonText(qs(check.title)));
        action->setData(qs(check.id));
        connect(action, &QAction::triggered, this, [this, check] { begin(newGuardrail(check)); });
    }
    m_add->setMenu(m_menu);
    header->addWidget(m_add);
}

void GuardrailsPage::addNew()
{
    m_add->showMenu();
}

QWidget* GuardrailsPage::buildRules()
{
    auto* both = new QWidget;
    both->setProperty("role", QStringLiteral("clear"));
    auto* side = new QHBoxLayout(both);
    side->setContentsMargins(0, 0, 0, 0);
    side->setSpacing(kCardGap);
    side->addWidget(buildList());
    m_editor = new GuardrailEditor;
    m_bench = new GuardrailBench(m_context.link);
    m_beside = new QBoxLayout(QBoxLayout::LeftToRight);
    m_beside->setSpacing(kCardGap);
    m_beside->addWidget(m_editor, 1);
    m_beside->addWidget(m_bench);
    side->addLayout(m_beside, 1);
    connect(m_bench, &GuardrailBench::exceptionWanted, this, &GuardrailsPage::addException);
    connect(m_bench, &GuardrailBench::testsEdited, this, &GuardrailsPage::keepTests);
    connect(m_editor, &GuardrailEditor::edited, this, &GuardrailsPage::onEdited);
    connect(m_editor, &GuardrailEditor::applyWanted, this, &GuardrailsPage::apply);
    connect(m_editor, &GuardrailEditor::revertWanted, this, &GuardrailsPage::revert);
    connect(m_editor, &GuardrailEditor::duplicateWanted, this, &GuardrailsPage::duplicate);
    connect(m_editor, &GuardrailEditor::deleteWanted, this, &GuardrailsPage::remove);
    return both;
}

QWidget* GuardrailsPage::buildList()
{
    const SideList side = makeSideList(m_model, tr("Guardrails, in order"), "guardrailsList", kListWidth);
    m_list = side.list;
    m_list->setItemDelegate(new GuardrailRowDelegate(m_list));
    m_list->setDragDropMode(QAbstractItemView::InternalMove);
    m_list->setDefaultDropAction(Qt::MoveAction);
    m_list->setSpacing(2);
    const auto onKey = [this](const QKeySequence& keys, auto slot) {
        auto* shortcut = new QShortcut(keys, m_list);
        shortcut->setContext(Qt::WidgetShortcut);
        connect(shortcut, &QShortcut::activated, this, slot);
    };
    onKey(QKeySequence::Delete, &GuardrailsPage::remove);
    onKey(Qt::Key_Return, [this] { m_editor->focusFirst(); });
    onKey(Qt::ALT | Qt::Key_Up, [this] { moveBy(-1); });
    onKey(Qt::ALT | Qt::Key_Down, [this] { moveBy(1); });
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, [this] {
        if (!m_reading) showSelected();
    });
    m_builtIn = makeParagraph(tr("Secrets are observed by themselves"), "muted");
    m_makeOwn = makeButton(tr("&Make my own"), "plain", {}, "makeOwnGuardrailButton");
    side.card->layout()->addWidget(m_builtIn);
    side.card->layout()->addWidget(m_makeOwn);
    connect(m_makeOwn, &QPushButton::clicked, this, [this] {
        if (const auto* secrets = findCheck(m_checks, "secrets")) begin(packOf(*secrets, "mask"));
    });
    return side.card;
}

QWidget* GuardrailsPage::buildPacks()
{
    auto* packs = new QWidget;
    packs->setProperty("role", QStringLiteral("clear"));
    auto* all = column(packs, {}, kCardGap);
    all->addWidget(
        makeParagraph(tr("A guardrail looks at what is sent to models and at what they answer. New "
                         "ones only observe: the log tells what they would have done."),
                      "muted"));
    if (const auto* personal = findCheck(m_checks, "pii")) {
        gateway::GuardrailConfig rule = packOf(*personal, "mask");
        rule.restore = true;
        addPack(all, tr("Hide personal data"),
                tr("Addresses, cards and the like are masked, and put back into the answer."),
                "hidePersonalDataButton", {rule});
    }
    if (const auto* secrets = findCheck(m_checks, "secrets"))
        addPack(all, tr("Keep secrets in"), tr("Keys and passwords are masked before they leave."),
                "keepSecretsInButton", {packOf(*secrets, "mask")});
    if (const auto* words = findCheck(m_checks, "words"))
        addPack(all, tr("Block list"), tr("Requests with words of your list are refused."), "blockListButton",
                {packOf(*words, "block")});
    addAgentPack(all);
    all->addStretch();
    return packs;
}

void GuardrailsPage::addAgentPack(QVBoxLayout* all)
{
    const auto* attacks = findCheck(m_checks, "injection");
    const auto* urls = findCheck(m_checks, "urls");
    if (attacks == nullptr || urls == nullptr) return;
    gateway::GuardrailConfig results = packOf(*attacks, "flag");
    results.id = gateway::GuardrailId("attacks-in-tool-results");
    results.on = "tool_results";
    gateway::GuardrailConfig links = packOf(*urls, "mask");
    links.id = gateway::GuardrailId("links-that-carry-data");
    links.on = "response";
    addPack(all, tr("Watch over agents"),
            tr("What tools bring back is searched for sentences that want to command the model, and answers "
               "for links and pictures that would carry data away. Two guardrails."),
            "watchAgentsButton", {results, links});
}

void GuardrailsPage::addPack(QVBoxLayout* all, const QString& title, const QString& about,
                             const char* objectName, const std::vector<gateway::GuardrailConfig>& rules)
{
    QFrame* card = makeFrame("card");
    auto* inside = new QHBoxLayout(card);
    inside->setContentsMargins(16, 14, 16, 14);
    auto* texts = new QVBoxLayout;
    texts->addWidget(makeLabel(title, "h2"));
    texts->addWidget(makeParagraph(about, "muted"));
    inside->addLayout(texts, 1);
    QPushButton* use = makeButton(tr("Use"), "primary", {}, objectName);
    use->setAccessibleName(tr("Use %1").arg(title));
    inside->addWidget(use);
    all->addWidget(card);
    connect(use, &QPushButton::clicked, this, [this, rules] {
        const int first = m_model.rowCount();
        for (const gateway::GuardrailConfig& rule : rules) {
            begin(rule);
        }
        select(first);
    });
}

int GuardrailsPage::selectedRow() const
{
    return m_list->currentIndex().row();
}

void GuardrailsPage::select(int row)
{
    m_list->setCurrentIndex(m_model.index(row));
}

void GuardrailsPage::showState()
{
    m_reading = false;
    const bool empty = m_model.rowCount() == 0;
    m_stack->setCurrentIndex(empty ? 1 : 0);
    const auto& rules = m_context.link.config()->guardrails;
    const bool own =
        std::any_of(rules.begin(), rules.end(), [](const auto& rule) { return rule.check == "secrets"; });
    const bool builtIn = !own && findCheck(m_checks, "secrets") != nullptr;
    m_builtIn->setVisible(builtIn);
    m_makeOwn->setVisible(builtIn);
    if (empty) return;
    const int before = m_model.rowOf(m_editor->draft().id);
    select(before >= 0 ? before : std::clamp(selectedRow(), 0, m_model.rowCount() - 1));
    showSelected();
}

void GuardrailsPage::showSelected()
{
    const gateway::GuardrailConfig* draft = m_model.draftAt(selectedRow());
    if (draft == nullptr) return;
    QStringList routes;
    for (const gateway::RouteConfig& route : m_context.link.config()->routes) {
        routes.append(qs(route.id.text));
    }
    m_editor->setRule(*draft, routes);
    check();
}

void GuardrailsPage::check()
{
    const int row = selectedRow();
    // What is wrong elsewhere in the configuration is not this draft's matter.
    std::vector<gateway::ConfigProblem> problems = gateway::validate(m_model.configWith(row));
    std::erase_if(problems, [](const gateway::ConfigProblem& problem) {
        return !problem.path.starts_with("guardrails");
    });
    m_editor->showState(m_model.isChanged(row), problems);
    if (const auto* draft = m_model.draftAt(row))
        m_bench->setDraft(m_model.configWith(row), *draft, problems.empty());
}

void GuardrailsPage::onEdited()
{
    m_model.setDraft(selectedRow(), m_editor->draft());
    check();
}

void GuardrailsPage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    const bool beside = width() >= kBesideWidth;
    m_bench->setMinimumWidth(beside ? kBoxWidth : 0);
    m_bench->setMaximumWidth(beside ? kBoxWidth : QWIDGETSIZE_MAX);
    m_bench->setMinimumHeight(beside ? 0 : kBoxHeight);
    if (beside == (m_beside->indexOf(m_bench) >= 0)) return;
    if (beside) {
        m_beside->addWidget(m_bench);
    } else {
        m_editor->addBelow(m_bench);
    }
}

void GuardrailsPage::addException(const QString& name, const QString& sha256)
{
    const int row = m_model.rowOf(gateway::GuardrailId(name.toStdString()));
    if (m_model.draftAt(row) == nullptr) return;
    gateway::GuardrailConfig draft = *m_model.draftAt(row);
    draft.exceptions.push_back(sha256.toStdString());
    m_model.setDraft(row, draft);
    select(row);
    showSelected();
}

void GuardrailsPage::keepTests(const std::vector<gateway::GuardrailTest>& tests)
{
    const int row = selectedRow();
    if (m_model.draftAt(row) == nullptr) return;
    gateway::GuardrailConfig draft = *m_model.draftAt(row);
    draft.tests = tests;
    m_model.setDraft(row, draft);
    showSelected();
}

void GuardrailsPage::begin(const gateway::GuardrailConfig& rule)
{
    gateway::GuardrailConfig named = rule;
    named.id = gateway::GuardrailId(freeGuardrailName(m_model.names(), rule.id.text));
    select(m_model.addNew(named));
    m_editor->focusFirst();
}

void GuardrailsPage::setEnabledAt(int row, bool on)
{
    const gateway::GuardrailConfig* draft = m_model.draftAt(row);
    if (draft == nullptr) return;
    const gateway::GuardrailId id = draft->id;
    gateway::Config next = *m_context.link.config();
    // Rows that are saved stand as in the configuration.
    if (m_model.isNew(row)) {
        gateway::GuardrailConfig changed = *draft;
        changed.enabled = on;
        m_model.setDraft(row, changed);
        if (row == selectedRow()) showSelected();
        return;
    }
    next.guardrails[static_cast<std::size_t>(row)].enabled = on;
    applyConfig(next, on ? tr("%1 is on").arg(qs(id.text)) : tr("%1 is off").arg(qs(id.text)));
}

void GuardrailsPage::moveBy(int step)
{
    move(selectedRow(), selectedRow() + step);
}

void GuardrailsPage::move(int from, int to)
{
    gateway::Config next = *m_context.link.config();
    auto& rules = next.guardrails;
    const int count = static_cast<int>(rules.size()); // New ones have no place yet.
    if (from == to || from < 0 || to < 0 || from >= count || to >= count) return;
    const gateway::GuardrailConfig moved = rules[static_cast<std::size_t>(from)];
    rules.erase(rules.begin() + from);
    rules.insert(rules.begin() + to, moved);
    applyConfig(next, tr("%1 was moved").arg(qs(moved.id.text)));
}

void GuardrailsPage::apply()
{
    const int row = selectedRow();
    const gateway::GuardrailConfig* draft = m_model.draftAt(row);
    if (draft == nullptr) return;
    const gateway::Config next = m_model.configWith(row);
    const gateway::GuardrailId id = draft->id;
    const auto settle = [this, applied = *draft] {
        const int now = m_model.rowOf(applied.id);
        const gateway::GuardrailConfig* present = m_model.draftAt(now);
        if (present == nullptr || *present != applied || m_model.isNew(now)) return;
        m_model.discard(now); // It may be written otherwise in the configuration: that counts.
        showSelected();
    };
    applyConfig(next, tr("%1 is in force").arg(qs(id.text)), settle);
}

void GuardrailsPage::revert()
{
    const int row = selectedRow();
    const gateway::GuardrailConfig* draft = m_model.draftAt(row);
    if (draft == nullptr) return;
    const gateway::GuardrailConfig before = *draft;
    const bool wasNew = m_model.isNew(row);
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
    emit toastWanted({text.arg(qs(before.id.text)), tr("Undo"), undo, false, true});
}

void GuardrailsPage::duplicate()
{
    const gateway::GuardrailConfig* draft = m_model.draftAt(selectedRow());
    if (draft != nullptr) begin(*draft);
}

void GuardrailsPage::remove()
{
    const int row = selectedRow();
    if (m_model.draftAt(row) == nullptr) return;
    if (m_model.isNew(row)) {
        revert();
        return;
    }
    gateway::Config next = *m_context.link.config();
    const std::string name = next.guardrails[static_cast<std::size_t>(row)].id.text;
    next.guardrails.erase(next.guardrails.begin() + row);
    for (gateway::RouteConfig& route : next.routes) {
        std::erase(route.guardrails, name);
    }
    applyConfig(next, tr("%1 was deleted").arg(qs(name)));
}

void GuardrailsPage::applyConfig(const gateway::Config& next, const QString& done,
                                 const std::function<void()>& then)
{
    const auto before = m_context.link.config();
    const auto undo = [this, before] {
        gateway::Config back = *m_context.link.config();
        back.guardrails = before->guardrails;
        for (gateway::RouteConfig& route : back.routes) {
            const gateway::RouteConfig* old = before->findRoute(route.id.text);
            if (old != nullptr) route.guardrails = old->guardrails;
        }
        whenDone(m_context.link.apply(back), this, [this](const GatewayLink::Problems& problems) {
            const QString refused = problemText(problems);
            emit toastWanted({refused.isEmpty() ? tr("Undone") : refused, {}, {}, !refused.isEmpty()});
        });
    };
    m_editor->setBusy(true);
    const auto refuse = [this](const QString& problem) {
        m_editor->setBusy(false);
        emit toastWanted({problem, {}, {}, true});
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
            emit toastWanted({done, tr("Undo"), undo, false, true});
        },
        [refuse] { refuse(tr("The gateway is shutting down; nothing was changed.")); });
}

} // namespace ui
