// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/route_prompt_card.h"

#include <QVBoxLayout>

#include "pages/decoration_fields.h"
#include "widgets/build.h"

namespace ui {

RoutePromptCard::RoutePromptCard(QWidget* parent) : QFrame(parent)
{
    setProperty("role", QStringLiteral("card"));
    auto* all = column(this, {16, 14, 16, 8}, 8);
    all->addWidget(makeLabel(tr("Prompt"), "h2"));
    all->addWidget(makeParagraph(tr("What is added to every request that goes this way."), "muted"));
    m_fields = new DecorationFields;
    all->addWidget(m_fields);
    connect(m_fields, &DecorationFields::edited, this, &RoutePromptCard::onEdited);
}

void RoutePromptCard::setRoute(const gateway::RouteConfig& route)
{
    if (route.id != m_route.id) m_fields->clear();
    m_route = route;
    m_fields->setDecoration(route.decorate.value_or(gateway::DecorationConfig()));
}

void RoutePromptCard::onEdited()
{
    const gateway::DecorationConfig& now = m_fields->decoration();
    m_route.decorate = now == gateway::DecorationConfig() ? std::nullopt : std::optional(now);
    emit edited(gateway::RouteConfig(m_route));
}

void RoutePromptCard::takeProblems(std::vector<RouteProblem>& problems)
{
    m_fields->clearProblems();
    std::erase_if(problems, [this](const RouteProblem& problem) {
        const QString mine = QStringLiteral("decorate.");
        return problem.field.startsWith(mine) &&
               m_fields->setProblem(problem.field.mid(mine.size()), problem.message);
    });
}

} // namespace ui
