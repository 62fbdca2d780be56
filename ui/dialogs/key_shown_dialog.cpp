// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/key_shown_dialog.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "models/snippets.h"
#include "widgets/build.h"
#include "widgets/clipboard.h"

namespace ui {
namespace {

constexpr int kWidth = 560;

} // namespace

KeyShownDialog::KeyShownDialog(const QString& name, const gateway::Secret& key, QWidget* parent)
    : FormDialog(tr("Key %1").arg(name), tr("&Done"), parent), m_key(new QLineEdit)
{
    setFixedWidth(kWidth);
    fields()->addWidget(makeParagraph(tr("Copy it now: it is shown this once and cannot be read again.")));
    const std::string_view bytes = key.reveal();
    m_key->setText(QString::fromLatin1(bytes.data(), static_cast<qsizetype>(bytes.size())));
    m_key->setObjectName(QStringLiteral("newKeyEdit"));
    m_key->setAccessibleName(tr("The new key"));
    m_key->setReadOnly(true);
    m_key->setProperty("mono", true);
    m_key->setCursorPosition(0);
    fields()->addWidget(m_key);
    addCopies();
    cancelButton()->hide();
    connect(this, &FormDialog::acceptWanted, this, &QDialog::accept);
}

void KeyShownDialog::addCopies()
{
    QHBoxLayout* line = row(8);
    const auto add = [this, line](const QString& text, const char* name, const QString& said, auto content) {
        QPushButton* button = makeButton(text, "ghost", QStringLiteral("copy"), name);
        connect(button, &QPushButton::clicked, this, [this, said, content] {
            copyText(content(m_key->text()));
            showMessage(said, QStringLiteral("circle-check"), "success");
        });
        line->addWidget(button);
    };
    add(tr("&Copy"), "copyButton", tr("Copied"), [](const QString& key) { return key; });
    add(tr("Copy as e&xport line"), "copyExportButton", tr("Copied as a line for the shell"), keyExportLine);
    line->addStretch();
    fields()->addLayout(line);
}

void KeyShownDialog::addText(const QString& text)
{
    fields()->insertWidget(1, makeParagraph(text));
}

void KeyShownDialog::done(int result)
{
    m_key->setText(QString());
    FormDialog::done(result);
}

} // namespace ui
