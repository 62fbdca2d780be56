// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/combo_box.h"

#include <QCompleter>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QSignalBlocker>
#include <QWheelEvent>

#include "theme/icons.h"
#include "theme/theme.h"

namespace ui {
namespace {

constexpr int kArrowSize = 14;
constexpr int kArrowMargin = 9;
constexpr int kMostShown = 14;
constexpr int kLeastLetters = 6;

} // namespace

ComboBox::ComboBox(const QString& name, const char* objectName, Texts texts, QWidget* parent)
    : QComboBox(parent)
{
    setObjectName(QLatin1String(objectName));
    setFocusPolicy(Qt::StrongFocus);
    setMaxVisibleItems(kMostShown);
    setView(new QListView(this)); // The style sheet reaches only a view of one's own.
    // A long name in the list must not push the neighbours out.
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    setMinimumContentsLength(kLeastLetters);
    if (texts == Texts::Any) {
        setEditable(true);
        setInsertPolicy(QComboBox::NoInsert);
        lineEdit()->setFocusPolicy(Qt::ClickFocus); // Tab goes to the whole.
        lineEdit()->setObjectName(QLatin1String(objectName).chopped(8) + QStringLiteral("Edit"));
        completer()->setCompletionMode(QCompleter::PopupCompletion);
        completer()->setFilterMode(Qt::MatchContains);
        completer()->setCaseSensitivity(Qt::CaseInsensitive);
    }
    setName(name);
}

void ComboBox::setName(const QString& name)
{
    setAccessibleName(name);
    view()->setAccessibleName(name);
    if (lineEdit() != nullptr) lineEdit()->setAccessibleName(name);
}

void ComboBox::setCurrentData(const QVariant& wanted, const QString& text)
{
    const QSignalBlocker quiet(this);
    int index = findData(wanted);
    if (index < 0) {
        addItem(text, wanted);
        index = count() - 1;
    }
    setCurrentIndex(index);
}

void ComboBox::setSuggestions(const QStringList& texts)
{
    const QSignalBlocker quiet(this);
    const QString text = currentText();
    clear();
    addItems(texts);
    setCurrentIndex(static_cast<int>(texts.indexOf(text)));
    showText(text);
}

void ComboBox::showText(const QString& text)
{
    setEditText(text);
    lineEdit()->setCursorPosition(0);
}

void ComboBox::wheelEvent(QWheelEvent* event)
{
    if (hasFocus()) {
        QComboBox::wheelEvent(event);
    } else {
        event->ignore();
    }
}

void ComboBox::paintEvent(QPaintEvent* event)
{
    QComboBox::paintEvent(event);
    QPainter painter(this);
    const int top = (height() - kArrowSize) / 2;
    const int left = isRightToLeft() ? kArrowMargin : width() - kArrowSize - kArrowMargin;
    painter.drawPixmap(left, top,
                       iconPixmap(QStringLiteral("chevron-down"),
                                  Theme::instance().color(isEnabled() ? "muted" : "section"), kArrowSize,
                                  devicePixelRatioF()));
}

} // namespace ui
