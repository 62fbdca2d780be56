// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/route_guardrails_card.h"

#include <algorithm>

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include "models/guardrail_scope.h"
#include "models/guardrails_model.h"
#include "widgets/build.h"

namespace ui {
namespace {

constexpr int kNameWidth = 300; // A name may have 64 letters.

bool isNamed(const gateway::RouteConfig& route, const std::string& name)
{
    return std::find(route.guardrails.begin(), route.guardrails.end(), name) != route.guardrails.end();
}

} // namespace

RouteGuardrailsCard::RouteGuardrailsCard(QWidget* parent) : QFrame(parent)
{
    setProperty("role", QStringLiteral("card"));
    auto* all = column(this, {16, 14, 16, 14}, 8);
    QHBoxLayout* head = row(8);
    head->addWidget(makeLabel(tr("Guardrails"), "h2"));
    head->addStretch();
    QPushButton* open = makeButton(tr("Open Guardrails"), "link", {}, "openGuardrailsButton");
    open->setToolTip(tr("The page where guardrails are made"));
    head->addWidget(open);
    all->addLayout(head);
    m_about = makeParagraph({}, "muted");
    all->addWidget(m_about);
    m_list = new QVBoxLayout;
    m_list->setSpacing(6);
    all->addLayout(m_list);
    connect(open, &QPushButton::clicked, this, &RouteGuardrailsCard::pageWanted);
}

void RouteGuardrailsCard::setRoute(const gateway::RouteConfig& route,
                                   const std::vector<gateway::GuardrailConfig>& rules)
{
    m_route = route;
    m_rules = rules;
    const std::vector<std::string> wanted = names();
    const bool same = std::equal(wanted.begin(), wanted.end(), m_rows.begin(), m_rows.end(),
                                 [](const std::string& name, const Row& row) { return name == row.name; });
    if (!same) rebuild(wanted); // Else the box that was just pressed keeps the keyboard.
    for (const Row& row : m_rows) {
        showRow(row);
    }
    m_about->setText(m_rows.empty()
                         ? tr("There are none yet. A guardrail looks at what is sent to models and at what "
                              "they answer.")
                         : tr("What is checked holds for all that goes this way, whatever its scope says."));
}

std::vector<std::string> RouteGuardrailsCard::names() const
{
    std::vector<std::string> found;
    for (const gateway::GuardrailConfig& rule : m_rules) {
        found.push_back(rule.id.text);
    }
    // What is named and is not there can be taken out.
    for (const std::string& name : m_route.guardrails) {
        if (std::find(found.begin(), found.end(), name) == found.end()) found.push_back(name);
    }
    return found;
}

void RouteGuardrailsCard::rebuild(const std::vector<std::string>& names)
{
    for (const Row& row : m_rows) {
        row.widget->hide();
        row.widget->deleteLater(); // It may be its own box that asked for this.
    }
    m_rows.clear();
    for (const std::string& name : names) {
        m_rows.push_back(makeRow(name));
        m_list->addWidget(m_rows.back().widget);
    }
}

RouteGuardrailsCard::Row RouteGuardrailsCard::makeRow(const std::string& name)
{
    Row made;
    made.name = name;
    made.widget = new QWidget;
    made.widget->setProperty("role", QStringLiteral("clear"));
    auto* all = column(made.widget, {}, 2);
    QHBoxLayout* line = row(10);
    const QString text = QString::fromStdString(name);
    made.box = new QCheckBox;
    made.box->setText(asButtonText(made.box->fontMetrics().elidedText(text, Qt::ElideMiddle, kNameWidth)));
    made.box->setToolTip(plainToolTip(text));
    made.box->setObjectName(QStringLiteral("routeGuardrailCheckBox"));
    made.box->setProperty("worded", true);
    made.box->setAccessibleName(tr("Guardrail %1").arg(text));
    made.note = makeElided("muted");
    made.note->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    line->addWidget(made.box);
    line->addWidget(made.note, 1);
    all->addLayout(line);
    made.problem = makeParagraph({}, "muted");
    made.problem->setProperty("tone", QStringLiteral("bad"));
    made.problem->setAccessibleDescription(QStringLiteral("problem"));
    made.problem->hide();
    all->addWidget(made.problem);
    connect(made.box, &QCheckBox::toggled, this,
            [this, name](bool on) { emit edited(withRouteGuardrail(m_route, m_rules, name, on)); });
    return made;
}

void RouteGuardrailsCard::showRow(const Row& row)
{
    const bool named = isNamed(m_route, row.name);
    const auto rule = std::find_if(m_rules.begin(), m_rules.end(),
                                   [&row](const auto& each) { return each.id.text == row.name; });
    ScopeReach reach = ScopeReach::None;
    QStringList note;
    if (rule == m_rules.end()) {
        note.append(tr("is not there"));
    } else {
        reach = scopeReach(*rule, m_route.id.text);
        note = {guardrailActionText(rule->action), guardrailModeText(rule->mode)};
        if (!rule->enabled) note.append(tr("switched off"));
        if (reach == ScopeReach::All) note.append(tr("by its scope"));
        if (reach == ScopeReach::Some) note.append(tr("for some requests by its scope"));
    }
    const QSignalBlocker blocker(row.box);
    row.box->setChecked(named || reach == ScopeReach::All);
    row.box->setEnabled(named || reach != ScopeReach::All);
    row.note->setText(note.join(QStringLiteral(" · ")));
    row.box->setAccessibleDescription(note.join(QStringLiteral(", ")));
}

void RouteGuardrailsCard::takeProblems(std::vector<RouteProblem>& problems)
{
    for (const Row& row : m_rows) {
        row.problem->hide();
    }
    std::erase_if(problems, [this](const RouteProblem& problem) {
        for (std::size_t place = 0; place < m_route.guardrails.size(); ++place) {
            if (problem.field != QStringLiteral("guardrails[%1]").arg(place)) continue;
            for (const Row& row : m_rows) {
                if (row.name != m_route.guardrails[place]) continue;
                row.problem->setText(problem.message);
                row.problem->show();
                return true;
            }
        }
        return false;
    });
}

} // namespace ui
