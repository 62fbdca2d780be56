// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/providers_page.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QPointer>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "dialogs/add_key_dialog.h"
#include "dialogs/add_provider_dialog.h"
#include "dialogs/confirm_dialog.h"
#include "models/when_done.h"
#include "pages/provider_detail.h"
#include "widgets/build.h"
#include "widgets/empty_state.h"
#include "widgets/provider_row_delegate.h"

namespace ui {
namespace {

constexpr int kListWidth = 236;

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
    QPushButton* add = makeButton(tr("Add provider"), "primary", QStringLiteral("plus"), "addProviderButton");
    connect(add, &QPushButton::clicked, this, &ProvidersPage::addProvider);
    header.layout->addWidget(add);
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
    m_empty->setAction(tr("Add provider"), QStringLiteral("plus"));
    inCard->addWidget(m_empty);
    m_stack->addWidget(card);
    all->addWidget(m_stack, 1);

    connect(m_empty, &EmptyState::actionClicked, this, &ProvidersPage::addProvider);
    connect(m_detail, &ProviderDetail::testWanted, this, &ProvidersPage::testProvider);
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
    inside->addWidget(m_list);
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
    if (what.toString() == QLatin1String("add")) addProvider();
}

gateway::ProviderId ProvidersPage::selectedId() const
{
    const gateway::ProviderConfig* provider = m_model.providerAt(m_list->currentIndex().row());
    return provider == nullptr ? gateway::ProviderId{} : provider->id;
}

void ProvidersPage::showState()
{
    m_stack->setCurrentIndex(m_model.rowCount() == 0 ? 1 : 0);
    if (m_model.rowCount() == 0) return;
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
            emit toastWanted({tr("%1 was added").arg(QString::fromStdString(id.text)), {}, {}, false});
        });
}

void ProvidersPage::testDraft(AddProviderDialog* dialog, const ProviderDraft& draft)
{
    whenDone(
        m_context.link.testProviderWith(draft.provider, draft.key), dialog,
        [dialog](const gateway::ProviderTest& test) { dialog->showTest(test); },
        [dialog] { dialog->showProblem(tr("The test was not finished.")); });
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
                                                 emit toastWanted({tr("Key added"), {}, {}, false});
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
                           tr("Remove")},
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
         tr("Remove")},
        this);
    connect(dialog, &QDialog::accepted, this, [this, id, name] {
        m_context.changes.removeProvider(id, [this, name](const QString& problem) {
            if (!problem.isEmpty()) {
                m_detail->showResult(problem, false);
            } else {
                emit toastWanted({tr("%1 was removed").arg(name), {}, {}, false});
            }
        });
    });
    dialog->open();
}

void ProvidersPage::testProvider()
{
    const gateway::ProviderId id = selectedId();
    m_detail->showTesting();
    whenDone(
        m_context.link.testProvider(id), this,
        [this, id](const gateway::ProviderTest& test) {
            if (m_detail->provider() == id) m_detail->showTest(test);
        },
        [this] { m_detail->showResult(tr("The test was not finished."), false); });
}

} // namespace ui
