// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/form_dialog.h"

#include <QAccessible>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "theme/icons.h"
#include "widgets/build.h"
#include "widgets/spinner.h"

namespace ui {

FormDialog::FormDialog(const QString& title, const QString& acceptText, QWidget* parent) : QDialog(parent)
{
    setWindowTitle(title);
    setModal(true);
    auto* all = column(this, {24, 20, 24, 20}, 16);
    all->addWidget(makeLabel(title, "h1"));
    m_fields = new QVBoxLayout;
    m_fields->setSpacing(14);
    all->addLayout(m_fields, 1);

    m_messageBox = new QWidget;
    m_messageBox->setProperty("role", QStringLiteral("clear"));
    auto* message = new QHBoxLayout(m_messageBox);
    message->setContentsMargins(0, 0, 0, 0);
    message->setSpacing(8);
    m_messagePicture = new QLabel;
    m_spinner = new Spinner;
    m_message = makeParagraph({});
    m_message->setAccessibleDescription(QStringLiteral("dialog-message"));
    message->addWidget(m_messagePicture, 0, Qt::AlignTop);
    message->addWidget(m_spinner, 0, Qt::AlignTop);
    message->addWidget(m_message, 1);
    m_messageBox->hide();
    all->addWidget(m_messageBox);

    m_buttons = row(8);
    m_cancel = makeButton(tr("Cancel"), "ghost", {}, "cancelButton");
    m_accept = makeButton(acceptText, "primary", {}, "acceptButton");
    m_accept->setDefault(true);
    m_buttons->addStretch();
    m_buttons->addWidget(m_cancel);
    m_buttons->addWidget(m_accept);
    all->addLayout(m_buttons);
    connect(m_cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_accept, &QPushButton::clicked, this, &FormDialog::acceptWanted);
}

// A dialog does not ask for the height that its wrapped texts need at its width, so it is given to it
// whenever something in it appears, goes or changes.
void FormDialog::fitHeight()
{
    layout()->activate();
    const int needed =
        layout()->hasHeightForWidth() ? layout()->totalHeightForWidth(width()) : sizeHint().height();
    if (needed != height()) resize(width(), needed);
}

bool FormDialog::event(QEvent* event)
{
    const bool done = QDialog::event(event);
    if (event->type() == QEvent::LayoutRequest || event->type() == QEvent::Show) fitHeight();
    return done;
}

void FormDialog::showProblem(const QString& text)
{
    setBusy(false);
    showMessage(text, QStringLiteral("circle-alert"), "danger");
}

void FormDialog::showMessage(const QString& text, const QString& icon, const char* token)
{
    setLabelIcon(m_messagePicture, icon, token, 16);
    m_messagePicture->show();
    m_spinner->hide();
    m_message->setText(text);
    m_messageBox->show();
    QAccessibleEvent alert(m_message, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

void FormDialog::showProgress(const QString& text)
{
    m_messagePicture->hide();
    m_spinner->show();
    m_message->setText(text);
    m_messageBox->show();
}

void FormDialog::hideMessage()
{
    m_messageBox->hide();
}

void FormDialog::setBusy(bool busy)
{
    m_busy = busy;
    m_accept->setEnabled(!busy);
}

} // namespace ui
