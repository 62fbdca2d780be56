// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/route_test_dialog.h"

#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QVBoxLayout>

#include "models/dry_source.h"
#include "models/route_edit.h"
#include "models/route_test_text.h"
#include "widgets/build.h"
#include "widgets/combo_box.h"

namespace ui {
namespace {

constexpr int kWidth = 620;
constexpr int kRequestHeight = 96;

} // namespace

RouteTestDialog::RouteTestDialog(const gateway::Config& config, const gateway::RouteId& route,
                                 std::size_t place, QWidget* parent)
    : FormDialog(tr("Test of the route"), tr("&Keep"), parent)
    , m_config(config)
    , m_route(route)
    , m_place(place)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setFixedWidth(kWidth);
    buildFields();
    const gateway::RouteConfig* found = config.findRoute(route.text);
    gateway::RouteTest shown;
    if (found != nullptr && place < found->tests.size()) {
        shown = found->tests[place];
    } else {
        const auto sample = drySamples(QString::fromStdString(route.text)).front();
        shown.requestJson = sample.body.toStdString();
        if (found != nullptr) shown.name = freeTestName(*found, sample.name.toStdString());
    }
    show(shown);
    connect(this, &FormDialog::acceptWanted, this, &RouteTestDialog::submit);
    m_name->setFocus();
}

QLineEdit* RouteTestDialog::addLine(QGridLayout* grid, const QString& name, const char* objectName,
                                    const QString& hint)
{
    auto* edit = new QLineEdit;
    edit->setObjectName(QLatin1String(objectName));
    edit->setAccessibleName(withoutMnemonic(name));
    edit->setPlaceholderText(hint);
    const int line = grid->rowCount();
    grid->addWidget(makeFieldLabel(name, edit), line, 0);
    grid->addWidget(edit, line, 1);
    connect(edit, &QLineEdit::textEdited, this, [this] { hideMessage(); });
    return edit;
}

void RouteTestDialog::buildFields()
{
    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(14);
    grid->setVerticalSpacing(8);
    grid->setColumnStretch(1, 1);
    m_name = addLine(grid, tr("&Name"), "testNameEdit", {});
    m_name->setMaxLength(100);
    m_target = new ComboBox(tr("Goes to"), "testTargetComboBox", ComboBox::Texts::Any);
    m_target->lineEdit()->setPlaceholderText(tr("provider, provider/model or a pattern"));
    m_target->setSuggestions(reachableTargets(m_config, m_route));
    connect(m_target, &QComboBox::currentTextChanged, this, [this] { hideMessage(); });
    const int line = grid->rowCount();
    grid->addWidget(makeFieldLabel(tr("&Goes to"), m_target), line, 0);
    grid->addWidget(m_target, line, 1);
    const QString several = tr("the same, several with commas");
    m_never = addLine(grid, tr("N&ever to"), "testNeverEdit", several);
    m_cost = addLine(grid, tr("At most $"), "testCostEdit", tr("no limit"));
    m_down = addLine(grid, tr("&Down"), "testDownEdit", tr("providers or provider/model, with commas"));
    m_limited = addLine(grid, tr("Rate-&limited"), "testLimitedEdit", several);
    m_slow = addLine(grid, tr("&Slow"), "testSlowEdit", several);
    fields()->addLayout(grid);
    m_request = new QPlainTextEdit;
    m_request->setObjectName(QStringLiteral("testRequestEdit"));
    m_request->setAccessibleName(tr("The request's body"));
    m_request->setTabChangesFocus(true);
    m_request->setMinimumHeight(kRequestHeight);
    m_request->setPlaceholderText(tr("The request's body, as JSON"));
    fields()->addWidget(m_request, 1);
    connect(m_request, &QPlainTextEdit::textChanged, this, [this] { hideMessage(); });
}

void RouteTestDialog::show(const gateway::RouteTest& test)
{
    m_name->setText(QString::fromStdString(test.name));
    m_target->showText(QString::fromStdString(test.expect.target));
    m_never->setText(namesText(test.expect.never));
    m_cost->setText(QString::fromStdString(test.expect.maxCost.value_or(std::string())));
    m_down->setText(namesText(test.down));
    m_limited->setText(namesText(test.limited));
    m_slow->setText(namesText(test.slow));
    m_request->setPlainText(QString::fromStdString(test.requestJson));
}

gateway::RouteTest RouteTestDialog::test() const
{
    gateway::RouteTest made;
    made.name = m_name->text().trimmed().toStdString();
    made.requestJson = m_request->toPlainText().trimmed().toStdString();
    made.expect.target = m_target->currentText().trimmed().toStdString();
    made.expect.never = namesIn(m_never->text());
    const QString cost = m_cost->text().trimmed();
    if (!cost.isEmpty()) made.expect.maxCost = cost.toStdString();
    made.down = namesIn(m_down->text());
    made.limited = namesIn(m_limited->text());
    made.slow = namesIn(m_slow->text());
    return made;
}

/// What the configuration would say of it; a name that leads nowhere is refused here, where it is typed.
QString RouteTestDialog::problemOf(const gateway::RouteTest& test) const
{
    gateway::Config config = m_config;
    const QString mine = QStringLiteral("tests[%1].").arg(m_place);
    for (gateway::RouteConfig& route : config.routes) {
        if (route.id != m_route) continue;
        if (m_place < route.tests.size())
            route.tests[m_place] = test;
        else
            route.tests.push_back(test);
    }
    std::vector<gateway::ConfigProblem> problems = gateway::validate(config);
    for (gateway::ConfigProblem& problem : problems) {
        problem.weight = gateway::ConfigProblem::Weight::Error;
    }
    for (const RouteProblem& problem : routeProblems(problems, m_route)) {
        if (problem.field.startsWith(mine))
            return problem.field.mid(mine.size()) + QStringLiteral(": ") + problem.message;
        if (problem.field + QLatin1Char('.') == mine) return problem.message;
    }
    return {};
}

void RouteTestDialog::submit()
{
    const gateway::RouteTest made = test();
    const QString problem = problemOf(made);
    if (!problem.isEmpty()) {
        showProblem(problem);
        return;
    }
    accept();
    emit submitted(made);
}

} // namespace ui
