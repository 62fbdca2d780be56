// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/providers_page.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QPointer>
#include <QPushButton>
#include <QShortcut>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "dialogs/add_key_dialog.h"
#include "dialogs/add_provider_dialog.h"
#include "dialogs/confirm_dialog.h"
#include "models/config_edit.h"
#include "models/when_done.h"
#include "pages/provider_detail.h"
#include "pages/server_adding.h"
#include "theme/icons.h"
#include "widgets/build.h"
#include "widgets/empty_state.h"
#include "widgets/found_servers.h"
#include "widgets/side_list.h"

namespace ui {
namespace {

constexpr int kListWidth = 208;

AddProviderDialog::Surroundings surroundingsOf(GatewayLink& link)
{
    const gateway::ActivitySnapshot& activity = link.activity();
    AddProviderDialog::Surroundings around;
    around.presets = link.presets();
    around.recognize = [&link](const QString& key) {
        std::vector<std::string> ids;
        for (const gateway::ProviderPreset* preset : link.presetsForKey(key)) {
            ids.push_back(preset->id);
        }
        return ids;
    };
    around.config = link.config();
    around.keychainProblem = QString::fromStdString(activity.keychainProblem);
    around.keychainUsable = activity.keychain != gateway::KeychainState::Unavailable;
    return around;
}

} // namespace

ProvidersPage::ProvidersPage(const PageContext& context, QWidget* parent)
    : Page(parent), m_context(context), m_model(context.link), m_tests(context.link)
{
    QVBoxLayout* all = pageLayout();
    buildHeader(all);
    m_found = new FoundServers(context.link, FoundServers::WhenNone::Explain);
    all->addWidget(m_found);
    buildBody(all);
    connect(m_found, &FoundServers::addWanted, this, &ProvidersPage::addServer);
    connect(m_empty, &EmptyState::actionClicked, this, &ProvidersPage::addProvider);
    bindDetail();
    bindTests();
    connect(&m_model, &QAbstractItemModel::modelReset, this, &ProvidersPage::showState);
    connect(&m_model, &QAbstractItemModel::dataChanged, this, &ProvidersPage::showSelected);
    showState();
    showProgress();
}

void ProvidersPage::buildHeader(QVBoxLayout* all)
{
    const Header header = makeHeader(tr("Providers"), tr("Whose models your tools can call"));
    m_find = makeButton(tr("&Find local servers"), "ghost", QStringLiteral("search"), "findServersButton");
    m_find->setToolTip(tr("Looks for Ollama, LM Studio, vLLM, llama.cpp and others on this computer"));
    m_testAll = makeButton(tr("Test a&ll"), "ghost", QStringLiteral("plug"), "testAllButton");
    m_add = makeButton(tr("&Add provider"), "primary", QStringLiteral("plus"), "addProviderButton");
    connect(m_add, &QPushButton::clicked, this, &ProvidersPage::addProvider);
    connect(m_testAll, &QPushButton::clicked, this, &ProvidersPage::testAll);
    connect(m_find, &QPushButton::clicked, this, [this] { m_found->look(); });
    for (QPushButton* button : {m_find, m_testAll, m_add}) {
        header.layout->addWidget(button);
    }
    all->addLayout(header.layout);
}

void ProvidersPage::buildBody(QVBoxLayout* all)
{
    m_stack = new QStackedWidget;
    auto* both = new QWidget;
    both->setProperty("role", QStringLiteral("clear"));
    auto* side = new QHBoxLayout(both);
    side->setContentsMargins(0, 0, 0, 0);
    side->setSpacing(kCardGap);
    side->addWidget(buildList());
    m_detail = new ProviderDetail(m_context.link);
    side->addWidget(m_detail, 1);
    m_stack->addWidget(both);
    QFrame* card = makeFrame("card");
    auto* inCard = column(card, {}, 0);
    m_empty = new EmptyState;
    m_empty->setContent(
        QStringLiteral("key-round"), tr("No providers yet"),
        tr("Paste a key from OpenAI, Anthropic or another provider, or point to a model server on "
           "this computer. Keys are kept in the system keychain."));
    m_empty->setAction(tr("&Add provider"), QStringLiteral("plus"));
    inCard->addWidget(m_empty);
    m_stack->addWidget(card);
    all->addWidget(m_stack, 1);
}

void ProvidersPage::bindDetail()
{
    connect(m_detail, &ProviderDetail::testWanted, this, [this] { m_tests.test(selectedId()); });
    connect(m_detail, &ProviderDetail::testStopped, this, [this] { m_tests.stop(selectedId()); });
    connect(m_detail, &ProviderDetail::testKeyWanted, this,
            [this](const gateway::ProviderKeyId& key) { m_tests.testKey(selectedId(), key); });
    connect(m_detail, &ProviderDetail::addKeyWanted, this, &ProvidersPage::addKey);
    connect(m_detail, &ProviderDetail::removeKeyWanted, this, &ProvidersPage::removeKey);
    connect(m_detail, &ProviderDetail::removeWanted, this, &ProvidersPage::removeProvider);
    connect(m_detail, &ProviderDetail::changeWanted, this, &ProvidersPage::changeProvider);
    connect(m_detail, &ProviderDetail::requestWanted, this, [this](std::int64_t id) {
        emit pageWanted(QStringLiteral("requests"), QVariant::fromValue(static_cast<qlonglong>(id)));
    });
}

void ProvidersPage::bindTests()
{
    connect(&m_tests, &ProviderTests::changed, this, &ProvidersPage::showTest);
    connect(&m_tests, &ProviderTests::progressed, this, &ProvidersPage::showProgress);
    connect(&m_tests, &ProviderTests::allTested, this, [this](int good, const QStringList& failed) {
        if (failed.isEmpty()) {
            emit toastWanted({tr("%Ln provider(s) answered", nullptr, good)});
        } else {
            emit toastWanted(
                {tr("No good answer from %1").arg(failed.join(QStringLiteral(", "))), {}, {}, true});
        }
    });
}

void ProvidersPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    if (m_model.rowCount() == 0 && !m_found->servers().hasLooked()) m_found->look();
}

