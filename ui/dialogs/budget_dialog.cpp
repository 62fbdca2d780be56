// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/budget_dialog.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSpinBox>
#include <QVBoxLayout>

#include "models/budget_text.h"
#include "models/config_edit.h"
#include "models/model_text.h"
#include "widgets/amount_fields.h"
#include "widgets/build.h"
#include "widgets/combo_box.h"

namespace ui {
namespace {

constexpr int kWidth = 600;
constexpr int kLabelWidth = 92;
constexpr int kMostLetters = 256;
constexpr int kMostWaitSeconds = 600;

QGridLayout* makeGrid()
{
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(14);
    grid->setVerticalSpacing(10);
    grid->setColumnStretch(1, 1);
    grid->setColumnMinimumWidth(0, kLabelWidth); // The three grids stand in line.
    return grid;
}

QLineEdit* makeEdit(const QString& name, const char* objectName, const QString& example)
{
    auto* edit = new QLineEdit;
    edit->setObjectName(QLatin1String(objectName));
    edit->setAccessibleName(withoutMnemonic(name));
    edit->setPlaceholderText(example);
    edit->setMaxLength(kMostLetters);
    return edit;
}

template <class Named>
ComboBox* makeNames(const QString& name, const char* objectName, const std::vector<Named>& all)
{
    auto* combo = new ComboBox(withoutMnemonic(name), objectName, ComboBox::Texts::Any);
    QStringList names;
    for (const Named& each : all) {
        names.append(QString::fromStdString(each.id.text));
    }
    combo->setSuggestions(names);
    combo->lineEdit()->setPlaceholderText(BudgetDialog::tr("any"));
    combo->lineEdit()->setMaxLength(kMostLetters);
    return combo;
}

std::string textOf(const QString& text)
{
    return text.trimmed().toStdString();
}

} // namespace

BudgetDialog::BudgetDialog(const gateway::Config& config, const std::optional<gateway::BudgetConfig>& present,
                           QWidget* parent)
    : FormDialog(present ? tr("Edit budget") : tr("Add budget"), tr("&Save"), parent)
    , m_config(config)
    , m_present(present)
{
    setFixedWidth(kWidth);
    buildAmount();
    buildScope();
    buildLimit();
    showBudget(present.value_or(gateway::BudgetConfig()));
    connect(m_atLimit, &QComboBox::currentIndexChanged, this, &BudgetDialog::showChoice);
    connect(this, &FormDialog::acceptWanted, this, &BudgetDialog::submit);
    (present ? static_cast<QWidget*>(m_amount) : m_name)->setFocus();
}

void BudgetDialog::buildAmount()
{
    QGridLayout* grid = makeGrid();
    m_name = makeEdit(tr("&Name"), "nameEdit", tr("everything"));
    m_amount = new AmountFields;
    grid->addWidget(makeFieldLabel(tr("&Name"), m_name), 0, 0);
    grid->addWidget(m_name, 0, 1);
    grid->addWidget(makeFieldLabel(tr("&Amount"), m_amount), 1, 0);
    grid->addWidget(m_amount, 1, 1);
    fields()->addLayout(grid);
}

void BudgetDialog::buildScope()
{
    fields()->addWidget(makeLabel(tr("What it counts"), "h3"));
    fields()->addWidget(makeParagraph(
        tr("Names or patterns such as claude-*. All that are said have to match; none means everything."),
        "muted"));
    QGridLayout* grid = makeGrid();
    grid->setColumnStretch(3, 1);
    const auto add = [grid](const QString& name, QWidget* field, int line, int column) {
        grid->addWidget(makeFieldLabel(name, field), line, column);
        grid->addWidget(field, line, column + 1);
    };
    m_provider = makeNames(tr("Provider"), "scopeProviderComboBox", m_config.providers);
    m_model = makeEdit(tr("Model"), "scopeModelEdit", tr("any"));
    m_route = makeNames(tr("Route"), "scopeRouteComboBox", m_config.routes);
    m_key = makeNames(tr("Key"), "scopeKeyComboBox", m_config.keys);
    m_tag = makeEdit(tr("Tag"), "scopeTagEdit", tr("any"));
    m_client = makeEdit(tr("Client"), "scopeClientEdit", tr("any"));
    add(tr("&Provider"), m_provider, 0, 0);
    add(tr("&Model"), m_model, 0, 2);
    add(tr("&Route"), m_route, 1, 0);
    add(tr("&Key"), m_key, 1, 2);
    add(tr("&Tag"), m_tag, 2, 0);
    add(tr("&Client"), m_client, 2, 2);
    m_repository = makeEdit(tr("Repository"), "scopeRepositoryEdit", tr("any; or a folder's name or path"));
    grid->addWidget(makeFieldLabel(tr("Repositor&y"), m_repository), 3, 0);
    grid->addWidget(m_repository, 3, 1, 1, 3);
    fields()->addLayout(grid);
}

void BudgetDialog::buildLimit()
{
    QGridLayout* grid = makeGrid();
    m_warnAt = makeEdit(tr("Warn at percent"), "warnAtEdit", tr("never; or 50, 80"));
    m_atLimit = new ComboBox(tr("At the limit"), "atLimitComboBox");
    m_atLimit->addItem(tr("Refuse requests"), static_cast<int>(gateway::AtLimit::Block));
    m_atLimit->addItem(tr("Send them to another route"), static_cast<int>(gateway::AtLimit::Reroute));
    m_atLimit->addItem(tr("Ask me"), static_cast<int>(gateway::AtLimit::Ask));
    m_atLimit->addItem(tr("Only warn"), static_cast<int>(gateway::AtLimit::Warn));
    m_target = new ComboBox(tr("Route to use instead"), "insteadComboBox");
    for (const gateway::RouteConfig& route : m_config.routes) {
        const QString name = QString::fromStdString(route.id.text);
        m_target->addItem(name, name);
    }
    m_instead = makeFieldLabel(tr("&Use instead"), m_target);
    grid->addWidget(makeFieldLabel(tr("&Warn at percent"), m_warnAt), 0, 0);
    grid->addWidget(m_warnAt, 0, 1);
    grid->addWidget(makeFieldLabel(tr("At the &limit"), m_atLimit), 1, 0);
    grid->addWidget(m_atLimit, 1, 1);
    grid->addWidget(m_instead, 2, 0);
    grid->addWidget(m_target, 2, 1);
    buildAsking(grid);
    fields()->addWidget(makeLine());
    fields()->addLayout(grid);
}

void BudgetDialog::buildAsking(QGridLayout* grid)
{
    m_askMore = makeEdit(tr("Dollars to offer"), "askMoreEdit", tr("5"));
    m_askWait = makeSpinBox(tr("Seconds to wait for an answer"), "askWaitSpinBox", 1, kMostWaitSeconds);
    m_askWait->setSuffix(tr(" s"));
    m_ask = new QWidget;
    m_ask->setProperty("role", QStringLiteral("clear"));
    auto* line = new QHBoxLayout(m_ask);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    line->addWidget(makeLabel(QStringLiteral("$")));
    line->addWidget(m_askMore, 1);
    line->addWidget(makeLabel(tr("more, and wait"), "muted"));
    line->addWidget(m_askWait);
    line->addWidget(makeLabel(tr("then refuse"), "muted"));
    m_ask->setFocusProxy(m_askMore);
    m_askLabel = makeFieldLabel(tr("&Offer"), m_ask);
    grid->addWidget(m_askLabel, 3, 0);
    grid->addWidget(m_ask, 3, 1);
}

void BudgetDialog::showBudget(const gateway::BudgetConfig& budget)
{
    const auto text = [](const std::string& shown) { return QString::fromStdString(shown); };
    m_name->setText(text(budget.id.text));
    m_name->setEnabled(!m_present); // What the window told of it, it told by this name.
    if (m_present) m_amount->setAmount(budget.usd, budget.per);
    m_provider->showText(text(budget.scope.provider));
    m_model->setText(text(budget.scope.model));
    m_route->showText(text(budget.scope.route));
    m_key->showText(text(budget.scope.key));
    m_tag->setText(text(budget.scope.tag));
    m_client->setText(text(budget.scope.client));
    m_repository->setText(text(budget.scope.repository));
    m_askMore->setText(typedDollars(budget.askMore));
    m_askWait->setValue(static_cast<int>(budget.askWait.count() / 1000));
    m_warnAt->setText(percentsText(budget.warnAt));
    m_atLimit->setCurrentData(static_cast<int>(budget.atLimit), atLimitText(budget));
    if (!budget.route.empty()) m_target->setCurrentData(text(budget.route.text), text(budget.route.text));
    showChoice();
}

void BudgetDialog::showChoice()
{
    const bool reroutes = atLimit() == gateway::AtLimit::Reroute;
    m_instead->setVisible(reroutes);
    m_target->setVisible(reroutes);
    const bool asks = atLimit() == gateway::AtLimit::Ask;
    m_askLabel->setVisible(asks);
    m_ask->setVisible(asks);
}

gateway::AtLimit BudgetDialog::atLimit() const
{
    return static_cast<gateway::AtLimit>(m_atLimit->currentData().toInt());
}

gateway::BudgetScope BudgetDialog::scope() const
{
    gateway::BudgetScope scope;
    scope.provider = textOf(m_provider->currentText());
    scope.model = textOf(m_model->text());
    scope.route = textOf(m_route->currentText());
    scope.key = textOf(m_key->currentText());
    scope.tag = textOf(m_tag->text());
    scope.client = textOf(m_client->text());
    scope.repository = textOf(m_repository->text());
    return scope;
}

QString BudgetDialog::problemOf(const QString& name) const
{
    if (!isValidName(name)) return tr("The name may hold letters, digits, dots, dashes and underscores.");
    const bool taken = std::any_of(m_config.budgets.begin(), m_config.budgets.end(),
                                   [&](const auto& each) { return each.id.text == name.toStdString(); });
    if (!m_present && taken) return tr("There is a budget of this name already.");
    if (!m_amount->usd()) return tr("Write the amount in US dollars, such as 200 or 2.50.");
    if (!percentsFrom(m_warnAt->text()))
        return tr("Write up to ten whole percents from 1 to 100, such as 50, 80.");
    if (atLimit() == gateway::AtLimit::Reroute && m_target->currentIndex() < 0)
        return tr("There is no route to send requests to. Make one on the page Routes first.");
    const bool offers = atLimit() == gateway::AtLimit::Ask && !m_askMore->text().trimmed().isEmpty();
    if (offers && parseDollars(m_askMore->text()).value_or(0) <= 0)
        return tr("Write how many US dollars are offered, such as 5, or leave it empty.");
    return {};
}

gateway::BudgetId BudgetDialog::budgetId() const
{
    return gateway::BudgetId(textOf(m_name->text()));
}

void BudgetDialog::submit()
{
    if (isBusy()) return;
    const QString name = m_name->text().trimmed();
    const QString problem = problemOf(name);
    if (!problem.isEmpty()) {
        showProblem(problem);
        return;
    }
    gateway::BudgetConfig budget = m_present.value_or(gateway::BudgetConfig());
    budget.id = budgetId();
    budget.usd = m_amount->usd();
    budget.per = m_amount->per();
    budget.scope = scope();
    budget.warnAt = percentsFrom(m_warnAt->text()).value_or(budget.warnAt);
    budget.atLimit = atLimit();
    budget.route = budget.atLimit == gateway::AtLimit::Reroute
                       ? gateway::RouteId(textOf(m_target->currentData().toString()))
                       : gateway::RouteId();
    if (budget.atLimit == gateway::AtLimit::Ask) {
        const bool same = m_askMore->text() == typedDollars(budget.askMore);
        if (!same) budget.askMore = dollarsFrom(m_askMore->text());
        const gateway::seconds wait(m_askWait->value());
        if (wait != std::chrono::duration_cast<gateway::seconds>(budget.askWait)) budget.askWait = wait;
    }
    setBusy(true);
    emit submitted(budget);
}

} // namespace ui
