// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/new_key_dialog.h"

#include <cstdint>
#include <string>
#include <vector>

#include <QDate>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>

#include "models/config_edit.h"
#include "widgets/amount_fields.h"
#include "widgets/build.h"
#include "widgets/clipboard.h"

namespace ui {
namespace {

constexpr int kWidth = 520;
constexpr std::int64_t kMostRequests = 1'000'000'000;
constexpr std::int64_t kMostTokens = 1'000'000'000'000;

QLineEdit* addField(QGridLayout* grid, const QString& name, const char* objectName, const QString& example)
{
    auto* edit = new QLineEdit;
    edit->setObjectName(QLatin1String(objectName));
    edit->setAccessibleName(withoutMnemonic(name));
    edit->setPlaceholderText(example);
    edit->setMaxLength(500);
    const int line = grid->rowCount();
    grid->addWidget(makeFieldLabel(name, edit), line, 0);
    grid->addWidget(edit, line, 1);
    return edit;
}

std::vector<std::string> listIn(const QLineEdit& edit)
{
    std::vector<std::string> list;
    const QStringList parts = edit.text().split(QLatin1Char(','), Qt::SkipEmptyParts);
    for (const QString& part : parts) {
        if (!part.trimmed().isEmpty()) list.push_back(part.trimmed().toStdString());
    }
    return list;
}

// False where it is neither nothing nor a whole number from 1 to `most`.
template <class Number>
bool readNumber(const QLineEdit& edit, std::int64_t most, std::optional<Number>& into)
{
    QString text = edit.text().trimmed();
    text.remove(QLocale().groupSeparator());
    bool good = false;
    const qlonglong number = text.toLongLong(&good);
    into.reset();
    if (text.isEmpty()) return true;
    if (!good || number < 1 || number > most) return false;
    into = static_cast<Number>(number);
    return true;
}

template <class Number>
QString numberText(const std::optional<Number>& number)
{
    return number ? QString::number(*number) : QString();
}

} // namespace

NewKeyDialog::NewKeyDialog(const gateway::Config& config,
                           const std::optional<gateway::VirtualKeyConfig>& present, QWidget* parent)
    : FormDialog(present ? tr("Edit key") : tr("New key"), present ? tr("&Save") : tr("&Create key"), parent)
    , m_config(config)
    , m_present(present)
{
    setFixedWidth(kWidth);
    fields()->addWidget(makeParagraph(
        present ? tr("What the key may do from now on. It stays the same key: no tool has to be changed.")
                : tr("A key for one tool, so that its requests can be told apart. Only its hash is kept."),
        "muted"));
    buildFields();
    connect(this, &FormDialog::acceptWanted, this, &NewKeyDialog::submit);
    if (present) showKey(*present);
    (present ? m_models : m_name)->setFocus();
}

void NewKeyDialog::buildFields()
{
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(14);
    grid->setVerticalSpacing(10);
    grid->setColumnStretch(1, 1);
    m_name = addField(grid, tr("&Name"), "nameEdit", tr("cursor"));
    m_models = addField(grid, tr("&Models"), "modelsEdit", tr("all; or gpt-*, claude-*"));
    m_expires =
        addField(grid, tr("E&xpires"), "expiresEdit", tr("never; or %1").arg(QStringLiteral("2027-01-31")));
    m_budget = new AmountFields;
    m_budget->setHint(tr("as much as it likes"));
    grid->addWidget(makeFieldLabel(tr("&Budget"), m_budget), grid->rowCount(), 0);
    grid->addWidget(m_budget, grid->rowCount() - 1, 1);
    m_requests = addField(grid, tr("&Requests a minute"), "rpmEdit", tr("no limit"));
    m_tokens = addField(grid, tr("&Tokens a minute"), "tpmEdit", tr("no limit"));
    fields()->addLayout(grid);
}

void NewKeyDialog::showKey(const gateway::VirtualKeyConfig& key)
{
    m_name->setText(QString::fromStdString(key.id.text));
    m_name->setEnabled(false); // The log and the budgets know it by its name.
    QStringList models;
    for (const std::string& model : key.models) {
        models.append(QString::fromStdString(model));
    }
    m_models->setText(models.join(QStringLiteral(", ")));
    m_expires->setText(QString::fromStdString(key.expires));
    if (key.budget) m_budget->setAmount(key.budget->usd, key.budget->per);
    m_requests->setText(numberText(key.limits.rpm));
    m_tokens->setText(numberText(key.limits.tpm));
}

QString NewKeyDialog::problemOf(const QString& name, const QString& expires) const
{
    if (!isValidName(name)) return tr("The name may hold letters, digits, dots, dashes and underscores.");
    if (!m_present && m_config.findKey(name.toStdString()) != nullptr)
        return tr("There is a key of this name already.");
    if (!expires.isEmpty() && !QDate::fromString(expires.left(10), Qt::ISODate).isValid())
        return tr("Write the date as year-month-day, such as 2027-01-31.");
    if (!m_budget->isEmpty() && !m_budget->usd())
        return tr("Write the budget in US dollars, such as 10 or 2.50, or leave it empty.");
    return {};
}

QString NewKeyDialog::readLimits(gateway::RateLimits& limits) const
{
    if (!readNumber(*m_requests, kMostRequests, limits.rpm))
        return tr("Write the requests a minute as a whole number, or leave them empty.");
    if (!readNumber(*m_tokens, kMostTokens, limits.tpm))
        return tr("Write the tokens a minute as a whole number, or leave them empty.");
    return {};
}

void NewKeyDialog::submit()
{
    if (isBusy()) return;
    const QString name = m_name->text().trimmed();
    const QString expires = m_expires->text().trimmed();
    gateway::VirtualKeyConfig key = m_present.value_or(gateway::VirtualKeyConfig());
    QString problem = problemOf(name, expires);
    if (problem.isEmpty()) problem = readLimits(key.limits);
    if (!problem.isEmpty()) {
        showProblem(problem);
        return;
    }
    key.id = gateway::VirtualKeyId(name.toStdString());
    key.expires = expires.toStdString();
    key.models = listIn(*m_models);
    key.budget.reset();
    if (!m_budget->isEmpty()) key.budget = gateway::KeyBudget{m_budget->usd(), m_budget->per()};
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
