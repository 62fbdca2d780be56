// SPDX-License-Identifier: GPL-3.0-or-later
#include "main_window.h"

#include <QAction>
#include <QApplication>
#include <QCloseEvent>
#include <QHBoxLayout>
#include <QMenu>
#include <QPushButton>
#include <QStackedWidget>
#include <QSystemTrayIcon>
#include <QVBoxLayout>

#include "dialogs/key_shown_dialog.h"
#include "dialogs/question_dialog.h"
#include "models/snippets.h"
#include "models/trial_text.h"
#include "models/when_done.h"
#include "pages/page_table.h"
#include "side_bar.h"
#include "theme/icons.h"
#include "widgets/banner_strip.h"
#include "widgets/build.h"
#include "widgets/clipboard.h"
#include "widgets/endpoint_chip.h"
#include "widgets/question_strip.h"

namespace ui {
namespace {

const QString kTrialModel = QStringLiteral("sandbox/echo");

} // namespace

MainWindow::MainWindow(GatewayLink& link, Preferences& preferences, QWidget* parent)
    : QMainWindow(parent)
    , m_link(link)
    , m_preferences(preferences)
    , m_status(link)
    , m_inbox(link, preferences)
    , m_changes(link)
{
    setWindowTitle(QStringLiteral("Turnpike"));
    setWindowIcon(applicationIcon());
    setMinimumSize(1000, 640);
    buildActions();
    buildCopyActions();
    buildPageActions();

    auto* root = new QWidget;
    auto* side = new QHBoxLayout(root);
    side->setContentsMargins(0, 0, 0, 0);
    side->setSpacing(0);
    m_sideBar = new SideBar(m_status, m_inbox);
    side->addWidget(m_sideBar);
    auto* main = new QWidget;
    main->setObjectName(QStringLiteral("pageStack"));
    main->setAttribute(Qt::WA_StyledBackground);
    auto* lines = column(main, {}, 0);
    lines->addWidget(buildTopBar());
    m_banner = new BannerStrip;
    lines->addWidget(m_banner);
    auto* questions = new QuestionStrip(link);
    lines->addWidget(questions);
    m_stack = new QStackedWidget;
    lines->addWidget(m_stack, 1);
    m_toast = new Toast;
    lines->addWidget(m_toast);
    side->addWidget(main, 1);
    setCentralWidget(root);

    connect(m_sideBar, &SideBar::pageChosen, this, [this](const QString& id) { openPage(id); });
    connect(m_sideBar, &SideBar::themeToggled, this, &MainWindow::toggleTheme);
    connect(m_sideBar, &SideBar::foldToggled, m_actions.foldSideBar, &QAction::trigger);
    connect(m_sideBar, &SideBar::budgetsWanted, this,
            [this] { openPage(QStringLiteral("keys"), QStringLiteral("budgets")); });
    connect(questions, &QuestionStrip::detailsWanted, this, &MainWindow::showQuestion);
    connect(questions, &QuestionStrip::toastWanted, m_toast, &Toast::showText);
    connect(m_banner, &BannerStrip::actionWanted, this, &MainWindow::runNotice);
    connect(m_banner, &BannerStrip::dismissed, &m_status, &GatewayStatus::dismiss);
    connect(&m_status, &GatewayStatus::changed, this, &MainWindow::showStatus);
    connect(&link, &GatewayLink::firstKeyMade, this, &MainWindow::showFirstKey);
    showStatus();
    restoreLook();
    openPage(QStringLiteral("home"));
    root->setFocus(); // Else the first entry of the side bar shows a focus ring from the start.
}

MainWindow::~MainWindow() = default;

void MainWindow::buildActions()
{
    const auto add = [this](const QString& text, const QKeySequence& keys, auto slot) {
        auto* action = new QAction(text, this);
        action->setShortcut(keys);
        connect(action, &QAction::triggered, this, slot);
        addAction(action);
        return action;
    };
    m_actions.pause = add(tr("Pause"), Qt::CTRL | Qt::SHIFT | Qt::Key_P, &MainWindow::togglePause);
    m_actions.pauseSpending = new QAction(tr("Pause all spending"), this);
    m_actions.pauseSpending->setCheckable(true);
    connect(m_actions.pauseSpending, &QAction::triggered, this, &MainWindow::pauseSpending);
    m_actions.copyKey = add(tr("Copy key"), {}, &MainWindow::copyKey);
    m_actions.sendTrial = add(tr("Send test request"), {}, &MainWindow::sendTrial);
    m_actions.refresh = add(tr("Refresh"), Qt::Key_F5, [this] { pageFor(m_currentPage)->refresh(); });
    m_actions.find = add(tr("Find"), QKeySequence::Find, [this] { pageFor(m_currentPage)->focusFind(); });
    add(tr("New"), QKeySequence::New, [this] { pageFor(m_currentPage)->addNew(); });
    m_actions.settings =
        add(tr("Settings"), Qt::CTRL | Qt::Key_Comma, [this] { openPage(QStringLiteral("settings")); });
    m_actions.foldSideBar = add(tr("Fold the side bar"), Qt::CTRL | Qt::Key_B, [this] {
        m_sideBar->setFolded(!m_sideBar->isFolded());
        m_preferences.setSideBarFolded(m_sideBar->isFolded());
    });
    add(tr("Undo"), QKeySequence::Undo, [this] { m_toast->undo(); });
    m_actions.quit = add(tr("Quit"), Qt::CTRL | Qt::Key_Q, &MainWindow::quitWanted);
}

void MainWindow::buildCopyActions()
{
    const auto copy = [this](const QString& text, const QString& done, auto content) {
        auto* action = new QAction(text, this);
        connect(action, &QAction::triggered, this, [this, done, content] {
            copyText(content(m_status.baseUrl()));
            m_toast->showText({done});
        });
        addAction(action);
        return action;
    };
    m_actions.copyBaseUrl =
        copy(tr("Copy endpoint"), tr("Base URL copied"), [](const QString& url) { return url; });
    m_actions.copyOpenAi = copy(tr("Copy OPENAI_BASE_URL=…"), tr("Line copied"), openAiBaseUrlLine);
    m_actions.copyAnthropic = copy(tr("Copy ANTHROPIC_BASE_URL=…"), tr("Line copied"), anthropicBaseUrlLine);
    m_actions.copyCurl = copy(tr("Copy curl test"), tr("Copied. Put the key into TURNPIKE_KEY first."),
                              [](const QString& url) { return snippetText(SnippetKind::Curl, url); });
}

void MainWindow::buildPageActions()
{
    int number = 0;
    for (const PageEntry& page : pageTable()) {
        auto* action = new QAction(page.title, this);
        if (page.section != PageSection::Foot) // Settings have Ctrl+comma; the tenth page has Ctrl+0.
            action->setShortcut(QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_0 + ++number % 10)));
        connect(action, &QAction::triggered, this, [this, id = page.id] { openPage(id); });
        addAction(action);
    }
}

