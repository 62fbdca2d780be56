// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/notification_settings.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QSystemTrayIcon>
#include <QTimeEdit>
#include <QVBoxLayout>

#include "preferences.h"
#include "widgets/build.h"
#include "widgets/setting_row.h"

namespace ui {
namespace {

constexpr int kTimeWidth = 72;

QTimeEdit* makeTime(const QString& name, const char* objectName, QTime time)
{
    QTimeEdit* edit = makeTimeEdit(name, objectName);
    edit->setTime(time);
    edit->setFixedWidth(kTimeWidth);
    return edit;
}

} // namespace

NotificationSettings::NotificationSettings(Preferences& preferences, QWidget* parent)
    : QFrame(parent), m_preferences(preferences)
{
    setProperty("role", QStringLiteral("card"));
    auto* all = column(this, {20, 16, 20, 10}, 0);
    all->addWidget(makeLabel(tr("Notifications"), "h2"));
    all->addSpacing(4);
    all->addWidget(
        makeParagraph(QSystemTrayIcon::isSystemTrayAvailable()
                          ? tr("What the desktop is told of. All of it is kept in Keys & budgets, Alerts.")
                          : tr("This desktop shows no tray, so it is told of nothing. All is kept in Keys & "
                               "budgets, Alerts."),
                      "muted"));
    addTopic(all, AlertTopic::Budgets, tr("&Budgets"),
             tr("Budgets that near their end or are used up, and requests that wait for your answer."),
             "notifyBudgetsCheckBox");
    all->addWidget(makeLine());
    addTopic(all, AlertTopic::Loops, tr("A&gent loops"), tr("Agents that seem to go round in circles."),
             "notifyLoopsCheckBox");
    all->addWidget(makeLine());
    addTopic(all, AlertTopic::Providers, tr("Pro&viders and keys"),
             tr("Providers that are down for a while, and keys that they refuse."),
             "notifyProvidersCheckBox");
    all->addWidget(makeLine());
    all->addWidget(new SettingRow(tr("&Quiet hours"), tr("Nothing is shown from the one time to the other."),
                                  buildHours(), m_quiet));
}

void NotificationSettings::addTopic(QVBoxLayout* all, AlertTopic topic, const QString& title,
                                    const QString& description, const char* objectName)
{
    auto* box = new QCheckBox;
    box->setObjectName(QLatin1String(objectName));
    box->setAccessibleName(withoutMnemonic(title));
    box->setChecked(m_preferences.notifies(topic));
    connect(box, &QCheckBox::toggled, this, [this, topic](bool on) { m_preferences.setNotifies(topic, on); });
    all->addWidget(new SettingRow(title, description, box));
}

QWidget* NotificationSettings::buildHours()
{
    const Preferences::QuietHours hours = m_preferences.quietHours();
    m_quiet = new QCheckBox;
    m_quiet->setObjectName(QStringLiteral("quietHoursCheckBox"));
    m_quiet->setAccessibleName(tr("Quiet hours"));
    m_quiet->setChecked(hours.on);
    m_from = makeTime(tr("Quiet from"), "quietFromTimeEdit", hours.from);
    m_to = makeTime(tr("Quiet to"), "quietToTimeEdit", hours.to);
    auto* holder = new QWidget;
    holder->setProperty("role", QStringLiteral("clear"));
    auto* line = new QHBoxLayout(holder);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    line->addWidget(m_from);
    line->addWidget(makeLabel(tr("to"), "muted"));
    line->addWidget(m_to);
    line->addSpacing(8);
    line->addWidget(m_quiet);
    for (QWidget* field : {static_cast<QWidget*>(m_from), static_cast<QWidget*>(m_to)}) {
        field->setEnabled(hours.on);
    }
    connect(m_quiet, &QCheckBox::toggled, this, &NotificationSettings::saveHours);
    connect(m_from, &QTimeEdit::timeChanged, this, &NotificationSettings::saveHours);
    connect(m_to, &QTimeEdit::timeChanged, this, &NotificationSettings::saveHours);
    return holder;
}

void NotificationSettings::saveHours()
{
    const bool on = m_quiet->isChecked();
    m_from->setEnabled(on);
    m_to->setEnabled(on);
    m_preferences.setQuietHours({on, m_from->time(), m_to->time()});
}

} // namespace ui
