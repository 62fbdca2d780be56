// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include <QSqlDatabase>
#include <QSqlError>

#include "gateway/snapshot.h"

#include "log_store/later_costs.h"

namespace gateway::log_store {

/// One look through the log, a batch at a time, each of which is one transaction: others write in between.
class RecalculationRun {
public:
    explicit RecalculationRun(RecalculationWish wish);

    /// Adds the next rows to the result. False: there are no more, or `error` is set.
    [[nodiscard]] bool step(const QSqlDatabase& sql, QSqlError& error);
    [[nodiscard]] const Recalculation& result() const { return m_result; }

private:
    RecalculationWish m_wish;
    std::int64_t m_next = 0; // the smallest id that was not looked at
    Recalculation m_result;
};

} // namespace gateway::log_store
