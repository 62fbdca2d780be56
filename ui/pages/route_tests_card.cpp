// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/route_tests_card.h"

#include <cstddef>

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "dialogs/route_test_dialog.h"
#include "models/route_test_text.h"
#include "theme/icons.h"
#include "widgets/build.h"

namespace ui {

RouteTestsCard::RouteTestsCard(QWidget* parent) : QFrame(parent)
{
    setProperty("role", QStringLiteral("card"));
    auto* all = column(this, {16, 14, 16, 14}, 10);
    QHBoxLayout* head = row(8);
    head->addWidget(makeLabel(tr("Tests"), "h2"));
    head->addStretch();
    m_run = makeButton(tr("Run all"), "ghost", QStringLiteral("play"), "runTestsButton");
    m_run->setToolTip(tr("Runs all tests of this route by the draft; nothing is sent"));
    QPushButton* add = makeButton(tr("Add"), "ghost", QStringLiteral("plus"), "addTestButton");
    add->setToolTip(tr("Adds a test of this route"));
    add->setAccessibleName(tr("Add test"));
    head->addWidget(m_run);
    head->addWidget(add);
    all->addLayout(head);
    m_empty =
        makeParagraph(tr("None yet. Run a dry run and press “Save as test”: from then on the target that was "
                         "chosen is expected, and a change that leads elsewhere is not applied unseen."),
                      "muted");
    all->addWidget(m_empty);
    m_list = new QVBoxLayout;
    m_list->setSpacing(8);
    all->addLayout(m_list);
    m_others = makeParagraph({}, "muted");
    m_others->setProperty("tone", QStringLiteral("bad"));
    m_others->setAccessibleDescription(QStringLiteral("other-tests"));
    m_others->hide();
    all->addWidget(m_others);
    connect(m_run, &QPushButton::clicked, this, &RouteTestsCard::runWanted);
    connect(add, &QPushButton::clicked, this, [this] { edit(m_route.tests.size()); });
    showRunButton();
}

void RouteTestsCard::setRoute(const gateway::RouteConfig& route)
{
    if (route.id != m_route.id) setResults({});
    m_route = route;
    if (m_route.tests != m_shown) rebuild();
    showStates();
    showRunButton();
}

void RouteTestsCard::rebuild()
{
    for (const Row& each : m_rows) {
        each.widget->hide();
        each.widget->deleteLater(); // It may be its own button that asked for this.
    }
    m_rows.clear();
    m_shown = m_route.tests;
    m_problems.assign(m_shown.size(), {});
    for (std::size_t place = 0; place < m_shown.size(); ++place) {
        m_rows.push_back(makeRow(place));
        m_list->addWidget(m_rows.back().widget);
    }
    m_empty->setVisible(m_rows.empty());
}

RouteTestsCard::Row RouteTestsCard::makeRow(std::size_t place)
{
    const gateway::RouteTest& test = m_shown[place];
    const QString name = QString::fromStdString(test.name);
    Row made;
    made.widget = makeFrame("inset");
    auto* line = new QHBoxLayout(made.widget);
    line->setContentsMargins(12, 8, 6, 8);
    line->setSpacing(10);
    made.picture = new QLabel;
    line->addWidget(made.picture, 0, Qt::AlignTop);
    auto* texts = new QVBoxLayout;
    texts->setSpacing(2);
    ElidedLabel* title = makeElided();
    title->setText(name);
    setLook(title, "emphasis", QStringLiteral("true"));
    texts->addWidget(title);
    texts->addWidget(makeParagraph(routeTestSummary(test), "muted"));
    made.state = makeParagraph({}, "muted");
    made.state->setAccessibleDescription(QStringLiteral("test-state"));
    texts->addWidget(made.state);
    made.problem = makeParagraph({}, "muted");
    made.problem->setProperty("tone", QStringLiteral("bad"));
    made.problem->setAccessibleDescription(QStringLiteral("problem"));
    texts->addWidget(made.problem);
    line->addLayout(texts, 1);
    QPushButton* change =
        makeIconButton(QStringLiteral("pencil"), tr("Edit the test %1").arg(name), "editTestButton");
    QPushButton* drop =
        makeIconButton(QStringLiteral("trash-2"), tr("Remove the test %1").arg(name), "removeTestButton");
    line->addWidget(change, 0, Qt::AlignTop);
    line->addWidget(drop, 0, Qt::AlignTop);
    connect(change, &QPushButton::clicked, this, [this, place] { edit(place); });
    connect(drop, &QPushButton::clicked, this, [this, place] { remove(place); });
    return made;
}

void RouteTestsCard::showStates()
{
    for (std::size_t place = 0; place < m_rows.size(); ++place) {
        const Row& row = m_rows[place];
        const auto found = m_results.find(m_shown[place].name);
        row.problem->setText(QString::fromStdString(m_problems[place]));
        row.problem->setVisible(!m_problems[place].empty());
        if (found == m_results.end()) {
            setLabelIcon(row.picture, QStringLiteral("info"), "muted", 16);
            row.state->setText(tr("Not run with this draft"));
            setLook(row.state, "tone", QString());
            continue;
        }
        const gateway::RouteTestResult& result = found->second;
        setLabelIcon(row.picture, result.passed ? QStringLiteral("circle-check") : QStringLiteral("circle-x"),
                     result.passed ? "success" : "danger", 16);
        row.state->setText(result.passed ? tr("Passed: %1").arg(passedTestText(result))
                                         : tr("Failed: %1").arg(QString::fromStdString(result.why)));
        setLook(row.state, "tone", result.passed ? QStringLiteral("good") : QStringLiteral("bad"));
    }
}

void RouteTestsCard::showRunButton()
{
    m_run->setEnabled(!m_route.tests.empty() && !m_running);
}

void RouteTestsCard::setResults(const RouteTestResults& results)
{
    m_results.clear();
    RouteTestResults others;
    for (const gateway::RouteTestResult& result : results) {
        if (result.route == m_route.id.text)
            m_results.emplace(result.name, result);
        else
            others.push_back(result);
    }
    const QStringList failed = failedTests(others, m_route.id.text);
    m_others->setText(tr("By this draft tests of other routes fail:") + QLatin1Char('\n') +
                      failed.join(QLatin1Char('\n')));
    m_others->setVisible(!failed.isEmpty());
    showStates();
}

void RouteTestsCard::setRunning(bool running)
{
    m_running = running;
    showRunButton();
}

void RouteTestsCard::takeProblems(std::vector<RouteProblem>& problems)
{
    m_problems.assign(m_rows.size(), {});
    std::erase_if(problems, [this](const RouteProblem& problem) {
        for (std::size_t place = 0; place < m_problems.size(); ++place) {
            const QString mine = QStringLiteral("tests[%1].").arg(place);
            if (!problem.field.startsWith(mine)) continue;
            m_problems[place] =
                (problem.field.mid(mine.size()) + QStringLiteral(": ") + problem.message).toStdString();
            return true;
        }
        return false;
    });
    showStates();
}

void RouteTestsCard::add(gateway::RouteTest test)
{
    m_route.tests.push_back(std::move(test));
    emit edited(gateway::RouteConfig(m_route));
}

void RouteTestsCard::edit(std::size_t place)
{
    auto* dialog = new RouteTestDialog(m_config, m_route.id, place, window());
    connect(dialog, &RouteTestDialog::submitted, this, [this, place](const gateway::RouteTest& test) {
        if (place >= m_route.tests.size()) {
            add(test);
            return;
        }
        m_route.tests[place] = test;
        emit edited(gateway::RouteConfig(m_route));
    });
    dialog->open();
}

void RouteTestsCard::remove(std::size_t place)
{
    if (place >= m_route.tests.size()) return;
    m_route.tests.erase(m_route.tests.begin() + static_cast<std::ptrdiff_t>(place));
    emit edited(gateway::RouteConfig(m_route));
}

} // namespace ui
