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
#include "models/when_done.h"
#include "pages/provider_detail.h"
#include "widgets/build.h"
#include "widgets/empty_state.h"
#include "widgets/item_view_manners.h"
#include "widgets/provider_row_delegate.h"

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
    : Page(parent), m_context(context), m_model(context.link)
{
    QVBoxLayout* all = pageLayout();
    const Header header =
        makeHeader(tr("Providers"), tr("Whose models your tools can call, and with which keys"));
    m_add = makeButton(tr("&Add provider"), "primary", QStringLiteral("plus"), "addProviderButton");
    connect(m_add, &QPushButton::clicked, this, &ProvidersPage::addProvider);
    header.layout->addWidget(m_add);
    all->addLayout(header.layout);

    m_stack = new QStackedWidget;
    auto* both = new QWidget;
    both->setProperty("role", QStringLiteral("clear"));
    auto* side = new QHBoxLayout(both);
    side->setContentsMargins(0, 0, 0, 0);
    side->setSpacing(kCardGap);
    side->addWidget(buildList());
    m_detail = new ProviderDetail;
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

    connect(m_empty, &EmptyState::actionClicked, this, &ProvidersPage::addProvider);
    connect(m_detail, &ProviderDetail::testWanted, this, &ProvidersPage::testProvider);
    connect(m_detail, &ProviderDetail::testStopped, this, &ProvidersPage::stopTest);
    connect(m_detail, &ProviderDetail::addKeyWanted, this, &ProvidersPage::addKey);
    connect(m_detail, &ProviderDetail::removeKeyWanted, this, &ProvidersPage::removeKey);
    connect(m_detail, &ProviderDetail::removeWanted, this, &ProvidersPage::removeProvider);
    connect(&m_model, &QAbstractItemModel::modelReset, this, &ProvidersPage::showState);
    connect(&m_model, &QAbstractItemModel::dataChanged, this, &ProvidersPage::showSelected);
    showState();
}

QWidget* ProvidersPage::buildList()
{
    QFrame* card = makeFrame("card");
    card->setFixedWidth(kListWidth);
    auto* inside = column(card, {8, 8, 8, 8}, 0);
    m_list = new QListView;
    m_list->setObjectName(QStringLiteral("providersList"));
    m_list->setAccessibleName(tr("Providers"));
    m_list->setModel(&m_model);
    m_list->setItemDelegate(new ProviderRowDelegate(m_list));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    new ItemViewManners(m_list);
    inside->addWidget(m_list);
    auto* remove = new QShortcut(QKeySequence::Delete, m_list);
    remove->setContext(Qt::WidgetShortcut);
    connect(remove, &QShortcut::activated, this, &ProvidersPage::removeProvider);
    connect(m_list->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &ProvidersPage::showSelected);
    return card;
}

void ProvidersPage::refresh()
{
    m_context.link.reload();
    showSelected();
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
    if (empty) return;
    const int before = m_model.rowOf(m_detail->provider());
    m_list->setCurrentIndex(m_model.index(before < 0 ? 0 : before));
    showSelected();
}

void ProvidersPage::showSelected()
{
    const gateway::ProviderConfig* provider = m_model.providerAt(m_list->currentIndex().row());
    if (provider != nullptr) m_detail->setProvider(*provider, m_model.healthOf(provider->id));
}

void ProvidersPage::addProvider()
{
    auto* dialog = new AddProviderDialog(surroundingsOf(m_context.link), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &AddProviderDialog::submitted, this,
            [this, dialog](const ProviderDraft& draft) { runDraft(dialog, draft); });
    connect(dialog, &AddProviderDialog::testWanted, this,
            [this, dialog](const ProviderDraft& draft) { testDraft(dialog, draft); });
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
            if (!problem.isEmpty()) m_detail->showResult(problem, false);
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
                m_detail->showResult(problem, false);
            } else {
                emit toastWanted({tr("%1 was removed").arg(name)});
            }
        });
    });
    dialog->open();
}

void ProvidersPage::testProvider()
{
    stopTest();
    m_detail->showTesting();
    const int number = m_testNumber;
    const auto waited = [this, number] { return number == m_testNumber && m_detail->isTesting(); };
    m_test = m_context.link.testProvider(selectedId());
    whenDone(
        m_test, this,
        [this, waited](const gateway::ProviderTest& test) {
            if (waited() && m_detail->provider() == test.provider) m_detail->showTest(test);
        },
        [this, waited] {
            if (waited()) m_detail->showResult(tr("The test was not finished."), false);
        });
}

void ProvidersPage::stopTest()
{
    ++m_testNumber;
    m_test.cancel();
}

} // namespace ui
