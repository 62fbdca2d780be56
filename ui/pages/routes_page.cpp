// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/routes_page.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QShortcut>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "dialogs/add_route_dialog.h"
#include "models/when_done.h"
#include "pages/route_editor.h"
#include "pages/route_gallery.h"
#include "pages/route_importing.h"
#include "widgets/build.h"
#include "widgets/side_list.h"

namespace ui {
namespace {

constexpr int kListWidth = 224;
constexpr const char* kSandbox = "sandbox"; // A provider that is always there.

QString nameOf(const gateway::RouteId& id)
{
    return QString::fromStdString(id.text);
}

std::size_t placeOf(const gateway::Config& config, const gateway::RouteId& id)
{
    const auto found = std::find_if(config.routes.begin(), config.routes.end(),
                                    [&](const gateway::RouteConfig& route) { return route.id == id; });
    return static_cast<std::size_t>(found - config.routes.begin());
}

} // namespace

RoutesPage::RoutesPage(const PageContext& context, QWidget* parent)
    : Page(parent), m_context(context), m_model(context.link), m_traffic(context.link)
{
    QVBoxLayout* all = pageLayout();
    const Header header = makeHeader(tr("Routes"), tr("Model names of your own, and where they lead"));
    m_add = makeButton(tr("&Add route"), "primary", QStringLiteral("plus"), "addRouteButton");
    connect(m_add, &QPushButton::clicked, this, &RoutesPage::addNew);
    QPushButton* import =
        makeButton(tr("&Import…"), "ghost", QStringLiteral("download"), "importRoutesButton");
    import->setToolTip(tr("Takes over the routes of LiteLLM, Portkey, Cloudflare or claude-code-router"));
    m_importing = new RouteImporting(context.link, context.changes, this);
    connect(import, &QPushButton::clicked, m_importing, &RouteImporting::open);
    connect(m_importing, &RouteImporting::toastWanted, this, &Page::toastWanted);
    header.layout->addWidget(import);
    header.layout->addWidget(m_add);
    all->addLayout(header.layout);
    buildBody(all);
    bindEditor();
    connect(&m_model, &QAbstractItemModel::modelReset, this, &RoutesPage::showState);
    connect(&m_model, &QAbstractItemModel::rowsInserted, this, &RoutesPage::showState);
    connect(&m_model, &QAbstractItemModel::rowsRemoved, this, &RoutesPage::showState);
    connect(&context.link, &GatewayLink::configChanged, this, [this] {
        showSelected();
        readModels();
        readVersions();
    });
    connect(&context.link, &GatewayLink::activityChanged, this, &RoutesPage::showTraffic);
    connect(&m_traffic, &RouteTraffic::changed, this, &RoutesPage::showTraffic);
    showState();
    readModels();
}

void RoutesPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    m_model.setActive(true);
    m_traffic.setActive(true);
    showTraffic();
}

void RoutesPage::hideEvent(QHideEvent* event)
{
    Page::hideEvent(event);
    m_model.setActive(false);
    m_traffic.setActive(false);
}

void RoutesPage::buildBody(QVBoxLayout* all)
{
    m_stack = new QStackedWidget;
    auto* both = new QWidget;
    both->setProperty("role", QStringLiteral("clear"));
    auto* side = new QHBoxLayout(both);
    side->setContentsMargins(0, 0, 0, 0);
    side->setSpacing(kCardGap);
    side->addWidget(buildList());
    m_editor = new RouteEditor(m_context.link);
    side->addWidget(m_editor, 1);
    m_stack->addWidget(both);
    auto* gallery = new RouteGallery;
    m_stack->addWidget(gallery);
    connect(gallery, &RouteGallery::chosen, this, [this](const QString& templateId) {
        const QString wanted = templateId.isEmpty() ? tr("auto") : templateId;
        begin(gateway::RouteId(freeRouteName(*m_context.link.config(), wanted).toStdString()), templateId);
    });
    all->addWidget(m_stack, 1);
}

