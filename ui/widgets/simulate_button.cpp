// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/simulate_button.h"

#include <QActionGroup>
#include <QMenu>

#include "theme/icons.h"
#include "widgets/build.h"

namespace ui {

SimulateButton::SimulateButton(QWidget* parent) : QPushButton(parent)
{
    setObjectName(QStringLiteral("simulateButton"));
    setProperty("kind", QStringLiteral("chip"));
    setAutoDefault(true);
    setMenu(new QMenu(this));
    setToolTip(tr("Run as if a target were down, rate-limited or slow"));
    setButtonIcon(this, {QStringLiteral("chevron-down"), "muted", "accent", 14});
    setLayoutDirection(Qt::RightToLeft); // The arrow stands behind the words.
    menu()->setLayoutDirection(Qt::LeftToRight);
    showCount();
}

void SimulateButton::setTargets(const QStringList& targets)
{
    setEnabled(!targets.isEmpty());
    if (targets == m_targets) return;
    m_targets = targets;
    std::erase_if(m_chosen, [&targets](const auto& each) { return !targets.contains(each.first); });
    fillMenu();
    showCount();
}

void SimulateButton::fillMenu()
{
    menu()->clear();
    const std::vector<std::pair<QString, Kind>> kinds{{tr("Normal"), Kind::Undecided},
                                                      {tr("Down"), Kind::Down},
                                                      {tr("Keys rate-limited"), Kind::Limited},
                                                      {tr("Slow"), Kind::Slow}};
    for (const QString& target : m_targets) {
        QMenu* of = menu()->addMenu(asButtonText(target));
        of->setProperty("role", QStringLiteral("choices"));
        auto* group = new QActionGroup(of);
        const auto chosen = m_chosen.find(target);
        for (const auto& [text, kind] : kinds) {
            QAction* action = of->addAction(text);
            action->setCheckable(true);
            action->setChecked(kind == (chosen == m_chosen.end() ? Kind::Undecided : chosen->second));
            group->addAction(action);
            connect(action, &QAction::triggered, this, [this, target, kind = kind] { choose(target, kind); });
        }
    }
}

void SimulateButton::choose(const QString& target, Kind kind)
{
    if (kind == Kind::Undecided) {
        m_chosen.erase(target);
    } else {
        m_chosen[target] = kind;
    }
    showCount();
    emit changed();
}

void SimulateButton::showCount()
{
    const int count = static_cast<int>(m_chosen.size());
    setButtonText(this, count == 0 ? tr("Simulate") : tr("Simulate: %Ln", nullptr, count));
    setLook(this, "active", count == 0 ? QString() : QStringLiteral("true"));
}

std::vector<gateway::DrySimulation> SimulateButton::simulations() const
{
    std::vector<gateway::DrySimulation> found;
    for (const auto& [target, kind] : m_chosen) {
        found.push_back({target.toStdString(), kind});
    }
    return found;
}

} // namespace ui
