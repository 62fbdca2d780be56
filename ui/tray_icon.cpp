// SPDX-License-Identifier: GPL-3.0-or-later
#include "tray_icon.h"

#include <QAction>
#include <QApplication>
#include <QMenu>
#include <QPainter>

#include "main_window.h"
#include "theme/icons.h"
#include "theme/theme.h"

namespace ui {
namespace {

// Colour alone tells too little to too many.
void drawBars(QPainter& painter, const QRectF& within)
{
    painter.setPen(Qt::NoPen);
    painter.setBrush(Qt::white);
    const double width = within.width() * 0.16;
    const double height = within.height() * 0.46;
    for (const double offset : {-0.18, 0.18}) {
        const QPointF center = within.center() + QPointF(within.width() * offset, 0);
        painter.drawRect(QRectF(center.x() - width / 2, center.y() - height / 2, width, height));
    }
}

} // namespace

QIcon trayPicture(const QColor& color, bool paused)
{
    QIcon icon;
    const QIcon mark = applicationIcon();
    for (const int size : {16, 22, 24, 32, 48, 64}) {
        QPixmap pixmap = mark.pixmap(QSize(size, size), 1.0);
        if (color.isValid()) {
            QPainter painter(&pixmap);
            painter.setRenderHint(QPainter::Antialiasing);
            const double dot = size * 0.44;
            painter.setPen(QPen(Qt::white, size * 0.06));
            painter.setBrush(color);
            const QRectF corner(size - dot - size * 0.03, size - dot - size * 0.03, dot, dot);
            painter.drawEllipse(corner);
            if (paused) drawBars(painter, corner);
        }
        icon.addPixmap(pixmap);
    }
    return icon;
}

TrayIcon::TrayIcon(MainWindow& window)
    : QObject(&window)
    , m_window(window)
    , m_notifier(window.link(), window.preferences())
    , m_menu(std::make_unique<QMenu>())
{
    buildMenu();
    m_icon.setContextMenu(m_menu.get());
    connect(&m_icon, &QSystemTrayIcon::activated, this, [this](QSystemTrayIcon::ActivationReason reason) {
        if (reason == QSystemTrayIcon::Trigger || reason == QSystemTrayIcon::DoubleClick)
            m_window.bringToFront();
    });
    connect(&m_notifier, &Notifier::noteWanted, this, &TrayIcon::showNote);
    connect(&m_icon, &QSystemTrayIcon::messageClicked, this, [this] {
        if (!m_place.page.isEmpty())
            m_window.openPage(m_place.page, m_place.what.isEmpty() ? QVariant() : QVariant(m_place.what));
        m_window.bringToFront();
    });
    connect(&window.status(), &GatewayStatus::changed, this, &TrayIcon::showStatus);
    showStatus();
    m_icon.show(); // Where the desktop's tray comes up after us, the icon appears with it.
    window.setTrayPresent(true);
}

TrayIcon::~TrayIcon() = default;

void TrayIcon::buildMenu()
{
    const MainWindow::Actions& commands = m_window.commands();
    m_state = m_menu->addAction(QString());
    m_state->setEnabled(false);
    m_today = m_menu->addAction(QString());
    m_today->setEnabled(false);
    m_menu->addSeparator();
    m_menu->addActions({commands.pause, commands.pauseSpending});
    m_menu->addSeparator();
    m_menu->addActions({commands.copyBaseUrl, commands.copyKey});
    m_menu->addSeparator();
    m_menu->addAction(tr("Open Turnpike"), &m_window, &MainWindow::bringToFront);
    const auto openPage = [this](const QString& id) {
        m_window.openPage(id);
        m_window.bringToFront();
    };
    m_menu->addAction(tr("Requests"), this, [openPage] { openPage(QStringLiteral("requests")); });
    m_menu->addAction(tr("Settings"), this, [openPage] { openPage(QStringLiteral("settings")); });
    m_menu->addSeparator();
    m_menu->addAction(commands.quit);
}

void TrayIcon::showNote(const DesktopNote& note)
{
    m_place = note.place;
    m_icon.showMessage(note.title, note.text,
                       note.critical ? QSystemTrayIcon::Critical : QSystemTrayIcon::Warning);
}

void TrayIcon::showStatus()
{
    const GatewayStatus& status = m_window.status();
    m_state->setText(QStringLiteral("%1 – %2").arg(status.headline(), status.address()));
    m_today->setText(status.todayText(true));
    m_icon.setToolTip(QStringLiteral("Turnpike – %1\n%2").arg(status.headline(), status.todayText(true)));
    const QByteArray token(status.isPaused() ? "muted" : status.dotToken());
    if (token == m_shownToken) return;
    m_shownToken = token;
    const bool fine = status.kind() == GatewayStatus::Kind::Running && !status.isSpendingPaused();
    m_icon.setIcon(
        trayPicture(fine ? QColor() : Theme::instance().color(token.constData()), status.isPaused()));
}

} // namespace ui