QWidget* RoutesPage::buildList()
{
    const SideList side = makeSideList(m_model, tr("Routes"), "routesList", kListWidth);
    m_list = side.list;
    const auto onKey = [this](const QKeySequence& keys, auto slot) {
        auto* shortcut = new QShortcut(keys, m_list);
        shortcut->setContext(Qt::WidgetShortcut);
        connect(shortcut, &QShortcut::activated, this, slot);
    };
    onKey(QKeySequence::Delete, &RoutesPage::remove);
    onKey(Qt::Key_F2, &RoutesPage::rename);
    onKey(Qt::Key_Return, [this] { m_editor->focusFirst(); });
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this, &RoutesPage::showSelected);
    return side.card;
}

void RoutesPage::bindEditor()
{
    connect(m_editor, &RouteEditor::edited, this, &RoutesPage::onEdited);
    connect(m_editor, &RouteEditor::applyWanted, this, &RoutesPage::apply);
    connect(m_editor, &RouteEditor::revertWanted, this, &RoutesPage::revert);
    connect(m_editor, &RouteEditor::duplicateWanted, this, &RoutesPage::duplicate);
    connect(m_editor, &RouteEditor::renameWanted, this, &RoutesPage::rename);
    connect(m_editor, &RouteEditor::deleteWanted, this, &RoutesPage::remove);
    connect(m_editor, &RouteEditor::guardrailsWanted, this,
            [this] { emit pageWanted(QStringLiteral("guardrails"), {}); });
    connect(m_editor, &RouteEditor::versionsWanted, this, &RoutesPage::readVersions);
    connect(m_editor, &RouteEditor::rollBackWanted, this, &RoutesPage::rollBack);
}

void RoutesPage::refresh()
{
    m_context.link.reload();
    m_model.readShares();
    m_traffic.read();
    m_editor->refresh();
    readModels();
    readVersions();
}

void RoutesPage::open(const QVariant& what)
{
    const QString name = what.toString();
    if (name == QLatin1String("add")) {
        addNew();
        return;
    }
    const int row = m_model.rowOf(gateway::RouteId(name.toStdString()));
    if (row >= 0) select(row);
}

void RoutesPage::readModels()
{
    whenDone(m_context.link.models(), this, [this](const gateway::ModelTable& table) {
        m_models = table;
        showSelected();
    });
}

TargetChoices RoutesPage::choicesFor(const gateway::RouteId& id) const
{
    TargetChoices choices;
    const auto config = m_context.link.config();
    for (const gateway::ProviderConfig& provider : config->providers) {
        choices.providers.append(QString::fromStdString(provider.id.text));
        for (const gateway::ModelConfig& model : provider.models) {
            choices.models[provider.id.text].append(QString::fromStdString(model.name));
        }
    }
    if (config->findProvider(kSandbox) == nullptr) choices.providers.append(QLatin1String(kSandbox));
    choices.models[kSandbox] = {QStringLiteral("echo"), QStringLiteral("slow"), QStringLiteral("flaky"),
                                QStringLiteral("tools")};
    for (const gateway::ModelRow& row : m_models.rows) {
        QStringList& names = choices.models[row.provider.text];
        const QString name = QString::fromStdString(row.model);
        if (!names.contains(name)) names.append(name);
    }
    for (const gateway::RouteConfig& route : config->routes) {
        if (route.id != id) choices.routes.append(nameOf(route.id));
    }
    return choices;
}

int RoutesPage::selectedRow() const
{
    return m_list->currentIndex().row();
}

void RoutesPage::select(int row)
{
    m_list->setCurrentIndex(m_model.index(row));
}

void RoutesPage::showState()
{
    const bool empty = m_model.rowCount() == 0;
    m_stack->setCurrentIndex(empty ? 1 : 0);
    m_add->setVisible(!empty); // The gallery has its own ways to begin.
    if (empty) return;
    const int before = m_model.rowOf(m_editor->draft().id);
    select(before >= 0 ? before : std::clamp(selectedRow(), 0, m_model.rowCount() - 1));
    showSelected();
}

