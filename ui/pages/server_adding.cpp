// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/server_adding.h"

#include <utility>

#include <QCoreApplication>

namespace ui {
namespace {

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::ServerAdding)
};

} // namespace

void addFoundServer(ConfigChanges& changes, const FoundServer& server,
                    std::function<void(const ToastText&)> tell, std::function<void()> added)
{
    const gateway::ProviderId id = server.provider.id;
    const QString name = QString::fromStdString(id.text);
    const auto undo = [&changes, id, name, tell] {
        changes.removeProvider(id, [name, tell](const QString& problem) {
            const bool done = problem.isEmpty();
            tell({done ? Text::tr("%1 was removed").arg(name) : problem, {}, {}, !done});
        });
    };
    changes.addProvider({server.provider, {}},
                        [name, tell, undo, added = std::move(added)](const QString& problem) {
                            if (!problem.isEmpty()) {
                                tell({problem, {}, {}, true});
                                return;
                            }
                            if (added) added();
                            tell({Text::tr("%1 was added").arg(name), Text::tr("Undo"), undo, false, true});
                        });
}

} // namespace ui
