// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/build.h"

#include <QDateEdit>
#include <QHBoxLayout>
#include <QHelpEvent>
#include <QSpinBox>
#include <QStyle>
#include <QStylePainter>
#include <QTimeEdit>
#include <QToolTip>
#include <QVBoxLayout>
#include <QWheelEvent>

#include "theme/icons.h"

namespace ui {
namespace {

constexpr int kNumberWidth = 96;

// The wheel turns it only where the keyboard is.
template <class Box>
class Calm : public Box {
protected:
    void wheelEvent(QWheelEvent* event) override
    {
        if (this->hasFocus()) {
            Box::wheelEvent(event);
        } else {
            event->ignore();
        }
    }
};

template <class Edit>
class CalmEdit : public Calm<Edit> {
protected:
    bool focusNextPrevChild(bool next) override { return QWidget::focusNextPrevChild(next); }
};

template <class Box>
Box* setUpBox(Box* box, const QString& name, const char* objectName)
{
    box->setObjectName(QLatin1String(objectName));
    box->setAccessibleName(name);
    box->setButtonSymbols(QAbstractSpinBox::NoButtons);
    box->setFocusPolicy(Qt::StrongFocus);
    return box;
}

} // namespace

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

bool ElidedLabel::event(QEvent* event)
{
    const bool cut = fontMetrics().horizontalAdvance(text()) > width();
    if (event->type() != QEvent::ToolTip || !toolTip().isEmpty() || !cut) return QLabel::event(event);
    QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(), plainToolTip(text()), this);
    return true;
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
    auto* button = new QPushButton;
    setButtonText(button, text);
    button->setObjectName(QLatin1String(objectName));
    button->setAutoDefault(true); // Enter presses the button that has the focus, in the window as in dialogs.
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
    button->setAutoDefault(true);
    setButtonIcon(button, {icon, "muted", "accent", 16});
    return button;
}

void setButtonText(QPushButton* button, const QString& text)
{
    button->setText(text);
    button->setAccessibleName(withoutMnemonic(text));
}

QLabel* makeFieldLabel(const QString& text, QWidget* field)
{
    QLabel* label = makeLabel(text, "muted");
    label->setBuddy(field);
    return label;
}

QSpinBox* makeSpinBox(const QString& name, const char* objectName, int least, int greatest)
{
    QSpinBox* box = setUpBox(new Calm<QSpinBox>, name, objectName);
    box->setRange(least, greatest);
    box->setGroupSeparatorShown(false);
    box->setFixedWidth(kNumberWidth);
    return box;
}

QDateEdit* makeDateEdit(const QString& name, const char* objectName)
{
    QDateEdit* edit = setUpBox(new CalmEdit<QDateEdit>, name, objectName);
    edit->setDisplayFormat(QStringLiteral("yyyy-MM-dd"));
    return edit;
}

QTimeEdit* makeTimeEdit(const QString& name, const char* objectName)
{
    QTimeEdit* edit = setUpBox(new CalmEdit<QTimeEdit>, name, objectName);
    edit->setDisplayFormat(QStringLiteral("HH:mm"));
    return edit;
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

QString withoutMnemonic(const QString& text)
{
    QString plain;
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] == QLatin1Char('&') && ++i == text.size()) break;
        plain += text[i];
    }
    return plain;
}

QString asButtonText(QString name)
{
    return name.replace(QLatin1Char('&'), QLatin1String("&&"));
}

QString plainToolTip(const QString& text)
{
    if (!Qt::mightBeRichText(text)) return text;
    return QStringLiteral("<span>%1</span>")
        .arg(text.toHtmlEscaped().replace(QLatin1Char('\n'), QLatin1String("<br>")));
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