void RoutesPage::showSelected()
{
    const gateway::RouteConfig* draft = m_model.draftAt(selectedRow());
    if (draft == nullptr) return;
    const bool another = draft->id != m_editor->draft().id;
    m_editor->setRoute(*draft, choicesFor(draft->id));
    m_traffic.setRoute(draft->id);
    check();
    if (another) readVersions();
}

void RoutesPage::showTraffic()
{
    const gateway::ActivitySnapshot& activity = m_context.link.activity();
    if (isVisible()) m_editor->setState({activity.providers, activity.targets, m_traffic.use()});
}

void RoutesPage::readVersions()
{
    if (!m_editor->showsVersions()) return;
    const gateway::RouteId id = m_editor->draft().id;
    whenDone(m_context.link.routeVersions(id), this,
             [this, id](const std::vector<gateway::RouteVersion>& versions) {
                 if (m_editor->draft().id != id) return; // Another one was chosen meanwhile.
                 const gateway::RouteConfig* route = m_context.link.config()->findRoute(id.text);
                 m_editor->setVersions(versions,
                                       route == nullptr ? std::string() : gateway::routeText(*route));
             });
}

void RoutesPage::rollBack(const gateway::RouteConfig& route, const QString& when)
{
    const gateway::RouteConfig before = m_editor->draft();
    m_editor->take(route);
    const auto undo = [this, before] {
        const int row = m_model.rowOf(before.id);
        if (row < 0) return;
        m_model.setDraft(row, before);
        select(row);
        showSelected();
    };
    emit toastWanted({tr("The draft is what it was at %1. Apply puts it in force.").arg(when), tr("Undo"),
                      undo, false, true});
}

void RoutesPage::check()
{
    const int row = selectedRow();
    const gateway::Config config = m_model.configWith(row);
    m_editor->showState(m_model.isChanged(row), routeProblems(config, m_editor->draft()), config);
}

void RoutesPage::onEdited()
{
    m_model.setDraft(selectedRow(), m_editor->draft());
    check();
}

void RoutesPage::addNew()
{
    auto* dialog =
        new AddRouteDialog({tr("Add route"), tr("&Add"), *m_context.link.config(), m_model.newNames()}, this);
    connect(dialog, &RouteNameDialog::named, this, [this, dialog](const QString& name) {
        begin(gateway::RouteId(name.toStdString()), dialog->templateId());
    });
    dialog->open();
}

void RoutesPage::begin(const gateway::RouteId& id, const QString& templateId)
{
    addDraft(fromTemplate(templateId, id, *m_context.link.config(), m_models));
}

void RoutesPage::addDraft(const NewRoute& route)
{
    select(m_model.addNew(route));
    m_editor->focusFirst();
}

void RoutesPage::duplicate()
{
    const gateway::RouteConfig* from = m_model.draftAt(selectedRow());
    if (from == nullptr) return;
    NewRoute copy{*from, {}};
    copy.route.id = gateway::RouteId(
        freeRouteName(*m_context.link.config(), nameOf(from->id), m_model.newNames()).toStdString());
    addDraft(copy);
}

void RoutesPage::revert()
{
    const int row = selectedRow();
    const gateway::RouteConfig* draft = m_model.draftAt(row);
    if (draft == nullptr) return;
    const NewRoute before{*draft, m_model.aliasesAt(row)};
    const bool wasNew = m_model.isNew(row);
    m_model.discard(row);
    showSelected();
    const QString text = wasNew ? tr("%1 was discarded") : tr("%1 is as before");
    emit toastWanted({text.arg(nameOf(before.route.id)), tr("Undo"),
                      [this, before, wasNew] {
                          const int again = m_model.rowOf(before.route.id);
                          if (wasNew && again < 0) addDraft(before);
                          if (wasNew || again < 0) return;
                          m_model.setDraft(again, before.route);
                          select(again);
                          showSelected();
                      },
                      false, true});
}