QWidget* ProvidersPage::buildList()
{
    const SideList side = makeSideList(m_model, tr("Providers"), "providersList", kListWidth);
    m_list = side.list;
    auto* remove = new QShortcut(QKeySequence::Delete, m_list);
    remove->setContext(Qt::WidgetShortcut);
    connect(remove, &QShortcut::activated, this, &ProvidersPage::removeProvider);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &ProvidersPage::showSelected);
    return side.card;
}

void ProvidersPage::refresh()
{
    m_context.link.reload();
    showSelected();
    m_detail->refresh();
}

void ProvidersPage::open(const QVariant& what)
{
    const QString place = what.toString();
    if (place == QLatin1String("add")) {
        addProvider();
        return;
    }
    const int row = m_model.rowOf(gateway::ProviderId(place.toStdString()));
    if (row >= 0) m_list->setCurrentIndex(m_model.index(row));
}

gateway::ProviderId ProvidersPage::selectedId() const
{
    const gateway::ProviderConfig* provider = m_model.providerAt(m_list->currentIndex().row());
    return provider == nullptr ? gateway::ProviderId{} : provider->id;
}

void ProvidersPage::showState()
{
    const bool empty = m_model.rowCount() == 0;
    m_stack->setCurrentIndex(empty ? 1 : 0);
    m_add->setVisible(!empty); // The empty page has its own.
    m_testAll->setVisible(!empty);
    if (empty) return;
    const int before = m_model.rowOf(m_detail->provider());
    m_list->setCurrentIndex(m_model.index(before < 0 ? 0 : before));
    showSelected();
}

void ProvidersPage::showSelected()
{
    const gateway::ProviderConfig* provider = m_model.providerAt(m_list->currentIndex().row());
    if (provider == nullptr) return;
    const bool other = provider->id != m_detail->provider();
    m_detail->setProvider(*provider, m_model.healthOf(provider->id));
    if (other) m_detail->showTest(m_tests.noteOf(provider->id));
}

void ProvidersPage::addProvider()
{
    auto* dialog = new AddProviderDialog(surroundingsOf(m_context.link), this);
    dialog->showServers(m_context.link);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &AddProviderDialog::submitted, this,
            [this, dialog](const ProviderDraft& draft) { runDraft(dialog, draft); });
    connect(dialog, &AddProviderDialog::testWanted, this,
            [this, dialog](const ProviderDraft& draft) { testDraft(dialog, draft); });
    connect(dialog, &AddProviderDialog::serverWanted, this, [this, dialog](const FoundServer& server) {
        dialog->accept();
        addServer(server);
    });
    dialog->open();
}

void ProvidersPage::runDraft(AddProviderDialog* dialog, const ProviderDraft& draft)
{
    m_context.changes.addProvider(
        draft, [this, alive = QPointer(dialog), id = draft.provider.id](const QString& problem) {
            if (!problem.isEmpty()) {
                if (alive) alive->showProblem(problem);
                return;
            }
            if (alive) alive->accept();
            const int row = m_model.rowOf(id);
            if (row >= 0) m_list->setCurrentIndex(m_model.index(row));
            emit toastWanted({tr("%1 was added").arg(QString::fromStdString(id.text))});
        });
}

