// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/usage_csv.h"

#include <cstdint>
#include <utility>

#include <QByteArray>
#include <QIODevice>
#include <QSaveFile>
#include <QStringList>

#include "models/csv.h"
#include "models/in_pool.h"

namespace ui {
namespace {

QStringList headOf(const UsageView& view)
{
    QStringList head{QString::fromStdString(view.by)};
    head.append({QStringLiteral("requests"), QStringLiteral("failures"), QStringLiteral("input_tokens"),
                 QStringLiteral("output_tokens"), QStringLiteral("cache_read_tokens"),
                 QStringLiteral("cache_write_tokens"), QStringLiteral("reasoning_tokens"),
                 QStringLiteral("cost_usd"), QStringLiteral("unpriced_requests")});
    if (view.compared) head.append(QStringLiteral("cost_usd_before"));
    return head;
}

QString writeProblem(const QString& path, const QByteArray& bytes)
{
    QSaveFile file(path);
    const bool saved = file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit();
    return saved ? QString() : file.errorString();
}

} // namespace

QString usageCsv(const UsageView& view, const UsageOrder& order)
{
    QString all = csvLine(headOf(view));
    for (const UsageLine& line : sortedLines(usageLines(view), view.by, order)) {
        const gateway::UsageRow& now = line.now;
        QStringList cells{QString::fromStdString(now.name)};
        for (const std::uint64_t count : {now.requests, now.failures}) {
            cells.append(QString::number(count));
        }
        for (const std::int64_t tokens : {now.inputTokens, now.outputTokens, now.cacheReadTokens,
                                          now.cacheWriteTokens, now.reasoningTokens}) {
            cells.append(QString::number(tokens));
        }
        cells.append({plainDollars(now.costNanos), QString::number(now.unpriced)});
        if (view.compared) cells.append(plainDollars(line.before.costNanos));
        all += csvLine(cells);
    }
    return all;
}

QFuture<QString> makeUsageCsv(std::shared_ptr<const UsageView> view, const UsageOrder& order)
{
    return inPool([view = std::move(view), order] { return usageCsv(*view, order); });
}

QFuture<QString> writeUsageCsv(std::shared_ptr<const UsageView> view, const UsageOrder& order,
                               const QString& path)
{
    return inPool([view = std::move(view), order, path] {
        return writeProblem(path, usageCsv(*view, order).toUtf8());
    });
}

} // namespace ui
