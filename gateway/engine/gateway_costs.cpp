// SPDX-License-Identifier: GPL-3.0-or-later
// Costs that are looked at afterwards: prices for rows that have none, and a provider's own account.
#include <utility>

#include <boost/asio/post.hpp>

#include "accounting/provider_report.h"
#include "base/iso_time.h"
#include "base/wall_clock.h"
#include "embedded.h"
#include "engine/gateway_private.h"
#include "engine/reconciliation.h"
#include "log_store/log_queries.h"
#include "log_store/log_reader.h"
#include "log_store/recalculation.h"
#include "pipeline/row_price.h"

namespace gateway {

namespace {

log_store::RecalculationWish wishOf(std::shared_ptr<const pipeline::Runtime> runtime,
                                    std::int64_t sinceMicros, bool write)
{
    constexpr std::size_t kDayBytes = 10;
    const std::string day = isoText(nowMicros()).substr(0, kDayBytes);
    return {sinceMicros, write, [runtime = std::move(runtime), day](LogRow& row) {
                return pipeline::priceAnew(*runtime, day, row);
            }};
}

/// What is there to compare, before the log is asked. Rows are missing yet.
Reconciliation begun(const Result<accounting::ProviderReport>& report)
{
    Reconciliation found;
    if (!report) {
        found.problem = report.error().message;
        return found;
    }
    found.format = report->format;
    found.skippedLines = report->skippedLines;
    if (report->use.empty())
        found.problem = "Nothing in the file could be read as " + found.format +
                        ". Export it anew as CSV, by day and by model, with plain numbers.";
    return found;
}

} // namespace

QFuture<Recalculation> Gateway::recalculate(std::int64_t sinceMicros, bool write)
{
    return d->later<Recalculation>([&](auto done) {
        const auto told = [this, write, done = std::move(done)](Recalculation result) {
            if (write && result.nanos > 0) d->mailbox.post([this] { d->spend.askAnew(nowMicros()); });
            done(std::move(result));
        };
        d->log.recalculate(wishOf(d->makeRuntime(), sinceMicros, write), told);
    });
}

QFuture<Reconciliation> Gateway::reconcile(const ReconcileQuery& query)
{
    return d->later<Reconciliation>([&](auto done) {
        // An export may be long.
        boost::asio::post(d->files, [this, query, done = std::move(done)]() mutable {
            auto report = accounting::parseProviderReport(query.csv);
            Reconciliation found = begun(report);
            if (!found.problem.empty()) return done(std::move(found));
            d->mailbox.post([this, provider = query.provider.text, found = std::move(found),
                             report = std::move(report.value()), done = std::move(done)]() mutable {
                const engine::Span span = engine::spanOf(report);
                d->log.days(provider, span.since, span.until,
                            [found = std::move(found), report = std::move(report),
                             done = std::move(done)](const std::vector<log_store::DayUse>& days) {
                                Reconciliation compared = found;
                                compared.rows = engine::compared(report, days);
                                done(std::move(compared));
                            });
            });
        });
    });
}

Result<Recalculation> recalculateLog(const std::string& dataDir, const Config& config,
                                     std::int64_t sinceMicros, bool write)
{
    auto builtIn = catalog::Catalog::parse(embedded::catalogJson);
    auto presets = catalog::Presets::parse(embedded::providersJson);
    if (!builtIn || !presets) return gatewayError(Code::Internal, "The program's own lists cannot be read.");
    engine::Catalogs catalogs(dataDir, std::move(builtIn.value()));
    static_cast<void>(catalogs.load());
    const auto runtime = std::make_shared<const pipeline::Runtime>(
        std::make_shared<const Config>(config), config.server.port, catalogs.inForce(), presets.value());
    const std::string path = log_store::databasePath(dataDir);
    log_store::Database database;
    // Not made where there is none, and not mended where it is damaged: that is the server's.
    const log_store::DatabaseState state = database.openForReading(path);
    if (state == log_store::DatabaseState::Missing) return Recalculation();
    if (state != log_store::DatabaseState::Ready) return gatewayError(Code::Internal, database.problem());
    if (write && database.openForWriting(path, false) != log_store::DatabaseState::Ready)
        return gatewayError(Code::Internal, database.problem());
    log_store::RecalculationRun run(wishOf(runtime, sinceMicros, write));
    QSqlError error;
    while (run.step(database.sql(), error)) {
    }
    if (error.isValid()) return gatewayError(Code::Internal, log_store::explain(error, path));
    return run.result();
}

Reconciliation reconcileLog(const std::string& dataDir, const ReconcileQuery& query)
{
    const auto report = accounting::parseProviderReport(query.csv);
    Reconciliation found = begun(report);
    if (!found.problem.empty()) return found;
    log_store::LogReader reader;
    if (const Outcome opened = reader.open(dataDir); !opened) {
        found.problem = opened.error().message;
        return found;
    }
    const engine::Span span = engine::spanOf(*report);
    QSqlError error;
    const auto days = log_store::selectDays(reader.sql(), query.provider.text, span.since, span.until, error);
    if (error.isValid())
        found.problem = log_store::explain(error, log_store::databasePath(dataDir));
    else
        found.rows = engine::compared(*report, days);
    return found;
}

} // namespace gateway
