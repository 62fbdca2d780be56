// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/support/window_scene.h"

#include <QAbstractButton>
#include <QApplication>
#include <QDeadlineTimer>
#include <QDialog>
#include <QEventLoop>
#include <QLineEdit>
#include <QListView>
#include <QScrollArea>
#include <QScrollBar>
#include <QTableView>

#include "ui/support/fake_link.h"

namespace ui {

void settleScene()
{
    for (int i = 0; i < 20; ++i) {
        QCoreApplication::sendPostedEvents();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
        QCoreApplication::processEvents();
    }
}

Scene::Scene(const Album& album, Preferences& preferences, FakeLink& link)
    : m_album(album), m_window(link, preferences)
{
    m_window.resize(album.size());
    m_window.show();
    settleScene();
}

void Scene::open(const char* page, const char* what)
{
    m_window.openPage(QLatin1String(page), what == nullptr ? QVariant() : QVariant(QLatin1String(what)));
    settleScene();
}

void Scene::press(QWidget& root, const char* objectName, const QString& name)
{
    const auto buttons = root.findChildren<QAbstractButton*>(QLatin1String(objectName));
    for (QAbstractButton* button : buttons) {
        const bool meant = name.isEmpty() || button->accessibleName() == name;
        if (!button->isVisible() || !meant) continue;
        button->click();
        break;
    }
    settleScene();
}

void Scene::type(QWidget& root, const char* objectName, const QString& text)
{
    root.findChild<QLineEdit*>(QLatin1String(objectName))->setText(text);
    settleScene();
}

void Scene::scroll(double share)
{
    for (QScrollArea* area : m_window.findChildren<QScrollArea*>()) {
        QScrollBar* bar = area->verticalScrollBar();
        if (area->isVisible()) bar->setValue(static_cast<int>(bar->maximum() * share));
    }
    settleScene();
}

void Scene::selectRow(const char* table, int row)
{
    m_window.findChild<QTableView*>(QLatin1String(table))->selectRow(row);
    settleScene();
}

void Scene::selectIn(const char* name, int row)
{
    auto* list = m_window.findChild<QListView*>(QLatin1String(name));
    list->setCurrentIndex(list->model()->index(row, 0));
    settleScene();
}

bool Scene::isVisible(const char* objectName) const
{
    return m_window.findChild<QWidget*>(QLatin1String(objectName))->isVisible();
}

void Scene::waitUntil(const std::function<bool()>& holds)
{
    const QDeadlineTimer deadline(10'000);
    while (!holds() && !deadline.hasExpired()) {
        QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
    }
    settleScene();
}

QDialog& Scene::dialog()
{
    settleScene();
    QDialog* top = nullptr;
    for (QDialog* candidate : m_window.findChildren<QDialog*>()) {
        if (candidate->isVisible()) top = candidate;
    }
    return *top;
}

void Scene::shootDialog(const char* name)
{
    m_album.shoot(dialog(), QLatin1String(name));
}

void Scene::closeDialog()
{
    dialog().reject();
    settleScene();
}

} // namespace ui