void RoutesPage::apply()
{
    const int row = selectedRow();
    const gateway::RouteConfig* draft = m_model.draftAt(row);
    if (draft == nullptr) return;
    const auto config = m_context.link.config();
    const gateway::RouteConfig* present = config->findRoute(draft->id.text);
    const auto undo = [this, before = present == nullptr ? std::optional<gateway::RouteConfig>() : *present,
                       made = NewRoute{*draft, m_model.aliasesAt(row)}, aliases = config->aliases] {
        const auto now = m_context.link.config();
        if (before) {
            applyConfig(withRoute(*now, *before), {tr("Undone")});
            return;
        }
        gateway::Config next = withoutRoute(*now, made.route.id);
        next.aliases = aliases;
        applyConfig(next, {tr("Undone")}, [this, made] { addDraft(made); });
    };
    applyConfig(m_model.configWith(row),
                {tr("%1 is in force").arg(nameOf(draft->id)), tr("Undo"), undo, false, true},
                [this, applied = *draft] {
                    m_model.settle(applied);
                    showSelected();
                });
}

void RoutesPage::remove()
{
    const int row = selectedRow();
    if (m_model.isNew(row)) {
        revert();
        return;
    }
    const gateway::RouteConfig* draft = m_model.draftAt(row);
    if (draft == nullptr) return;
    const auto config = m_context.link.config();
    const gateway::RouteConfig before = *config->findRoute(draft->id.text);
    const auto undo = [this, before, place = placeOf(*config, before.id)] {
        applyConfig(withRoute(*m_context.link.config(), before, place), {tr("Undone")},
                    [this, id = before.id] { select(m_model.rowOf(id)); });
    };
    applyConfig(withoutRoute(*config, before.id),
                {tr("%1 was deleted").arg(nameOf(before.id)), tr("Undo"), undo, false, true});
}

void RoutesPage::rename()
{
    const gateway::RouteConfig* draft = m_model.draftAt(selectedRow());
    if (draft == nullptr) return;
    auto* dialog = new RouteNameDialog(
        {tr("Rename route"), tr("&Rename"), *m_context.link.config(), m_model.newNames()}, this);
    dialog->setName(nameOf(draft->id));
    connect(dialog, &RouteNameDialog::named, this, [this, from = draft->id](const QString& name) {
        renameTo(from, gateway::RouteId(name.toStdString()), tr("Renamed to %1").arg(name));
    });
    dialog->open();
}

void RoutesPage::renameTo(const gateway::RouteId& from, const gateway::RouteId& to, const QString& done)
{
    if (m_model.isNew(m_model.rowOf(from))) {
        m_model.renameIn(from, to);
        showSelected();
        return;
    }
    const auto undo = [this, from, to] { renameTo(to, from, tr("Undone")); };
    const auto applied = withRenamedRoute(*m_context.link.config(), from, to);
    m_model.renameIn(from, to); // First, so that what is not applied yet stays with its route.
    applyConfig(applied, {done, tr("Undo"), undo, false, true}, {},
                [this, from, to] { m_model.renameIn(to, from); });
}

void RoutesPage::applyConfig(const gateway::Config& next, const ToastText& done, const Then& then,
                             const Then& otherwise)
{
    m_editor->setBusy(true);
    const auto refuse = [this, otherwise](const QString& problem) {
        if (otherwise) otherwise();
        tell(problem);
    };
    whenDone(
        m_context.link.apply(next), this,
        [this, done, then, refuse](const GatewayLink::Problems& problems) {
            m_editor->setBusy(false);
            const QString refused = problemText(problems);
            if (!refused.isEmpty()) {
                refuse(refused);
                return;
            }
            if (then) then();
            emit toastWanted(done);
        },
        [this, refuse] {
            m_editor->setBusy(false);
            refuse(tr("The gateway is shutting down; nothing was changed."));
        });
}

void RoutesPage::tell(const QString& problem)
{
    if (m_model.rowCount() > 0) {
        m_editor->showProblem(problem);
    } else {
        emit toastWanted({problem, {}, {}, true});
    }
}

} // namespace ui
