// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include <QDateTime>
#include <QObject>
#include <QSet>
#include <QString>
#include <QTimer>

#include "models/gateway_link.h"
#include "models/spend_overview.h"

namespace ui {

/// What the button of a notice does; the window knows how.
enum class NoticeAction : std::uint8_t {
    Undecided,
    OpenServerSettings,
    OpenConfigSettings,
    OpenProvider,
    ReadAgain,
    ResumeSpending
};

/// Something the user should know, for the strip under the top bar.
struct Notice {
    enum class Tone : std::uint8_t { Undecided, Info, Warning, Bad };
    QString id; // Changes with the facts, so that a dismissed notice stays away until they change.
    Tone tone = Tone::Info;
    QString text;
    QString actionText;
    NoticeAction action = NoticeAction::Undecided;
    QString what = {}; // which provider
};

/// The state of the gateway in words, today's figures and the notices. GUI thread.
class GatewayStatus : public QObject {
    Q_OBJECT

public:
    enum class Kind : std::uint8_t { Undecided, Starting, Running, Degraded, Paused, Stopped, Failed };

    using Clock = std::function<QDateTime()>;

    explicit GatewayStatus(GatewayLink& link, QObject* parent = nullptr,
                           Clock clock = QDateTime::currentDateTime);

    [[nodiscard]] Kind kind() const;
    [[nodiscard]] QString headline() const;
    /// The theme's colour of the dot; the headline says the same in words.
    [[nodiscard]] const char* dotToken() const;
    [[nodiscard]] QString address() const; // "127.0.0.1:4777"
    [[nodiscard]] QString baseUrl() const; // "http://127.0.0.1:4777"
    [[nodiscard]] bool canServe() const;
    [[nodiscard]] bool isPaused() const { return kind() == Kind::Paused; }
    [[nodiscard]] std::int64_t spentTodayNanos() const { return m_today.costNanos; }
    [[nodiscard]] std::uint64_t requestsToday() const { return m_today.requests; }
    /// What costs money, or may, is refused.
    [[nodiscard]] bool isSpendingPaused() const { return m_link.activity().spendingPaused; }
    /// As of the last change; until the next one.
    [[nodiscard]] const SpendOverview& spend() const { return m_spend; }
    /// "$1.84 today · 37 requests", or "Today $1.84 of $10 · …" where a budget says how much a day may cost;
    /// and how many of them failed where that is wanted.
    [[nodiscard]] QString todayText(bool withFailures = false) const;
    [[nodiscard]] std::uint64_t failures() const { return m_link.activity().failures; } // since start
    [[nodiscard]] int failingProviders() const;
    /// Why the request log may give no answer, where it does not say so itself.
    [[nodiscard]] QString silentLogText() const;

    /// The gravest notice that was not dismissed; an empty id: none.
    [[nodiscard]] Notice notice() const;
    void dismiss(const QString& id);
    /// Reads today's figures anew where another day began. Called twice a minute.
    void lookAtClock();

signals:
    void changed();

private:
    void onActivity();
    void onConfig();
    void readToday();
    void reckonSpend();
    [[nodiscard]] std::vector<Notice> notices() const;
    [[nodiscard]] Notice failingNotice() const;
    [[nodiscard]] QString configProblemText() const;

    GatewayLink& m_link;
    Clock m_clock;
    QTimer m_todayTimer;
    QTimer m_dayTimer;
    QDate m_day; // that today's figures are of
    SpendOverview m_spend;
    gateway::UsageRow m_today;
    std::int64_t m_todayId = -1; // activity.lastLoggedId when today's figures were read
    QString m_failure;
    QSet<QString> m_dismissed;
};

} // namespace ui
