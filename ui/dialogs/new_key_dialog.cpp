// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/new_key_dialog.h"

#include <algorithm>
#include <array>

#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "models/config_edit.h"
#include "models/format.h"
#include "widgets/amount_fields.h"
#include "widgets/build.h"
#include "widgets/expiry_field.h"
#include "widgets/flow_layout.h"
#include "widgets/limit_fields.h"
#include "widgets/problem_grid.h"

namespace ui {
namespace {

constexpr int kWidth = 800;
constexpr int kMostLetters = 2000;

struct DialectName {
    const char* id;
    const char* name;
};
constexpr std::array kDialects{DialectName{"openai", "OpenAI"},       DialectName{"responses", "Responses"},
                               DialectName{"anthropic", "Anthropic"}, DialectName{"gemini", "Gemini"},
                               DialectName{"cohere", "Cohere"},       DialectName{"ollama", "Ollama"}};

QLineEdit* makeEdit(const QString& name, const char* objectName, const QString& example)
{
    auto* edit = new QLineEdit;
    edit->setObjectName(QLatin1String(objectName));
    edit->setAccessibleName(name);
    edit->setPlaceholderText(example);
    edit->setMaxLength(kMostLetters);
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

// What of the key a problem is about ("limits.rpm"); nothing where it is about something else. A name that is
// no plain word stands in brackets.
std::optional<std::string> fieldOf(const std::string& path, const std::string& key)
{
    for (const std::string& at : {"keys." + key + ".", "keys[\"" + key + "\"]."}) {
        if (path.rfind(at, 0) == 0) return path.substr(at.size());
    }
    return std::nullopt;
}

QCheckBox* makeBox(const QString& text, const char* objectName)
{
    auto* box = new QCheckBox(text);
    box->setObjectName(QLatin1String(objectName));
    box->setAccessibleName(withoutMnemonic(text));
    box->setProperty("worded", true);
    return box;
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
    using Side = ProblemGrid::Side;
    m_grid = new ProblemGrid;
    m_name = makeEdit(tr("Name"), "nameEdit", tr("cursor"));
    m_models = makeEdit(tr("Models"), "modelsEdit", tr("all; or gpt-*, claude-*"));
    m_routes = makeEdit(tr("Routes"), "routesEdit", tr("all; or smart, team-*"));
    m_tags = makeEdit(tr("Tags"), "tagsEdit", tr("none; or team-a, nightly"));
    m_expires = new ExpiryField;
    m_budget = new AmountFields;
    m_budget->setHint(tr("as much as it likes"));
    m_dialects = buildDialects();
    m_paused = makeBox(tr("&Paused: tools that present it are refused"), "pausedCheckBox");
    m_grid->addField(tr("&Name"), m_name, Side::Both);
    m_grid->addField(tr("&Models"), m_models, Side::Left);
    m_grid->addField(tr("&Routes"), m_routes, Side::Right);
    m_grid->addField(tr("&Tags"), m_tags, Side::Left);
    m_grid->addField(tr("E&xpires"), m_expires, Side::Right);
    m_grid->addField(tr("&Budget"), m_budget, Side::Both);
    m_grid->addField(tr("APIs"), m_dialects, Side::Both);
    fields()->addLayout(m_grid);
    m_limits = new LimitFields;
    fields()->addWidget(m_limits);
    fields()->addWidget(m_paused);
}

QWidget* NewKeyDialog::buildDialects()
{
    auto* holder = new QWidget;
    holder->setProperty("role", QStringLiteral("clear"));
    holder->setToolTip(tr("None of them: the key is good for all."));
    auto* flow = new FlowLayout(16, 6, holder);
    for (const DialectName& dialect : kDialects) {
        auto* box = makeBox(QLatin1String(dialect.name), "dialectCheckBox");
        m_dialectBoxes.push_back(box);
        flow->addWidget(box);
    }
    return holder;
}

void NewKeyDialog::showKey(const gateway::VirtualKeyConfig& key)
{
    m_name->setText(QString::fromStdString(key.id.text));
    m_name->setEnabled(false); // The log and the budgets know it by its name.
    m_models->setText(formatList(key.models));
    m_routes->setText(formatList(key.routes));
    m_tags->setText(formatList(key.tags));
    m_expires->setText(key.expires);
    if (key.budget) m_budget->setAmount(key.budget->usd, key.budget->per);
    for (std::size_t i = 0; i < kDialects.size(); ++i) {
        const auto& named = key.dialects;
        m_dialectBoxes[i]->setChecked(std::count(named.begin(), named.end(), kDialects[i].id) > 0);
    }
    m_limits->setLimits(key.limits);
    m_paused->setChecked(key.paused);
}

gateway::VirtualKeyConfig NewKeyDialog::typedKey() const
{
    gateway::VirtualKeyConfig key = m_present.value_or(gateway::VirtualKeyConfig());
    key.id = gateway::VirtualKeyId(m_name->text().trimmed().toStdString());
    key.models = listIn(*m_models);
    key.routes = listIn(*m_routes);
    key.tags = listIn(*m_tags);
    key.expires = m_expires->text();
    key.dialects.clear();
    for (std::size_t i = 0; i < kDialects.size(); ++i) {
        if (m_dialectBoxes[i]->isChecked()) key.dialects.emplace_back(kDialects[i].id);
    }
    key.budget.reset();
    if (!m_budget->isEmpty()) key.budget = gateway::KeyBudget{m_budget->usd(), m_budget->per()};
    key.limits = m_limits->limits();
    key.paused = m_paused->isChecked();
    return key;
}

bool NewKeyDialog::checkTyped()
{
    const QString name = m_name->text().trimmed();
    bool good = m_limits->check();
    const auto bad = [&](QWidget* field, const QString& text) {
        good = false;
        m_grid->setProblem(field, text);
    };
    if (!isValidName(name)) {
        bad(m_name, tr("The name may hold letters, digits, dots, dashes and underscores."));
    } else if (!m_present && m_config.findKey(name.toStdString()) != nullptr) {
        bad(m_name, tr("There is a key of this name already."));
    }
    if (!m_budget->isEmpty() && !m_budget->usd())
        bad(m_budget, tr("Write the budget in US dollars, such as 10 or 2.50, or leave it empty."));
    return good;
}

bool NewKeyDialog::checkRules(const gateway::VirtualKeyConfig& key)
{
    gateway::VirtualKeyConfig whole = key;
    if (whole.sha256.empty()) whole.sha256 = std::string(64, '0'); // It has one when it is made.
    bool good = true;
    for (const gateway::ConfigProblem& problem : gateway::validate(withVirtualKey(m_config, whole))) {
        const auto field = fieldOf(problem.path, key.id.text);
        if (!field || problem.weight != gateway::ConfigProblem::Weight::Error) continue;
        tell(*field, QString::fromStdString(problem.message));
        good = false;
    }
    return good;
}

void NewKeyDialog::tell(const std::string& field, const QString& text)
{
    const std::string name = field.substr(0, field.find_first_of(".["));
    if (name == "limits") {
        m_limits->setProblem(field.substr(field.find_last_of('.') + 1), text);
        return;
    }
    QWidget* widget = name == "models"     ? static_cast<QWidget*>(m_models)
                      : name == "routes"   ? m_routes
                      : name == "tags"     ? m_tags
                      : name == "expires"  ? m_expires
                      : name == "budget"   ? m_budget
                      : name == "dialects" ? m_dialects
                                           : nullptr;
    if (widget == nullptr) {
        showProblem(text);
    } else {
        m_grid->setProblem(widget, text);
    }
}

void NewKeyDialog::submit()
{
    if (isBusy()) return;
    hideMessage();
    m_grid->clearProblems();
    m_limits->clearProblems();
    const bool typed = checkTyped();
    const gateway::VirtualKeyConfig key = typedKey();
    if (typed && checkRules(key)) {
        setBusy(true);
        emit submitted(key);
    } else if (QWidget* bad = m_grid->firstBad()) {
        bad->setFocus();
    }
}

} // namespace ui
