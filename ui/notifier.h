// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <set>

#include <QObject>
#include <QString>
#include <QTime>

#include "models/alert_text.h"
#include "models/gateway_link.h"
#include "preferences.h"

namespace ui {

/// A message for the desktop, and what a click on it opens.
struct DesktopNote {
    QString title;
    QString text;
    bool critical = false;
    AlertPlace place;
};

/// Says what the desktop should be told of: alerts that are more than a word, and questions, as far as the
/// user wants it and outside the quiet hours. GUI thread.
class Notifier : public QObject {
    Q_OBJECT

public:
    /// Both outlive it. `clock` tells the time of day; none: the machine's.
    Notifier(GatewayLink& link, const Preferences& preferences, std::function<QTime()> clock = {},
             QObject* parent = nullptr);

signals:
    void noteWanted(const ui::DesktopNote& note);

private:
    void onAlert(const gateway::Alert& alert);
    void onActivity();
    void tell(AlertTopic topic, const DesktopNote& note);

    GatewayLink& m_link;
    const Preferences& m_preferences;
    std::function<QTime()> m_clock;
    std::set<std::uint64_t> m_told; // questions that are still asked
};

/// Whether `time` is one of the quiet ones. The same time twice: the whole day.
[[nodiscard]] bool isQuiet(const Preferences::QuietHours& hours, QTime time);

} // namespace ui
