// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/add_key_dialog.h"

#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSpinBox>
#include <QVBoxLayout>

#include "models/config_edit.h"
#include "models/provider_text.h"
#include "widgets/build.h"
#include "widgets/key_source_editor.h"

namespace ui {
namespace {

constexpr int kWidth = 600;
constexpr int kMostWeight = 1000;

} // namespace

AddKeyDialog::AddKeyDialog(const gateway::ProviderConfig& provider, bool keychainUsable,
                           const QString& keychainProblem, QWidget* parent)
    : FormDialog(tr("Add key"), tr("&Add key"), parent), m_provider(provider)
{
    setFixedWidth(kWidth);
    m_key = new KeySourceEditor(keychainUsable, keychainProblem);
    m_key->setPlaceholder(tr("Paste the key"));
    fields()->addWidget(m_key);
    if (const QString hint = kindHint(provider.kind); !hint.isEmpty())
        fields()->addWidget(makeParagraph(hint, "muted"));
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(14);
    grid->setVerticalSpacing(10);
    grid->setColumnStretch(1, 1);
    m_id = new QLineEdit(
        freeKeyId(provider, provider.keys.empty() ? QStringLiteral("main") : QStringLiteral("key")));
    m_id->setObjectName(QStringLiteral("keyIdEdit"));
    m_id->setAccessibleName(tr("Name of the key"));
    m_id->setMaxLength(64);
    m_weight = makeSpinBox(tr("Weight"), "weightSpinBox", 1, kMostWeight);
    m_weight->setToolTip(tr("How often this key is used, compared with the others"));
    grid->addWidget(makeFieldLabel(tr("&Name"), m_id), 0, 0);
    grid->addWidget(m_id, 0, 1);
    grid->addWidget(makeFieldLabel(tr("&Weight"), m_weight), 1, 0);
    grid->addWidget(m_weight, 1, 1, Qt::AlignLeft);
    fields()->addLayout(grid);
    connect(m_key, &KeySourceEditor::changed, this, [this] { hideMessage(); });
    connect(this, &FormDialog::acceptWanted, this, &AddKeyDialog::submit);
    m_key->focusFirst();
}

void AddKeyDialog::submit()
{
    if (isBusy()) return;
    const QString id = m_id->text().trimmed();
    QString problem = m_key->problem();
    if (problem.isEmpty() && m_key->isEmpty()) problem = tr("Give the key first.");
    if (problem.isEmpty() && !isValidName(id)) {
        problem = tr("The name may hold letters, digits, dots, dashes and underscores.");
    }
    if (problem.isEmpty() && freeKeyId(m_provider, id) != id.toLower())
        problem = tr("There is a key of this name already.");
    if (!problem.isEmpty()) {
        showProblem(problem);
        return;
    }
    gateway::ProviderKey key;
    key.id = gateway::ProviderKeyId(id.toStdString());
    key.weight = static_cast<std::uint32_t>(m_weight->value());
    const QString provider = QString::fromStdString(m_provider.id.text);
    key.secret = m_key->reference(secretNameFor(provider, id));
    setBusy(true);
    emit submitted(key, m_key->key());
}

void AddKeyDialog::done(int result)
{
    m_key->forget();
    FormDialog::done(result);
}

} // namespace ui