QWidget* MainWindow::buildTopBar()
{
    QFrame* bar = makeFrame("topbar");
    bar->setFixedHeight(56);
    auto* line = new QHBoxLayout(bar);
    line->setContentsMargins(kPageMargin, 0, kPageMargin, 0);
    line->setSpacing(8);
    m_endpoint = new EndpointChip;
    connect(m_endpoint, &EndpointChip::copyWanted, m_actions.copyBaseUrl, &QAction::trigger);
    QMenu* menu = m_endpoint->menu();
    menu->addActions({m_actions.copyOpenAi, m_actions.copyAnthropic, m_actions.copyCurl, m_actions.copyKey});
    menu->addSeparator();
    menu->addAction(tr("Open server settings"), this,
                    [this] { openPage(QStringLiteral("settings"), QStringLiteral("server")); });
    m_pauseButton = makeButton(tr("Pa&use"), "ghost", QStringLiteral("pause"), "pauseButton");
    connect(m_pauseButton, &QPushButton::clicked, m_actions.pause, &QAction::trigger);
    line->addWidget(m_endpoint);
    line->addStretch();
    line->addWidget(m_pauseButton);
    return bar;
}

void MainWindow::restoreLook()
{
    resize(1280, 800);
    const QByteArray geometry = m_preferences.geometry();
    if (!geometry.isEmpty()) restoreGeometry(geometry);
    m_sideBar->setFolded(m_preferences.sideBarFolded());
}

Page* MainWindow::pageFor(const QString& id)
{
    if (Page* page = m_pages.value(id)) return page;
    for (const PageEntry& entry : pageTable()) {
        if (entry.id != id) continue;
        Page* page = entry.make({m_link, m_status, m_changes, m_preferences, m_inbox, m_actions.sendTrial,
                                 m_actions.copyKey, m_actions.pauseSpending});
        connect(page, &Page::toastWanted, m_toast, &Toast::showText);
        connect(page, &Page::pageWanted, this, &MainWindow::openPage);
        m_stack->addWidget(page);
        m_pages.insert(id, page);
        return page;
    }
    return nullptr;
}

void MainWindow::openPage(const QString& id, const QVariant& what)
{
    Page* page = pageFor(id);
    if (page == nullptr) return;
    m_currentPage = id;
    m_stack->setCurrentWidget(page);
    m_sideBar->setCurrent(id);
    if (what.isValid()) page->open(what);
}

void MainWindow::bringToFront()
{
    if (isMinimized()) showNormal();
    show();
    raise();
    activateWindow();
}

