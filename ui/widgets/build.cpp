// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/build.h"

#include <QHBoxLayout>
#include <QStyle>
#include <QStylePainter>
#include <QVBoxLayout>

#include "theme/icons.h"

namespace ui {

QLabel* makeLabel(const QString& text, const char* role)
{
    auto* label = new QLabel(text);
    label->setTextFormat(Qt::PlainText);
    if (role != nullptr) label->setProperty("role", QLatin1String(role));
    return label;
}

QLabel* makeParagraph(const QString& text, const char* role)
{
    QLabel* label = makeLabel(text, role);
    label->setWordWrap(true);
    return label;
}

ElidedLabel* makeElided(const char* role)
{
    auto* label = new ElidedLabel;
    label->setTextFormat(Qt::PlainText);
    label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    if (role != nullptr) label->setProperty("role", QLatin1String(role));
    return label;
}

void ElidedLabel::paintEvent(QPaintEvent* event)
{
    Q_UNUSED(event)
    QStylePainter painter(this);
    const QString shown = fontMetrics().elidedText(text(), Qt::ElideRight, width());
    painter.drawItemText(rect(), int(alignment()), palette(), isEnabled(), shown, foregroundRole());
}

QPushButton* makeButton(const QString& text, const char* kind, const QString& icon, const char* objectName)
{
    auto* button = new QPushButton(text);
    button->setObjectName(QLatin1String(objectName));
    button->setAccessibleName(text);
    button->setAutoDefault(false);
    if (kind != nullptr) button->setProperty("kind", QLatin1String(kind));
    if (icon.isEmpty()) return button;
    const QLatin1String look(kind == nullptr ? "" : kind);
    ButtonIcon picture{icon, "text", "accent", 16};
    if (look == QLatin1String("primary")) picture.token = picture.checkedToken = "accentText";
    if (look == QLatin1String("danger")) picture.token = "danger";
    if (look == QLatin1String("plain") || look == QLatin1String("nav")) picture.token = "muted";
    if (look == QLatin1String("link")) picture.token = "accent";
    setButtonIcon(button, picture);
    return button;
}

QPushButton* makeIconButton(const QString& icon, const QString& name, const char* objectName)
{
    auto* button = new QPushButton;
    button->setObjectName(QLatin1String(objectName));
    button->setProperty("kind", QStringLiteral("icon"));
    button->setAccessibleName(name);
    button->setToolTip(name);
    button->setAutoDefault(false);
    setButtonIcon(button, {icon, "muted", "accent", 16});
    return button;
}

QFrame* makeFrame(const char* role)
{
    auto* frame = new QFrame;
    frame->setProperty("role", QLatin1String(role));
    return frame;
}

QFrame* makeLine()
{
    return makeFrame("line");
}

void setLook(QWidget* widget, const char* property, const QString& value)
{
    if (widget->property(property).toString() == value) return;
    widget->setProperty(property, value);
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
    widget->update();
}

QVBoxLayout* column(QWidget* parent, const QMargins& margins, int spacing)
{
    auto* layout = new QVBoxLayout(parent);
    layout->setContentsMargins(margins);
    layout->setSpacing(spacing);
    return layout;
}

QHBoxLayout* row(int spacing)
{
    auto* layout = new QHBoxLayout;
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(spacing);
    return layout;
}

} // namespace ui
