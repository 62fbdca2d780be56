// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include <QObject>

#include "models/gateway_link.h"

namespace ui {

class Preferences;

/// How many alerts were not read yet. Reads them again when there is a new one. GUI thread.
class AlertInbox : public QObject {
    Q_OBJECT

public:
    AlertInbox(GatewayLink& link, Preferences& preferences, QObject* parent = nullptr);

    /// At most kMostCounted.
    [[nodiscard]] int unread() const;
    /// Alerts up to this one were read.
    [[nodiscard]] std::int64_t lastRead() const;
    void markAllRead();

    static constexpr std::uint32_t kMostCounted = 100;

signals:
    void changed();

private:
    void onActivity();

    GatewayLink& m_link;
    Preferences& m_preferences;
    std::int64_t m_seen = -1;           // activity.lastAlertId when they were read
    std::vector<std::int64_t> m_newest; // ids, the newest first
};

} // namespace ui
