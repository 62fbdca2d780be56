// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/expiry_field.h"

#include <QCalendarWidget>
#include <QDateEdit>
#include <QHBoxLayout>
#include <QMenu>
#include <QPushButton>
#include <QWidgetAction>

#include "widgets/build.h"
#include "widgets/combo_box.h"

namespace ui {
namespace {

enum Choice : int { Never, Day, AsItIs };

constexpr int kChoiceWidth = 92; // as narrow as other fields of two columns have to be
constexpr int kDayWidth = 104;
constexpr int kDaysAhead = 30;
constexpr qsizetype kDateLetters = 10;

} // namespace

ExpiryField::ExpiryField(QWidget* parent)
    : QWidget(parent)
    , m_choice(new ComboBox(tr("Expires"), "expiresComboBox"))
    , m_day(makeDateEdit(tr("Last day"), "expiresDateEdit"))
    , m_calendar(makeIconButton(QStringLiteral("calendar"), tr("Choose the day"), "calendarButton"))
{
    setProperty("role", QStringLiteral("clear"));
    m_choice->addItem(tr("never"), Never);
    m_choice->addItem(tr("after"), Day);
    m_day->setMinimumDate(QDate(2000, 1, 1));
    m_day->setMaximumDate(QDate(9999, 12, 31));
    m_day->setToolTip(tr("The key is good to the end of this day, by UTC."));
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(6);
    m_choice->setMinimumWidth(kChoiceWidth);
    m_choice->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    m_day->setFixedWidth(kDayWidth);
    line->addWidget(m_choice, 1);
    line->addWidget(m_day);
    line->addWidget(m_calendar);
    setFocusProxy(m_choice);
    connect(m_choice, &QComboBox::currentIndexChanged, this, &ExpiryField::showChoice);
    connect(m_calendar, &QPushButton::clicked, this, &ExpiryField::openCalendar);
    setText({});
}

void ExpiryField::setText(const std::string& text)
{
    m_before = text;
    const QString shown = QString::fromStdString(text);
    QDate day = QDate::fromString(shown.left(kDateLetters), Qt::ISODate);
    const bool exact = day.isValid() && shown.size() == kDateLetters;
    if (!day.isValid()) day = QDate::currentDate().addDays(kDaysAhead);
    m_day->setDate(day);
    if (!text.empty() && !exact) {
        m_choice->setCurrentData(AsItIs, shown);
    } else {
        m_choice->setCurrentData(text.empty() ? Never : Day, {});
    }
    showChoice();
}

std::string ExpiryField::text() const
{
    switch (m_choice->currentData().toInt()) {
    case Day:
        return m_day->date().toString(Qt::ISODate).toStdString();
    case AsItIs:
        return m_before;
    default:
        return {};
    }
}

void ExpiryField::showChoice()
{
    const bool day = m_choice->currentData().toInt() == Day;
    m_day->setVisible(day);
    m_calendar->setVisible(day);
}

void ExpiryField::openCalendar()
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    auto* calendar = new QCalendarWidget;
    calendar->setObjectName(QStringLiteral("expiresCalendar"));
    calendar->setAccessibleName(tr("Last day"));
    calendar->setVerticalHeaderFormat(QCalendarWidget::NoVerticalHeader);
    calendar->setSelectedDate(m_day->date());
    auto* action = new QWidgetAction(menu);
    action->setDefaultWidget(calendar);
    menu->addAction(action);
    const auto take = [this, menu](const QDate& day) {
        m_day->setDate(day);
        menu->close();
    };
    connect(calendar, &QCalendarWidget::clicked, this, take);
    connect(calendar, &QCalendarWidget::activated, this, take);
    menu->popup(m_calendar->mapToGlobal(QPoint(0, m_calendar->height())));
    calendar->setFocus();
}

} // namespace ui
