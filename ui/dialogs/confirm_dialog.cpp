// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/confirm_dialog.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "widgets/build.h"

namespace ui {

ConfirmDialog::ConfirmDialog(const Question& question, QWidget* parent)
    : FormDialog(question.title, question.acceptText, parent)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setFixedWidth(440);
    fields()->addWidget(makeParagraph(question.text));
    connect(this, &FormDialog::acceptWanted, this, &QDialog::accept);
    // What cannot be undone is not what a hasty Enter does.
    setLook(acceptButton(), "kind", QStringLiteral("destructive"));
    acceptButton()->setDefault(false);
    cancelButton()->setDefault(true);
    cancelButton()->setFocus();
}

void ConfirmDialog::addText(const QString& text)
{
    fields()->addWidget(makeParagraph(text));
}

} // namespace ui
