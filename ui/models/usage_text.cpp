// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/usage_text.h"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <QLocale>

#include "models/format.h"
#include "models/request_filter.h"

namespace ui {
namespace {

constexpr std::int64_t kMostBuckets = 400;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::UsageText)
};

QString scaled(std::int64_t tokens, double unit, const QString& letter)
{
    const double value = static_cast<double>(tokens) / unit;
    return QLocale().toString(value, 'f', value < 10 ? 2 : value < 100 ? 1 : 0) + letter;
}

// What stands beside the change, or in its place.
QString noteFor(const UsageView& view, const TileText& tile)
{
    if (!view.compared) return QStringLiteral(" ");
    return tile.change.isEmpty() ? Text::tr("nothing to compare with")
                                 : Text::tr("vs %1").arg(priorName(view.range));
}

void compareIn(TileText& tile, const UsageView& view, double now, double before, TileText::Tone upIs)
{
    if (view.compared) compareTile(tile, now, before, upIs);
    tile.note = noteFor(view, tile);
}

// A value for each bucket, as the engine cuts them: the first one begins before the span does.
template <class Value>
void fillLine(TileText& tile, const UsageView& view, Value value)
{
    const std::int64_t width = view.span.bucketMicros;
    if (width <= 0) return;
    const std::int64_t local = view.span.since + std::int64_t{view.span.utcOffsetSeconds} * 1'000'000;
    const std::int64_t first = view.span.since - local % width;
    const auto count = std::min<std::int64_t>(kMostBuckets, (view.span.until - 1 - first) / width + 1);
    tile.line.assign(static_cast<std::size_t>(std::max<std::int64_t>(0, count)), 0.0);
    for (const gateway::UsagePoint& point : view.totals) {
        const std::int64_t place = (point.start - first) / width;
        if (place >= 0 && place < count)
            tile.line[static_cast<std::size_t>(place)] += static_cast<double>(value(point));
    }
}

double failedPercent(const gateway::UsageRow& row)
{
    return row.requests == 0 ? 0.0
                             : 100.0 * static_cast<double>(row.failures) / static_cast<double>(row.requests);
}

} // namespace

const std::vector<std::pair<QString, QString>>& usageGroups()
{
    static const std::vector<std::pair<QString, QString>> kGroups{
        {QStringLiteral("model"), Text::tr("Model")},
        {QStringLiteral("provider"), Text::tr("Provider")},
        {QStringLiteral("route"), Text::tr("Route")},
        {QStringLiteral("client"), Text::tr("Client")},
        {QStringLiteral("key"), Text::tr("Key")},
        {QStringLiteral("tag"), Text::tr("Tag")},
        {QStringLiteral("program"), Text::tr("Program")},
        {QStringLiteral("repository"), Text::tr("Repository")},
        {QStringLiteral("session"), Text::tr("Session")}};
    return kGroups;
}

QString groupName(const std::string& by)
{
    for (const auto& [word, name] : usageGroups()) {
        if (word.toStdString() == by) return name;
    }
    return Text::tr("Group");
}

QString rowName(const std::string& by, const std::string& name)
{
    if (!name.empty()) return QString::fromStdString(name);
    if (by == "model") return Text::tr("(no model)");
    if (by == "provider") return Text::tr("(no provider)");
    if (by == "route") return Text::tr("(no route)");
    if (by == "client") return Text::tr("(unknown client)");
    if (by == "key") return Text::tr("(no key)");
    if (by == "program") return Text::tr("(unknown program)");
    if (by == "repository") return Text::tr("(no repository)");
    return by == "session" ? Text::tr("(no session)") : Text::tr("(none)");
}

