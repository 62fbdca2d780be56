// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <vector>

#include <QPushButton>
#include <QStringList>

#include "gateway/dry_run.h"

namespace ui {

/// A button with a menu for each target of what a dry run pretends of it: nothing, that it is down,
/// rate-limited or slow. Says on its face how many are pretended something of.
class SimulateButton : public QPushButton {
    Q_OBJECT

public:
    explicit SimulateButton(QWidget* parent = nullptr);
    /// What was chosen for a target stays as long as that is among them.
    void setTargets(const QStringList& targets);
    [[nodiscard]] std::vector<gateway::DrySimulation> simulations() const;

signals:
    void changed();

private:
    using Kind = gateway::DrySimulation::Kind;
    void fillMenu();
    void choose(const QString& target, Kind kind);
    void showCount();

    QStringList m_targets;
    std::map<QString, Kind> m_chosen;
};

} // namespace ui
