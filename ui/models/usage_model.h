// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <QDateTime>
#include <QObject>
#include <QTimer>

#include "models/gateway_link.h"
#include "models/usage_span.h"

namespace ui {

/// A time may have many thousands of sessions: of the groups that cost less than these only the sum is read.
constexpr std::uint32_t kMostGroups = 500;
/// That have a colour of their own in the chart.
constexpr std::uint32_t kMostSpenders = 8;

/// What was used in a time, as one answer: every part is of the same span and the same grouping.
struct UsageView {
    UsageRange range = UsageRange::LastDay;
    UsageSpan span;
    std::string by;
    bool compared = false;
    gateway::UsageRow total, priorTotal;
    std::vector<gateway::UsageRow> sources;         // by how their costs are known
    std::vector<gateway::UsageRow> priorSources;    // of the time before
    std::vector<gateway::UsageRow> rows, priorRows; // by group; the last one may be the sum of others
    std::vector<gateway::UsagePoint> points;        // by group and bucket; some may be sums of others
    std::vector<gateway::UsagePoint> totals;        // by bucket alone: a request may have several tags
};

/// The sum of all rows, without a name.
[[nodiscard]] gateway::UsageRow sumOf(const std::vector<gateway::UsageRow>& rows);

/// The figures of the page Usage. Reads again when new rows were logged, at most every five seconds, and when
/// another bar or day begins; only while somebody looks, and not while an answer is awaited. GUI thread.
class UsageModel : public QObject {
    Q_OBJECT

public:
    enum class State : std::uint8_t { Undecided, Loading, Empty, Ready, Failed };

    using Clock = std::function<QDateTime()>;
    using WholeRead = std::function<void(const std::shared_ptr<const UsageView>&)>;

    explicit UsageModel(GatewayLink& link, QObject* parent = nullptr,
                        Clock clock = QDateTime::currentDateTime);

    void setRange(UsageRange range, const UsageDays& days = {});
    /// As UsageQuery has it: "model", "provider", …
    void setGroup(const std::string& by);
    void setCompared(bool compared);
    /// Somebody looks, or no longer does.
    void setWatched(bool watched);
    /// Reads now, whatever is awaited.
    void refresh();
    /// Reads where another bar or another day began. Called twice a minute while somebody looks.
    void lookAtClock();

    [[nodiscard]] UsageRange range() const { return m_range; }
    [[nodiscard]] const UsageDays& days() const { return m_days; }
    [[nodiscard]] const std::string& group() const { return m_by; }
    [[nodiscard]] bool isCompared() const { return m_compared; }
    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] const UsageView& view() const { return m_view; }
    /// The view with all of its groups, which are read where it has not all of them. Null: the log did not
    /// answer. `then` is called once, perhaps at once, and not after `receiver` is gone.
    void readWhole(QObject* receiver, const WholeRead& then);
    /// When the newest request of all was made; 0: there is none. Known while the state is Empty.
    [[nodiscard]] std::int64_t lastRequest() const { return m_lastRequest; }

signals:
    void changed();

private:
    struct Asking;

    template <class T>
    void ask(const QFuture<T>& future, const std::shared_ptr<Asking>& asking, T UsageView::*part);
    void askAll(const std::shared_ptr<Asking>& asking);
    void countIn(const std::shared_ptr<Asking>& asking);
    void take(const std::shared_ptr<Asking>& asking);
    void lookForLast(int generation);
    void finish(State state);
    void onActivity();
    void setState(State state);

    GatewayLink& m_link;
    Clock m_clock;
    QTimer m_timer;
    QTimer m_lookTimer;
    QDateTime m_readAt;
    UsageSpan m_span;       // that was read then
    bool m_reading = false; // The answer to the newest question is awaited.
    UsageRange m_range = UsageRange::LastDay;
    UsageDays m_days;
    std::string m_by = "model";
    bool m_compared = true;
    bool m_watched = false;
    State m_state = State::Undecided;
    UsageView m_view;
    std::int64_t m_lastRequest = 0;
    std::int64_t m_seenId = -1; // of the log when it was read last
    int m_generation = 0;       // Answers to a question that is no longer asked are thrown away.
};

} // namespace ui
