// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include <QObject>
#include <QTimer>

#include "models/gateway_link.h"

namespace ui {

/// What one provider did in the last 24 hours, from the log: counts, times of what went well, and the last
/// errors. Reads again when new rows were logged, at most every few
/// seconds, and only while it is awake. GUI thread.
class ProviderActivity : public QObject {
    Q_OBJECT

public:
    enum class State : std::uint8_t { Undecided, Loading, Ready, Failed };

    explicit ProviderActivity(GatewayLink& link, QObject* parent = nullptr);

    void setProvider(const gateway::ProviderId& provider);
    /// Whether anybody looks.
    void setAwake(bool awake);
    void refresh();

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] std::uint64_t requests() const { return m_requests; }
    [[nodiscard]] std::uint64_t failures() const { return m_failures; }
    [[nodiscard]] std::int64_t p50() const { return m_p50; } // microseconds; 0: nothing went well
    [[nodiscard]] std::int64_t p95() const { return m_p95; }
    [[nodiscard]] const std::vector<gateway::LogRow>& errors() const { return m_errors; } // newest first

signals:
    void changed();

private:
    void onActivity();
    void readErrors(std::int64_t sinceMicros, int number);
    void setState(State state);

    GatewayLink& m_link;
    QTimer m_timer;
    gateway::ProviderId m_provider;
    State m_state = State::Undecided;
    std::uint64_t m_requests = 0, m_failures = 0;
    std::int64_t m_p50 = 0, m_p95 = 0;
    std::vector<gateway::LogRow> m_errors;
    std::int64_t m_seen = -1; // the last logged row that is counted
    int m_number = 0;         // of the reading whose answer counts
    bool m_awake = false;
};

} // namespace ui