void MainWindow::showStatus()
{
    const bool paused = m_status.isPaused();
    const QString text = paused ? tr("Res&ume") : tr("Pa&use");
    m_endpoint->setEndpoint(m_status.baseUrl(), m_status.headline(), m_status.dotToken());
    m_actions.pause->setText(withoutMnemonic(text));
    m_actions.pause->setEnabled(m_status.canServe());
    m_pauseButton->setEnabled(m_status.canServe());
    m_actions.sendTrial->setEnabled(m_status.canServe() && !m_trialRuns);
    if (m_pauseButton->text() != text) {
        setButtonText(m_pauseButton, text);
        setLook(m_pauseButton, "kind", paused ? QStringLiteral("primary") : QStringLiteral("ghost"));
        const char* ink = paused ? "accentText" : "text"; // While it is paused, this is what one came for.
        setButtonIcon(m_pauseButton,
                      {paused ? QStringLiteral("play") : QStringLiteral("pause"), ink, ink, 16});
    }
    m_actions.pauseSpending->setChecked(m_status.isSpendingPaused());
    m_actions.pauseSpending->setEnabled(m_status.canServe());
    m_banner->setNotice(m_status.notice());
}

void MainWindow::togglePause()
{
    if (m_status.isPaused()) {
        m_link.resume();
    } else {
        m_link.pause();
    }
}

void MainWindow::pauseSpending(bool paused)
{
    const auto failed = [this](const QString& problem) {
        m_actions.pauseSpending->setChecked(m_status.isSpendingPaused());
        m_toast->showText({problem, {}, {}, true});
    };
    whenDone(
        m_link.pauseSpending(paused), this,
        [this, paused, failed](const GatewayLink::Problems& problems) {
            if (const QString problem = problemText(problems); !problem.isEmpty()) {
                failed(problem);
                return;
            }
            m_toast->showText({paused ? tr("Spending is paused") : tr("Spending goes on")});
        },
        [failed] { failed(tr("The gateway did not answer. Try again.")); });
}

void MainWindow::showQuestion(std::uint64_t id)
{
    const auto open = findChildren<QuestionDialog*>();
    for (QuestionDialog* dialog : open) {
        if (dialog->questionId() != id || !dialog->isVisible()) continue;
        dialog->raise();
        dialog->activateWindow();
        return;
    }
    auto* dialog = new QuestionDialog(m_link, id, this);
    dialog->show();
    dialog->raise();
}

void MainWindow::toggleTheme()
{
    const ThemeChoice choice = Theme::instance().isDark() ? ThemeChoice::Light : ThemeChoice::Dark;
    m_preferences.setTheme(choice);
    Theme::instance().apply(choice);
}

void MainWindow::copyKey()
{
    whenDone(m_link.readSecret(m_preferences.clientKeyName()), this, [this](const SecretAnswer& answer) {
        if (answer.secret.empty()) {
            m_toast->showText({tr("The key is not in the keychain. Make a new one."), tr("New key…"),
                               [this] { openPage(QStringLiteral("keys"), QStringLiteral("new-key")); },
                               true});
            return;
        }
        const std::string_view bytes = answer.secret.reveal();
        copyText(QString::fromLatin1(bytes.data(), static_cast<qsizetype>(bytes.size())));
        m_toast->showText({tr("Key copied")});
    });
}

void MainWindow::showFirstKey(const QString& keychainName)
{
    const gateway::Secret key = m_link.takeFirstKey();
    if (keychainName.isEmpty()) {
        auto* dialog = new KeyShownDialog(QStringLiteral("default"), key, this);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->open();
        return;
    }
    m_preferences.setClientKeyName(keychainName);
    m_toast->showText({tr("A key for your tools was made and put into the keychain."), tr("Copy key"),
                       [this] { copyKey(); }});
}

void MainWindow::sendTrial()
{
    m_trialRuns = true;
    m_actions.sendTrial->setEnabled(false);
    const auto finish = [this](const QString& text, bool bad) {
        m_trialRuns = false;
        m_actions.sendTrial->setEnabled(m_status.canServe());
        m_toast->showText({text, tr("Show"), [this] { openPage(QStringLiteral("requests")); }, bad});
    };
    whenDone(
        m_link.sendTrial(kTrialModel, tr("Hello from Turnpike")), this,
        [finish](const gateway::TrialAnswer& answer) { finish(trialText(kTrialModel, answer), !answer.ok); },
        [finish] { finish(tr("The test request was not answered."), true); });
}

void MainWindow::runNotice(const Notice& notice)
{
    switch (notice.action) {
    case NoticeAction::OpenServerSettings:
        openPage(QStringLiteral("settings"), QStringLiteral("server"));
        break;
    case NoticeAction::OpenConfigSettings:
        openPage(QStringLiteral("settings"), QStringLiteral("config"));
        break;
    case NoticeAction::OpenProvider:
        openPage(QStringLiteral("providers"), notice.what);
        break;
    case NoticeAction::ResumeSpending:
        pauseSpending(false);
        break;
    case NoticeAction::ReadAgain:
        m_link.reload();
        break;
    case NoticeAction::Undecided:
        break;
    }
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    m_preferences.setGeometry(saveGeometry());
    event->ignore();
    // Asked anew each time: a tray can go away, and a hidden window without one could never be found again.
    if (m_trayPresent && QSystemTrayIcon::isSystemTrayAvailable() && m_preferences.closeToTray()) {
        hide();
    } else {
        emit quitWanted();
    }
}

} // namespace ui
