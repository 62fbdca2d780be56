// SPDX-License-Identifier: GPL-3.0-or-later
// Shows the window with made-up data, or writes pictures of every page: window_demo [FOLDER [WIDTHxHEIGHT…]]
#include <QAction>
#include <QApplication>
#include <QDialog>
#include <QDir>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QTableView>
#include <QTemporaryDir>
#include <QTranslator>

#include "main_window.h"
#include "translation.h"
#include "ui/support/fake_link.h"

namespace {

using ui::FakeLink;
using ui::MainWindow;

// Lets queued answers, layouts and paints happen.
void settle()
{
    for (int i = 0; i < 20; ++i) {
        QCoreApplication::sendPostedEvents();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        QCoreApplication::processEvents();
    }
}

class Album {
public:
    Album(QString folder, QSize size) : m_folder(std::move(folder)), m_size(size) {}

    void shoot(QWidget& widget, const QString& name) const
    {
        settle();
        widget.grab().save(
            QStringLiteral("%1/%2-%3-%4.png")
                .arg(m_folder, name,
                     ui::Theme::instance().isDark() ? QStringLiteral("dark") : QStringLiteral("light"))
                .arg(m_size.width()));
    }
    [[nodiscard]] QSize size() const { return m_size; }

private:
    QString m_folder;
    QSize m_size;
};

void shootFull(const Album& album, ui::Preferences& preferences)
{
    FakeLink link;
    link.makeUpData(240);
    MainWindow window(link, preferences);
    window.resize(album.size());
    window.show();
    album.shoot(window, QStringLiteral("home"));
    for (QScrollArea* area : window.findChildren<QScrollArea*>()) {
        if (area->isVisible()) area->verticalScrollBar()->setValue(area->verticalScrollBar()->maximum());
    }
    album.shoot(window, QStringLiteral("home-end"));
    window.openPage(QStringLiteral("requests"));
    album.shoot(window, QStringLiteral("requests"));
    window.findChild<QTableView*>(QStringLiteral("requestsTable"))->selectRow(2);
    album.shoot(window, QStringLiteral("request-detail"));
    window.openPage(QStringLiteral("providers"));
    window.findChild<QPushButton*>(QStringLiteral("testButton"))->click();
    album.shoot(window, QStringLiteral("providers"));
    window.openPage(QStringLiteral("providers"), QStringLiteral("add"));
    settle();
    auto* dialog = window.findChild<QDialog*>();
    dialog->findChild<QLineEdit*>(QStringLiteral("keyEdit"))->setText(QStringLiteral("sk-ant-made-up"));
    album.shoot(*dialog, QStringLiteral("add-provider"));
    dialog->reject();
    window.openPage(QStringLiteral("settings"));
    album.shoot(window, QStringLiteral("settings"));
    window.openPage(QStringLiteral("settings"), QStringLiteral("config"));
    album.shoot(window, QStringLiteral("settings-end"));
    gateway::ActivitySnapshot activity = link.activity();
    activity.port = 4778;
    activity.state = gateway::EngineState::Paused;
    link.setActivity(activity);
    window.commands().copyBaseUrl->trigger();
    album.shoot(window, QStringLiteral("banner"));
    window.commands().foldSideBar->trigger();
    album.shoot(window, QStringLiteral("folded"));
    window.commands().foldSideBar->trigger();
}

void shootEmpty(const Album& album, ui::Preferences& preferences)
{
    FakeLink link;
    MainWindow window(link, preferences);
    window.resize(album.size());
    window.show();
    album.shoot(window, QStringLiteral("empty-home"));
    for (const char* page : {"requests", "providers"}) {
        window.openPage(QLatin1String(page));
        album.shoot(window, QStringLiteral("empty-") + QLatin1String(page));
    }
    gateway::ActivitySnapshot activity = link.activity();
    activity.keychain = gateway::KeychainState::Unavailable;
    activity.keychainProblem = "No Secret Service answers on this computer.";
    link.setActivity(activity);
    window.openPage(QStringLiteral("providers"), QStringLiteral("add"));
    settle();
    album.shoot(*window.findChild<QDialog*>(), QStringLiteral("add-without-keychain"));
    window.findChild<QDialog*>()->reject();
    FakeLink broken;
    broken.dropQueries = true;
    MainWindow failed(broken, preferences);
    failed.resize(album.size());
    failed.show();
    album.shoot(failed, QStringLiteral("failed-home"));
}

} // namespace

int main(int argc, char** argv)
{
    QApplication app(argc, argv);
    QCoreApplication::setApplicationVersion(QStringLiteral("0.1.0"));
    QTranslator plurals;
    ui::Theme::instance().apply(ui::ThemeChoice::Dark);
    if (ui::loadTranslation(plurals)) QCoreApplication::installTranslator(&plurals);
    const QTemporaryDir scratch;
    ui::Preferences preferences(scratch.filePath(QStringLiteral("window.ini")));
    const QStringList words = QCoreApplication::arguments();
    if (words.size() < 2) {
        FakeLink link;
        link.makeUpData(240);
        MainWindow window(link, preferences);
        QObject::connect(&window, &MainWindow::quitWanted, &app, &QCoreApplication::quit);
        window.show();
        return QCoreApplication::exec();
    }
    QDir().mkpath(words[1]);
    QStringList sizes = words.mid(2);
    if (sizes.isEmpty()) sizes = {QStringLiteral("1000x640"), QStringLiteral("1440x900")};
    for (const QString& text : sizes) {
        const Album album(words[1], QSize(text.section(QLatin1Char('x'), 0, 0).toInt(),
                                          text.section(QLatin1Char('x'), 1, 1).toInt()));
        for (const ui::ThemeChoice choice : {ui::ThemeChoice::Dark, ui::ThemeChoice::Light}) {
            ui::Theme::instance().apply(choice);
            shootFull(album, preferences);
            shootEmpty(album, preferences);
        }
    }
    return 0;
}
