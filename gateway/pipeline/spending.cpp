// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/spending.h"

#include "base/wall_clock.h"

namespace gateway::pipeline {

accounting::Spender spenderOf(const LogRow& row)
{
    return {row.key, row.client, row.route, row.provider, row.model, row.tags};
}

std::optional<Error> spentProblem(const Runtime& runtime, const LogRow& row)
{
    if (!runtime.budgets) return std::nullopt;
    accounting::BudgetHold hold;
    const std::int64_t now = nowMicros();
    const accounting::BudgetRule* rule = runtime.budgets->reserve(spenderOf(row), Money(), now, {}, hold);
    if (!rule) return std::nullopt;
    return gatewayError(Code::BudgetExceeded, accounting::refusalText(*rule, now));
}

void ChargedRows::record(std::span<const LogRow> rows)
{
    if (m_runtime && m_runtime->budgets) {
        for (const LogRow& row : rows) {
            if (row.costNanos <= 0 || (!row.once.empty() && !m_once.isFirst(row.once))) continue;
            m_runtime->budgets->charge(spenderOf(row), row.costNanos, nowMicros());
        }
    }
    m_rows.record(rows);
}

} // namespace gateway::pipeline
