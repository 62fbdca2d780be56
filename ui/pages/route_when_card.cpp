// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/route_when_card.h"

#include <algorithm>
#include <iterator>

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "models/route_text.h"
#include "widgets/build.h"
#include "widgets/combo_box.h"
#include "widgets/condition_editor.h"

namespace ui {
namespace {

constexpr const char* kConditional = "conditional";

} // namespace

RouteWhenCard::RouteWhenCard(QWidget* parent) : QFrame(parent)
{
    setProperty("role", QStringLiteral("card"));
    auto* all = column(this, {16, 14, 16, 16}, 10);
    all->addWidget(makeLabel(tr("When"), "h2"));
    m_note = makeParagraph({}, "muted");
    m_note->setAccessibleDescription(QStringLiteral("when-note"));
    all->addWidget(m_note);
    m_use = makeButton(tr("Choose by condition"), "ghost", {}, "useConditionsButton");
    all->addWidget(m_use, 0, Qt::AlignLeft);
    m_builder = new QWidget;
    m_builder->setProperty("role", QStringLiteral("clear"));
    auto* inside = column(m_builder, {}, 10);
    QHBoxLayout* line = row(8);
    m_target = new ComboBox(tr("Target"), "conditionTargetComboBox");
    line->addWidget(makeFieldLabel(tr("Target"), m_target));
    line->addWidget(m_target, 1);
    inside->addLayout(line);
    m_editor = new ConditionEditor;
    inside->addWidget(m_editor);
    all->addWidget(m_builder);
    connect(m_target, &QComboBox::currentIndexChanged, this, &RouteWhenCard::showCondition);
    connect(m_editor, &ConditionEditor::changed, this, &RouteWhenCard::onConditionEdited);
    connect(m_use, &QPushButton::clicked, this, [this] {
        m_route.strategy = kConditional;
        showStrategy();
        m_target->setFocus(Qt::OtherFocusReason);
        emit edited(m_route);
    });
}

void RouteWhenCard::setRoute(const gateway::RouteConfig& route)
{
    const auto before = static_cast<std::size_t>(std::max(0, m_target->currentIndex()));
    const bool same = route.id == m_route.id;
    // A target that was moved keeps its condition on show.
    std::size_t next = same ? before : 0;
    if (same && before < m_route.targets.size() &&
        (before >= route.targets.size() || route.targets[before] != m_route.targets[before])) {
        const auto found = std::find(route.targets.begin(), route.targets.end(), m_route.targets[before]);
        if (found != route.targets.end()) next = static_cast<std::size_t>(found - route.targets.begin());
    }
    m_route = route;
    fillTargets();
    showTarget(static_cast<int>(std::min(next, route.targets.empty() ? 0 : route.targets.size() - 1)));
    showStrategy();
}

void RouteWhenCard::fillTargets()
{
    const QSignalBlocker quiet(m_target);
    m_target->clear();
    int place = 1;
    for (const gateway::TargetConfig& target : m_route.targets) {
        const QString text = QStringLiteral("%1 · %2").arg(place).arg(targetText(target));
        m_target->addItem(target.whenJson.empty() ? tr("%1 (always)").arg(text) : text, place++);
    }
}

void RouteWhenCard::showTarget(int index)
{
    {
        const QSignalBlocker quiet(m_target);
        m_target->setCurrentIndex(index);
    }
    showCondition();
}

void RouteWhenCard::showCondition()
{
    const auto index = static_cast<std::size_t>(std::max(0, m_target->currentIndex()));
    m_editor->setEnabled(index < m_route.targets.size());
    m_editor->setJson(index < m_route.targets.size() ? m_route.targets[index].whenJson : std::string());
    QString text;
    const QString field = QStringLiteral("targets[%1].when").arg(index);
    for (const RouteProblem& problem : m_problems) {
        if (!problem.field.startsWith(field)) continue;
        const QString within = problem.field.mid(field.size() + 1);
        text += (text.isEmpty() ? QString() : QStringLiteral("\n")) +
                (within.isEmpty() ? problem.message : within + QStringLiteral(": ") + problem.message);
    }
    m_editor->showProblem(text);
}

void RouteWhenCard::showStrategy()
{
    const bool asks = m_route.strategy == kConditional;
    const bool any = std::any_of(m_route.targets.begin(), m_route.targets.end(),
                                 [](const auto& target) { return !target.whenJson.empty(); });
    m_note->setText(asks
                        ? tr("The first target whose condition holds is asked. The others are the fallbacks.")
                    : any ? tr("There are conditions, but this strategy does not read them.")
                          : tr("Every request is taken. Targets can be chosen by what is asked instead."));
    m_use->setVisible(!asks);
    m_builder->setVisible(asks || any);
}

void RouteWhenCard::onConditionEdited()
{
    const auto index = static_cast<std::size_t>(std::max(0, m_target->currentIndex()));
    if (index >= m_route.targets.size()) return;
    m_route.targets[index].whenJson = m_editor->json();
    const int at = m_target->currentIndex();
    fillTargets();
    const QSignalBlocker quiet(m_target);
    m_target->setCurrentIndex(at);
    emit edited(m_route);
}

void RouteWhenCard::takeProblems(std::vector<RouteProblem>& problems)
{
    m_problems.clear();
    const auto isMine = [](const RouteProblem& problem) {
        return problem.field.startsWith(QLatin1String("targets[")) &&
               problem.field.contains(QLatin1String("].when"));
    };
    std::copy_if(problems.begin(), problems.end(), std::back_inserter(m_problems), isMine);
    std::erase_if(problems, isMine);
    showCondition();
}

} // namespace ui
