// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/result_box.h"

#include <QHBoxLayout>

#include "theme/icons.h"
#include "widgets/build.h"
#include "widgets/spinner.h"

namespace ui {

ResultBox::ResultBox(const QString& described, QWidget* parent)
    : QFrame(parent), m_picture(new QLabel), m_spinner(new Spinner), m_text(makeParagraph({}))
{
    setProperty("role", QStringLiteral("inset"));
    auto* inside = new QHBoxLayout(this);
    inside->setContentsMargins(12, 9, 12, 9);
    inside->setSpacing(10);
    m_text->setAccessibleDescription(described);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    inside->addWidget(m_picture, 0, Qt::AlignTop);
    inside->addWidget(m_spinner, 0, Qt::AlignTop);
    inside->addWidget(m_text, 1);
    hide();
}

void ResultBox::showProgress(const QString& text)
{
    m_picture->hide();
    m_spinner->show();
    m_text->setText(text);
    show();
}

void ResultBox::showResult(const QString& text, bool good)
{
    showText(text, good ? QStringLiteral("circle-check") : QStringLiteral("circle-x"),
             good ? "success" : "danger");
}

void ResultBox::showNote(const QString& text)
{
    showText(text, QStringLiteral("info"), "muted");
}

void ResultBox::showText(const QString& text, const QString& icon, const char* token)
{
    m_spinner->hide();
    setLabelIcon(m_picture, icon, token, 16);
    m_picture->show();
    m_text->setText(text);
    show();
}

} // namespace ui