void ProvidersPage::testDraft(AddProviderDialog* dialog, const ProviderDraft& draft)
{
    QFuture<gateway::ProviderTest> answer = m_context.link.testProviderWith(draft.provider, draft.key);
    const auto waiting = std::make_shared<bool>(true); // Another test may be under way when this one ends.
    connect(dialog, &AddProviderDialog::testStopped, dialog, [answer, waiting]() mutable {
        *waiting = false;
        answer.cancel();
    });
    whenDone(
        answer, dialog,
        [dialog, waiting](const gateway::ProviderTest& test) {
            if (*waiting) dialog->showTest(test);
        },
        [dialog, waiting] {
            if (*waiting) dialog->showUnfinishedTest();
        });
}

void ProvidersPage::addKey()
{
    const gateway::ProviderConfig* provider = m_model.providerAt(m_list->currentIndex().row());
    if (provider == nullptr) return;
    const auto around = surroundingsOf(m_context.link);
    auto* dialog = new AddKeyDialog(*provider, around.keychainUsable, around.keychainProblem, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(
        dialog, &AddKeyDialog::submitted, this,
        [this, dialog, id = provider->id](const gateway::ProviderKey& key, const gateway::Secret& secret) {
            m_context.changes.addProviderKey(id, key, secret,
                                             [this, alive = QPointer(dialog)](const QString& problem) {
                                                 if (alive && !problem.isEmpty()) alive->showProblem(problem);
                                                 if (!problem.isEmpty()) return;
                                                 if (alive) alive->accept();
                                                 emit toastWanted({tr("Key added")});
                                             });
        });
    dialog->open();
}

void ProvidersPage::removeKey(const gateway::ProviderKeyId& key)
{
    const gateway::ProviderId id = selectedId();
    auto* dialog =
        new ConfirmDialog({tr("Remove key"),
                           tr("Remove the key %1 of %2? It is also deleted from the keychain.")
                               .arg(QString::fromStdString(key.text), QString::fromStdString(id.text)),
                           tr("&Remove")},
                          this);
    connect(dialog, &QDialog::accepted, this, [this, id, key] {
        m_context.changes.removeProviderKey(id, key, [this](const QString& problem) {
            if (!problem.isEmpty()) m_detail->showProblem(problem);
        });
    });
    dialog->open();
}

void ProvidersPage::removeProvider()
{
    const gateway::ProviderId id = selectedId();
    const QString name = QString::fromStdString(id.text);
    auto* dialog = new ConfirmDialog(
        {tr("Remove provider"),
         tr("Remove %1? Its models can no longer be called and its keys are deleted from the keychain.")
             .arg(name),
         tr("&Remove")},
        this);
    connect(dialog, &QDialog::accepted, this, [this, id, name] {
        m_context.changes.removeProvider(id, [this, name](const QString& problem) {
            if (!problem.isEmpty()) {
                m_detail->showProblem(problem);
            } else {
                emit toastWanted({tr("%1 was removed").arg(name)});
            }
        });
    });
    dialog->open();
}

void ProvidersPage::changeProvider(const gateway::ProviderConfig& next, const QString& done)
{
    const auto config = m_context.link.config();
    const gateway::ProviderConfig* present = config->findProvider(next.id.text);
    if (present == nullptr) return;
    whenDone(
        m_context.link.apply(withProvider(*config, next)), this,
        [this, before = *present, done](const GatewayLink::Problems& problems) {
            if (!problemText(problems).isEmpty()) {
                showSelected(); // Back to what is in force.
                m_detail->showProblems(problems);
                return;
            }
            emit toastWanted(
                {done, tr("Undo"), [this, before] { changeProvider(before, tr("Undone")); }, false, true});
        },
        [this] { m_detail->showProblem(tr("The gateway is shutting down; nothing was changed.")); });
}

void ProvidersPage::addServer(const FoundServer& server)
{
    addFoundServer(
        m_context.changes, server, [this](const ToastText& text) { emit toastWanted(text); },
        [this, id = server.provider.id] {
            const int row = m_model.rowOf(id);
            if (row >= 0) m_list->setCurrentIndex(m_model.index(row));
        });
}

void ProvidersPage::testAll()
{
    if (m_tests.isTestingAll()) {
        m_tests.stopAll();
        return;
    }
    std::vector<gateway::ProviderId> all;
    for (int row = 0; row < m_model.rowCount(); ++row) {
        all.push_back(m_model.providerAt(row)->id);
    }
    m_tests.testAll(all);
}

void ProvidersPage::showProgress()
{
    const bool testing = m_tests.isTestingAll();
    setButtonText(m_testAll, testing ? tr("Stop, %1 of %2").arg(m_tests.tested()).arg(m_tests.total())
                                     : tr("Test a&ll"));
    setButtonIcon(m_testAll, {testing ? QStringLiteral("x") : QStringLiteral("plug"), "text", "text", 16});
}

void ProvidersPage::showTest(const gateway::ProviderId& provider)
{
    if (provider == m_detail->provider()) m_detail->showTest(m_tests.noteOf(provider));
}

} // namespace ui
