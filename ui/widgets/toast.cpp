// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/toast.h"

#include <algorithm>
#include <utility>

#include <QAccessible>
#include <QApplication>
#include <QHBoxLayout>
#include <QVBoxLayout>

#include "pages/page.h"
#include "theme/icons.h"
#include "widgets/build.h"

namespace ui {
namespace {

constexpr int kShownMillis = 4000;
constexpr int kWithActionMillis = 8000; // Who wants to undo has to read first.
constexpr int kMostWidth = 620;
constexpr std::size_t kMostBad = 2;

} // namespace

/// One message with its buttons.
class ToastRow : public QFrame {
public:
    ToastRow()
    {
        setProperty("role", QStringLiteral("toast"));
        auto* layout = new QHBoxLayout(this);
        layout->setContentsMargins(14, 3, 6, 3);
        layout->setSpacing(10);
        m_picture = new QLabel;
        m_text = makeParagraph({});
        m_text->setAccessibleDescription(QStringLiteral("toast"));
        action = makeButton(QStringLiteral("-"), "link", {}, "toastActionButton");
        close = makeIconButton(QStringLiteral("x"), Toast::tr("Dismiss the message"), "toastDismissButton");
        layout->addWidget(m_picture);
        layout->addWidget(m_text, 1);
        layout->addWidget(action);
        layout->addWidget(close);
        hide();
    }

    void fill(const ToastText& text)
    {
        shown = text;
        setLabelIcon(m_picture, text.bad ? QStringLiteral("circle-alert") : QStringLiteral("circle-check"),
                     text.bad ? "danger" : "success", 16);
        m_text->setText(text.text);
        setButtonText(action, asButtonText(text.actionText));
        action->setVisible(!text.actionText.isEmpty());
        // As wide as its text on one line, where there is room for that.
        const int textWidth = m_text->fontMetrics().horizontalAdvance(text.text) + 2;
        m_text->setMinimumWidth(std::min(textWidth, kMostWidth - 200));
        setMaximumWidth(kMostWidth);
    }
    [[nodiscard]] bool isUsed() const
    {
        const QWidget* focus = QApplication::focusWidget();
        return underMouse() || (focus != nullptr && isAncestorOf(focus));
    }

    ToastText shown;
    QPushButton* action;
    QPushButton* close;

private:
    QLabel* m_picture;
    QLabel* m_text;
};

Toast::Toast(QWidget* parent)
    : QWidget(parent), m_rows(column(this, {kPageMargin, 10, kPageMargin, 10}, 6)), m_good(makeRow())
{
    setProperty("role", QStringLiteral("messages"));
    setAttribute(Qt::WA_StyledBackground);
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &Toast::onTimeout);
    hide();
}

ToastRow* Toast::makeRow()
{
    auto* row = new ToastRow;
    m_rows->insertWidget(0, row, 0, Qt::AlignRight); // Bad news above the good.
    connect(row->close, &QPushButton::clicked, this, [this, row] { hideRow(row); });
    connect(row->action, &QPushButton::clicked, this, [this, row] {
        const auto call = std::exchange(row->shown.action, nullptr);
        hideRow(row);
        if (call) call();
    });
    return row;
}

void Toast::showText(const ToastText& text)
{
    if (text.bad) {
        showRow(rowForBad(text.text), text);
        return;
    }
    showRow(m_good, text);
    m_timer.start(text.actionText.isEmpty() ? kShownMillis : kWithActionMillis);
}

void Toast::showRow(ToastRow* row, const ToastText& text)
{
    row->fill(text);
    row->show();
    show();
    QAccessibleEvent alert(row, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

void Toast::hideRow(ToastRow* row)
{
    row->shown = {};
    row->hide();
    const bool any = !m_good->isHidden() || std::any_of(m_bad.begin(), m_bad.end(),
                                                        [](const ToastRow* bad) { return !bad->isHidden(); });
    setVisible(any);
}

void Toast::onTimeout()
{
    if (m_good->isUsed()) {
        m_timer.start(kShownMillis);
    } else {
        hideRow(m_good);
    }
}

ToastRow* Toast::rowForBad(const QString& text)
{
    auto place = std::find_if(m_bad.begin(), m_bad.end(), [&](const ToastRow* row) {
        return row->isHidden() || row->shown.text == text;
    });
    if (place == m_bad.end() && m_bad.size() < kMostBad) {
        m_bad.push_back(makeRow());
        return m_bad.back();
    }
    if (place == m_bad.end()) place = m_bad.begin();
    std::rotate(place, place + 1, m_bad.end());
    return m_bad.back();
}

void Toast::undo()
{
    if (!m_good->isHidden() && m_good->shown.undoes) m_good->action->click();
}

} // namespace ui
