// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/settings_page.h"

#include <QCheckBox>
#include <QCoreApplication>
#include <QDesktopServices>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSystemTrayIcon>
#include <QUrl>
#include <QVBoxLayout>

#include "pages/notification_settings.h"
#include "pages/server_settings.h"
#include "widgets/build.h"
#include "widgets/clipboard.h"
#include "widgets/page_scroll.h"
#include "widgets/segments.h"
#include "widgets/setting_row.h"

namespace ui {
namespace {

constexpr int kMostWidth = 860;

QVBoxLayout* cardColumn(QFrame* card, const QString& title)
{
    auto* all = column(card, {20, 16, 20, 10}, 0);
    all->addWidget(makeLabel(title, "h2"));
    all->addSpacing(4);
    return all;
}

void addRow(QVBoxLayout* all, QWidget* settingRow)
{
    if (all->count() > 2) all->addWidget(makeLine());
    all->addWidget(settingRow);
}

} // namespace

SettingsPage::SettingsPage(const PageContext& context, QWidget* parent) : Page(parent), m_context(context)
{
    auto* all = column(this, {0, 20, 0, 0}, kCardGap);
    Header header = makeHeader(tr("Settings"), tr("Changes apply at once"));
    header.layout->setContentsMargins(kPageMargin, 0, kPageMargin, 0);
    all->addLayout(header.layout);
    m_scroll = new PageScroll;
    auto* stack = column(m_scroll->content(), {}, kCardGap);
    stack->addWidget(buildGeneral());
    m_server = new ServerSettings(context.link);
    connect(m_server, &ServerSettings::toastWanted, this, &Page::toastWanted);
    stack->addWidget(m_server);
    m_notifications = new NotificationSettings(context.preferences);
    stack->addWidget(m_notifications);
    m_files = buildFiles();
    stack->addWidget(m_files);
    stack->addWidget(buildAbout());
    stack->addStretch();
    m_scroll->setMostWidth(kMostWidth, false);
    all->addWidget(m_scroll, 1);
    connect(&context.link, &GatewayLink::configChanged, this, &SettingsPage::showFiles);
    connect(&context.link, &GatewayLink::configRejected, this, &SettingsPage::showFiles);
    showFiles();
}

void SettingsPage::refresh()
{
    m_context.link.reload();
}

void SettingsPage::open(const QVariant& what)
{
    const QString place = what.toString();
    QWidget* target = nullptr;
    if (place == QLatin1String("server")) target = m_server;
    if (place == QLatin1String("notifications")) target = m_notifications;
    if (place == QLatin1String("config")) target = m_files;
    if (target != nullptr) m_scroll->ensureWidgetVisible(target, 0, kPageMargin);
}

QWidget* SettingsPage::buildGeneral()
{
    QFrame* card = makeFrame("card");
    QVBoxLayout* all = cardColumn(card, tr("General"));
    m_theme = new Segments(tr("Theme"), {tr("System"), tr("Light"), tr("Dark")});
    m_theme->setCurrent(static_cast<int>(m_context.preferences.theme()));
    connect(m_theme, &Segments::chosen, this, [this](int index) {
        const auto choice = static_cast<ThemeChoice>(index);
        m_context.preferences.setTheme(choice);
        Theme::instance().apply(choice);
    });
    connect(&Theme::instance(), &Theme::changed, m_theme,
            [this] { m_theme->setCurrent(static_cast<int>(Theme::instance().choice())); });
    addRow(all, new SettingRow(tr("Theme"), {}, m_theme));

    const bool tray = QSystemTrayIcon::isSystemTrayAvailable();
    m_closeToTray = new QCheckBox;
    m_closeToTray->setObjectName(QStringLiteral("closeToTrayCheckBox"));
    m_closeToTray->setAccessibleName(tr("Close to the tray"));
    m_closeToTray->setChecked(tray && m_context.preferences.closeToTray());
    m_closeToTray->setEnabled(tray);
    connect(m_closeToTray, &QCheckBox::toggled, this,
            [this](bool on) { m_context.preferences.setCloseToTray(on); });
    addRow(all, new SettingRow(tr("&Close to the tray"),
                               tray ? tr("Closing the window leaves the gateway running.")
                                    : tr("This desktop shows no tray, so closing the window quits."),
                               m_closeToTray));
    return card;
}

QWidget* SettingsPage::buildFiles()
{
    QFrame* card = makeFrame("card");
    QVBoxLayout* all = cardColumn(card, tr("Files"));
    const Places places = m_context.link.places();
    const auto addPlace = [this, all](const QString& title, const QString& path, const QString& folder,
                                      const QString& openName) {
        auto* controls = new QWidget;
        controls->setProperty("role", QStringLiteral("clear"));
        auto* line = new QHBoxLayout(controls);
        line->setContentsMargins(0, 0, 0, 0);
        line->setSpacing(8);
        QPushButton* copy =
            makeIconButton(QStringLiteral("copy"), tr("Copy the path of: %1").arg(title), "copyPathButton");
        connect(copy, &QPushButton::clicked, this, [this, path] {
            copyText(path);
            emit toastWanted({tr("Path copied")});
        });
        QPushButton* show =
            makeButton(tr("Open folder"), "ghost", QStringLiteral("external-link"), "openFolderButton");
        show->setAccessibleName(openName);
        connect(show, &QPushButton::clicked, this,
                [folder] { QDesktopServices::openUrl(QUrl::fromLocalFile(folder)); });
        line->addWidget(copy);
        line->addWidget(show);
        addRow(all, new SettingRow(title, path, controls));
    };
    addPlace(tr("Configuration"), places.configFile, QFileInfo(places.configFile).absolutePath(),
             tr("Open the folder of the configuration"));
    m_problems = makeParagraph({}, "muted");
    m_problems->setProperty("tone", QStringLiteral("bad"));
    m_problems->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_problems->setAccessibleDescription(QStringLiteral("config-problems"));
    m_problems->setContentsMargins(0, 0, 0, 10);
    all->addWidget(m_problems);
    addPlace(tr("Request log and other data"), places.dataFolder, places.dataFolder,
             tr("Open the folder of the data"));
    return card;
}

QWidget* SettingsPage::buildAbout()
{
    QFrame* card = makeFrame("card");
    QVBoxLayout* all = cardColumn(card, tr("About"));
    QLabel* version = makeLabel(QCoreApplication::applicationVersion(), "mono");
    version->setAccessibleDescription(QStringLiteral("version"));
    addRow(all, new SettingRow(tr("Turnpike"), tr("An LLM gateway for this computer"), version));
    QLabel* licence = makeLabel(QStringLiteral("GPL-3.0-or-later"), "mono");
    addRow(all, new SettingRow(
                    tr("Licence"),
                    tr("Free software, without any warranty. Icons: Lucide (ISC). Fonts: Inter, JetBrains "
                       "Mono (OFL 1.1). Built with Qt %1.")
                        .arg(QLatin1String(qVersion())),
                    licence));
    return card;
}

void SettingsPage::showFiles()
{
    QStringList lines;
    for (const gateway::ConfigProblem& problem : m_context.link.configProblems()) {
        QString line = QString::fromStdString(problem.path.empty() ? problem.message
                                                                   : problem.path + ": " + problem.message);
        if (problem.line > 0) line.prepend(tr("Line %1, ").arg(problem.line));
        lines.append(line);
    }
    m_problems->setText(lines.join(QLatin1Char('\n')));
    m_problems->setVisible(!lines.isEmpty());
}

} // namespace ui
