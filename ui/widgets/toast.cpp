// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/toast.h"

#include <utility>

#include <QEvent>
#include <QHBoxLayout>

#include "theme/icons.h"
#include "widgets/build.h"

namespace ui {
namespace {

constexpr int kShownMillis = 4000;
constexpr int kWithActionMillis = 8000; // Who wants to undo has to read first.
constexpr int kMargin = 20;
constexpr int kMostWidth = 560;

} // namespace

Toast::Toast(QWidget* parent) : QFrame(parent)
{
    setProperty("role", QStringLiteral("toast"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(14, 10, 14, 10);
    layout->setSpacing(10);
    m_picture = new QLabel;
    m_text = makeLabel({});
    m_text->setAccessibleDescription(QStringLiteral("toast"));
    m_action = makeButton(QStringLiteral("-"), "link", {}, "toastActionButton");
    layout->addWidget(m_picture);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_action);
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &QWidget::hide);
    connect(m_action, &QPushButton::clicked, this, [this] {
        hide();
        if (const auto call = std::exchange(m_call, nullptr)) call();
    });
    parent->installEventFilter(this);
    hide();
}

void Toast::showText(const ToastText& text)
{
    m_call = text.action;
    setLabelIcon(m_picture, text.bad ? QStringLiteral("circle-alert") : QStringLiteral("circle-check"),
                 text.bad ? "danger" : "success", 16);
    m_text->setText(text.text);
    m_action->setText(text.actionText);
    m_action->setAccessibleName(text.actionText);
    m_action->setVisible(!text.actionText.isEmpty());
    m_timer.start(text.actionText.isEmpty() ? kShownMillis : kWithActionMillis);
    m_text->setWordWrap(false);
    m_text->setWordWrap(sizeHint().width() > kMostWidth);
    show();
    raise();
    place();
}

bool Toast::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize && isVisible()) place();
    return QFrame::eventFilter(watched, event);
}

void Toast::place()
{
    const QSize room = parentWidget()->size();
    const int width = std::min({sizeHint().width(), kMostWidth, room.width() - 2 * kMargin});
    const int height = hasHeightForWidth() ? heightForWidth(width) : sizeHint().height();
    setGeometry(room.width() - width - kMargin, room.height() - height - kMargin, width, height);
}

} // namespace ui