QString rowFilter(const std::string& by, const std::string& name, const UsageSpan& span)
{
    const QString group = RequestFilter::written(QString::fromStdString(by), QString::fromStdString(name));
    if (group.isEmpty()) return {};
    const auto moment = [](std::int64_t micros) {
        return QDateTime::fromMSecsSinceEpoch(micros / 1000).toString(QStringLiteral("yyyy-MM-ddTHH:mm:ss"));
    };
    return QStringLiteral("%1 since:%2 until:%3")
        .arg(group, moment(span.since), moment(span.until + 999'999)); // Up to the whole second.
}

QString formatTokens(std::int64_t tokens)
{
    if (tokens < 10'000) return formatCount(tokens);
    if (tokens < 999'500) return scaled(tokens, 1e3, Text::tr("k"));
    if (tokens < 999'500'000) return scaled(tokens, 1e6, Text::tr("M"));
    return scaled(tokens, 1e9, Text::tr("B"));
}

QString okText(std::uint64_t requests, std::uint64_t failures)
{
    if (requests == 0) return QStringLiteral("—");
    if (failures == 0) return Text::tr("100%");
    const double percent =
        100.0 * static_cast<double>(requests - std::min(requests, failures)) / static_cast<double>(requests);
    return Text::tr("%1%").arg(QLocale().toString(std::floor(percent * 10.0) / 10.0, 'f', 1));
}

QString changeText(std::int64_t now, std::int64_t before)
{
    if (now == before) return now == 0 ? QString() : Text::tr("same");
    if (before == 0) return Text::tr("new");
    if (now == 0) return Text::tr("gone");
    const double percent = 100.0 * static_cast<double>(now - before) / static_cast<double>(before);
    const double size = std::abs(percent);
    const QString arrow = percent > 0 ? QStringLiteral("↑ ") : QStringLiteral("↓ ");
    if (size >= 1000) return arrow + Text::tr("×%1").arg(QLocale().toString(size / 100 + 1, 'f', 0));
    return arrow + Text::tr("%1%").arg(QLocale().toString(size, 'f', size < 100 ? 1 : 0));
}

std::optional<std::int64_t> perThousand(std::int64_t nanos, std::uint64_t requests)
{
    if (requests == 0) return {};
    return static_cast<std::int64_t>(
        std::llround(static_cast<long double>(nanos) * 1000.0L / static_cast<long double>(requests)));
}

TileText usageSpendTile(const UsageView& view)
{
    TileText tile;
    tile.value = formatMoney(view.total.costNanos);
    compareIn(tile, view, static_cast<double>(view.total.costNanos),
              static_cast<double>(view.priorTotal.costNanos), TileText::Tone::Bad);
    fillLine(tile, view, [](const gateway::UsagePoint& point) { return point.costNanos; });
    return tile;
}

TileText usageRequestsTile(const UsageView& view)
{
    TileText tile;
    tile.value = formatCount(static_cast<std::int64_t>(view.total.requests));
    compareIn(tile, view, static_cast<double>(view.total.requests),
              static_cast<double>(view.priorTotal.requests), TileText::Tone::Neutral);
    fillLine(tile, view, [](const gateway::UsagePoint& point) { return point.requests; });
    return tile;
}

TileText usageSuccessTile(const UsageView& view)
{
    TileText tile;
    tile.value = okText(view.total.requests, view.total.failures);
    if (view.compared && view.priorTotal.requests > 0)
        comparePoints(tile, failedPercent(view.total), failedPercent(view.priorTotal));
    tile.note = noteFor(view, tile);
    // What is told is the share of the good ones: it falls where that of the failed ones grows.
    if (tile.trend == TileText::Trend::Flat) return tile;
    tile.trend = tile.trend == TileText::Trend::Up ? TileText::Trend::Down : TileText::Trend::Up;
    return tile;
}

TileText cacheSavedTile(const UsageView& view)
{
    TileText tile;
    tile.value = formatMoney(view.total.savedNanos);
    compareIn(tile, view, static_cast<double>(view.total.savedNanos),
              static_cast<double>(view.priorTotal.savedNanos), TileText::Tone::Good);
    return tile;
}

TileText routeSavedTile(const UsageView& view)
{
    TileText tile;
    tile.value = formatMoney(view.total.routedNanos);
    compareIn(tile, view, static_cast<double>(view.total.routedNanos),
              static_cast<double>(view.priorTotal.routedNanos), TileText::Tone::Good);
    return tile;
}

QString sourceName(const std::string& source)
{
    if (source == "reported") return Text::tr("Reported by the provider");
    if (source == "computed") return Text::tr("Computed from its token counts");
    if (source == "estimated") return Text::tr("Estimated");
    return Text::tr("No price known");
}

QString sourceShares(const UsageView& view)
{
    QStringList lines;
    for (const char* source : {"reported", "computed", "estimated", "unknown"}) {
        gateway::UsageRow sum;
        for (const gateway::UsageRow& row : view.sources) {
            const bool meant = row.name == source || (row.name.empty() && source == std::string("unknown"));
            if (!meant) continue;
            sum.requests += row.requests;
            sum.costNanos += row.costNanos;
        }
        if (sum.requests == 0) continue;
        const auto whole = static_cast<std::uint64_t>(std::max<std::int64_t>(1, view.total.costNanos));
        const QString requests = Text::tr("%Ln request(s)", nullptr, static_cast<int>(sum.requests));
        if (source == std::string("unknown")) {
            lines.append(Text::tr("%1: %2").arg(sourceName(source), requests));
        } else {
            lines.append(Text::tr("%1: %2 (%3), %4")
                             .arg(sourceName(source), formatMoney(sum.costNanos),
                                  formatShare(static_cast<std::uint64_t>(sum.costNanos), whole), requests));
        }
    }
    return lines.join(QLatin1Char('\n'));
}

std::vector<TokenFigure> tokenFigures(const UsageView& view)
{
    const gateway::UsageRow& now = view.total;
    const gateway::UsageRow& before = view.priorTotal;
    return {{QStringLiteral("input"), Text::tr("In"), Text::tr("Everything that was sent, cached or not"),
             now.inputTokens, before.inputTokens},
            {QStringLiteral("output"), Text::tr("Out"),
             Text::tr("Everything that was answered, reasoning too"), now.outputTokens, before.outputTokens},
            {QStringLiteral("cache-read"), Text::tr("Cache read"),
             Text::tr("Part of what was sent, read from the provider's cache"), now.cacheReadTokens,
             before.cacheReadTokens},
            {QStringLiteral("cache-write"), Text::tr("Cache write"),
             Text::tr("Part of what was sent, put into the provider's cache"), now.cacheWriteTokens,
             before.cacheWriteTokens},
            {QStringLiteral("reasoning"), Text::tr("Reasoning"),
             Text::tr("Part of what was answered: thinking that is not in the text"), now.reasoningTokens,
             before.reasoningTokens}};
}

} // namespace ui
