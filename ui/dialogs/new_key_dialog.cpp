// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/new_key_dialog.h"

#include <QDate>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "models/config_edit.h"
#include "widgets/build.h"
#include "widgets/clipboard.h"

namespace ui {
namespace {

constexpr int kWidth = 520;

QLineEdit* addField(QGridLayout* grid, const QString& name, const QString& example)
{
    auto* edit = new QLineEdit;
    edit->setAccessibleName(withoutMnemonic(name));
    edit->setPlaceholderText(example);
    edit->setMaxLength(500);
    const int line = grid->rowCount();
    grid->addWidget(makeFieldLabel(name, edit), line, 0);
    grid->addWidget(edit, line, 1);
    return edit;
}

} // namespace

NewKeyDialog::NewKeyDialog(const gateway::Config& config, QWidget* parent)
    : FormDialog(tr("New key"), tr("&Create key"), parent), m_config(config)
{
    setFixedWidth(kWidth);
    fields()->addWidget(makeParagraph(
        tr("A key for one tool, so that its requests can be told apart. Only its hash is kept."), "muted"));
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(14);
    grid->setVerticalSpacing(10);
    grid->setColumnStretch(1, 1);
    m_name = addField(grid, tr("&Name"), tr("cursor"));
    m_name->setObjectName(QStringLiteral("nameEdit"));
    m_models = addField(grid, tr("&Models"), tr("all; or gpt-*, claude-*"));
    m_models->setObjectName(QStringLiteral("modelsEdit"));
    m_expires = addField(grid, tr("E&xpires"), tr("never; or %1").arg(QStringLiteral("2027-01-31")));
    m_expires->setObjectName(QStringLiteral("expiresEdit"));
    fields()->addLayout(grid);
    connect(this, &FormDialog::acceptWanted, this, &NewKeyDialog::submit);
    m_name->setFocus();
}

void NewKeyDialog::submit()
{
    if (isBusy()) return;
    const QString name = m_name->text().trimmed();
    const QString expires = m_expires->text().trimmed();
    if (!isValidName(name)) {
        showProblem(tr("The name may hold letters, digits, dots, dashes and underscores."));
        return;
    }
    if (m_config.findKey(name.toStdString()) != nullptr) {
        showProblem(tr("There is a key of this name already."));
        return;
    }
    if (!expires.isEmpty() && !QDate::fromString(expires.left(10), Qt::ISODate).isValid()) {
        showProblem(tr("Write the date as year-month-day, such as 2027-01-31."));
        return;
    }
    gateway::VirtualKeyConfig key;
    key.id = gateway::VirtualKeyId(name.toStdString());
    key.expires = expires.toStdString();
    const QStringList models = m_models->text().split(QLatin1Char(','), Qt::SkipEmptyParts);
    for (const QString& model : models) {
        if (!model.trimmed().isEmpty()) key.models.push_back(model.trimmed().toStdString());
    }
    setBusy(true);
    emit submitted(key);
}

KeyShownDialog::KeyShownDialog(const QString& name, const gateway::Secret& key, QWidget* parent)
    : FormDialog(tr("Key %1").arg(name), tr("&Done"), parent)
{
    setFixedWidth(kWidth);
    fields()->addWidget(makeParagraph(tr("Copy it now: it is shown this once and cannot be read again.")));
    QHBoxLayout* line = row(8);
    const std::string_view bytes = key.reveal();
    m_key = new QLineEdit(QString::fromLatin1(bytes.data(), static_cast<qsizetype>(bytes.size())));
    m_key->setObjectName(QStringLiteral("newKeyEdit"));
    m_key->setAccessibleName(tr("The new key"));
    m_key->setReadOnly(true);
    m_key->setProperty("mono", true);
    QPushButton* copy = makeButton(tr("&Copy"), "ghost", QStringLiteral("copy"), "copyButton");
    connect(copy, &QPushButton::clicked, this, [this] {
        copyText(m_key->text());
        showMessage(tr("Copied"), QStringLiteral("circle-check"), "success");
    });
    line->addWidget(m_key, 1);
    line->addWidget(copy);
    fields()->addLayout(line);
    cancelButton()->hide();
    connect(this, &FormDialog::acceptWanted, this, &QDialog::accept);
}

void KeyShownDialog::done(int result)
{
    m_key->setText(QString());
    FormDialog::done(result);
}

} // namespace ui
