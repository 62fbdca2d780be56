// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>

#include <QTimer>

#include "pipeline/machine_flags.h"

namespace gateway::engine {

/// Keeps the machine's flags up to date for as long as somebody needs them: every look wakes the program.
/// Lives on the owner's thread.
class MachineWatch {
public:
    /// `elsewhere` runs a job on a thread that may wait: some batteries take their time to answer.
    explicit MachineWatch(std::function<void(std::function<void()>)> elsewhere);
    void setNeeded(bool needed);
    [[nodiscard]] const std::shared_ptr<pipeline::MachineFlags>& flags() const { return m_flags; }

private:
    void look();

    std::function<void(std::function<void()>)> m_elsewhere;
    std::shared_ptr<pipeline::MachineFlags> m_flags = std::make_shared<pipeline::MachineFlags>();
    QTimer m_timer;
};

/// Looks once, and waits for it.
void lookAtMachine(pipeline::MachineFlags& flags);

} // namespace gateway::engine
