// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/budget_text.h"

#include <algorithm>

#include <QCoreApplication>
#include <QLocale>

#include "models/format.h"
#include "models/model_text.h"

namespace ui {
namespace {

constexpr std::size_t kMostPercents = 10;
constexpr int kDaysByName = 6;
constexpr std::int64_t kDollar = 1'000'000'000;
constexpr std::int64_t kUsualMore = 5 * kDollar; // where the configuration says nothing else

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::BudgetText)
};

QString none()
{
    return QStringLiteral("—");
}

QString qs(const std::string& text)
{
    return QString::fromStdString(text);
}

// `%1` of the sentence is the money.
QString aPeriod(gateway::BudgetPeriod per)
{
    switch (per) {
    case gateway::BudgetPeriod::Hour:
        return Text::tr("%1 an hour");
    case gateway::BudgetPeriod::Day:
        return Text::tr("%1 a day");
    case gateway::BudgetPeriod::Week:
        return Text::tr("%1 a week");
    case gateway::BudgetPeriod::Month:
        return Text::tr("%1 a month");
    case gateway::BudgetPeriod::RollingDay:
        return Text::tr("%1 in 24 hours");
    case gateway::BudgetPeriod::Total:
        return Text::tr("%1 in all");
    case gateway::BudgetPeriod::Undecided:
        break;
    }
    return QStringLiteral("%1");
}

SpentCell::Tone toneOf(double share, int nearPercent)
{
    if (share >= 1) return SpentCell::Tone::Over;
    return share * 100 >= nearPercent ? SpentCell::Tone::Near : SpentCell::Tone::Fine;
}

} // namespace

const gateway::BudgetState* budgetStateOf(const std::vector<gateway::BudgetState>& states,
                                          const std::string& name, bool ofKey)
{
    const auto found = std::find_if(states.begin(), states.end(), [&](const gateway::BudgetState& state) {
        return state.ofKey == ofKey && state.name == name;
    });
    return found == states.end() ? nullptr : &*found;
}

std::int64_t roomOf(const gateway::BudgetState& state)
{
    return state.limitNanos + state.allowedNanos;
}

bool isUsedUp(const gateway::BudgetState& state)
{
    return state.complete && state.spentNanos >= roomOf(state);
}

SpentCell spentCell(const std::optional<std::string>& usd, gateway::BudgetPeriod per,
                    const gateway::BudgetState* state, int nearPercent)
{
    SpentCell cell;
    const QString amount = amountText(usd, per);
    cell.text = amount;
    if (!usd || state == nullptr) return cell;
    if (!state->complete) {
        cell.note = Text::tr("Reading what was spent…");
        return cell;
    }
    cell.text = Text::tr("%1 of %2", "spent of the amount").arg(formatMoney(state->spentNanos), amount);
    if (state->allowedNanos > 0) // For this time alone: the period would be one of the sum.
        cell.text = Text::tr("%1 of %2 + %3 allowed", "spent of the amount and what was added to it")
                        .arg(formatMoney(state->spentNanos), dollarsText(state->limitNanos),
                             dollarsText(state->allowedNanos));
    const auto limit = static_cast<double>(roomOf(*state));
    // Of nothing, everything is used.
    cell.spent = limit > 0 ? static_cast<double>(state->spentNanos) / limit : 1;
    cell.reserved = limit > 0 ? static_cast<double>(state->reservedNanos) / limit : 0;
    cell.tone = toneOf(cell.spent, nearPercent);
    return cell;
}

QString spokenText(const SpentCell& cell)
{
    QStringList parts{cell.text};
    if (cell.tone != SpentCell::Tone::Undecided)
        parts.append(Text::tr("%1% used").arg(int(cell.spent * 100)));
    if (cell.reserved > 0)
        parts.append(Text::tr("%1% set aside for calls under way").arg(int(cell.reserved * 100)));
    if (!cell.note.isEmpty()) parts.append(cell.note);
    return parts.join(QStringLiteral("; "));
}

QString periodName(gateway::BudgetPeriod per)
{
    switch (per) {
    case gateway::BudgetPeriod::Hour:
        return Text::tr("an hour");
    case gateway::BudgetPeriod::Day:
        return Text::tr("a day");
    case gateway::BudgetPeriod::Week:
        return Text::tr("a week");
    case gateway::BudgetPeriod::Month:
        return Text::tr("a month");
    case gateway::BudgetPeriod::RollingDay:
        return Text::tr("in 24 hours");
    case gateway::BudgetPeriod::Total:
        return Text::tr("in all");
    case gateway::BudgetPeriod::Undecided:
        break;
    }
    return none();
}

QString amountText(const std::optional<std::string>& usd, gateway::BudgetPeriod per)
{
    if (!usd) return none();
    const auto nanos = parseDollars(typedDollars(usd));
    return aPeriod(per).arg(nanos ? dollarsText(*nanos) : QStringLiteral("$") + qs(*usd));
}

QString scopeText(const gateway::BudgetScope& scope)
{
    QStringList parts;
    const auto add = [&parts](const QString& sentence, const std::string& glob) {
        if (!glob.empty()) parts.append(sentence.arg(qs(glob)));
    };
    add(Text::tr("provider %1"), scope.provider);
    add(Text::tr("model %1"), scope.model);
    add(Text::tr("route %1"), scope.route);
    add(Text::tr("key %1"), scope.key);
    add(Text::tr("tag %1"), scope.tag);
    add(Text::tr("client %1"), scope.client);
    add(Text::tr("repository %1"), scope.repository);
    return parts.isEmpty() ? Text::tr("Everything") : parts.join(QStringLiteral(", "));
}

QString atLimitText(const gateway::BudgetConfig& budget)
{
    switch (budget.atLimit) {
    case gateway::AtLimit::Block:
        return Text::tr("Refuses");
    case gateway::AtLimit::Reroute:
        return Text::tr("Goes to %1").arg(qs(budget.route.text));
    case gateway::AtLimit::Warn:
        return Text::tr("Only warns");
    case gateway::AtLimit::Ask:
        return Text::tr("Asks for %1 more")
            .arg(dollarsText(parseDollars(typedDollars(budget.askMore)).value_or(kUsualMore)));
    case gateway::AtLimit::Undecided:
        break;
    }
    return none();
}

QString anewText(gateway::BudgetPeriod per, const gateway::BudgetState* state, const QDateTime& now)
{
    if (per == gateway::BudgetPeriod::Total) return Text::tr("Never");
    if (per == gateway::BudgetPeriod::RollingDay) return Text::tr("Little by little");
    if (state == nullptr || state->until <= 0) return none();
    const QDateTime when = QDateTime::fromMSecsSinceEpoch(state->until / 1000);
    QString time = QLocale().toString(when.time(), QStringLiteral("HH:mm"));
    const qint64 days = now.date().daysTo(when.date());
    if (days <= 0) return time;
    if (days > kDaysByName) return formatDay(when.date());
    return QLocale().dayName(when.date().dayOfWeek(), QLocale::ShortFormat) + QLatin1Char(' ') + time;
}

// Limits are mostly whole dollars; cents that are none would only take room.
QString dollarsText(std::int64_t nanos)
{
    return nanos % kDollar == 0 ? QStringLiteral("$") + formatCount(nanos / kDollar) : formatMoney(nanos);
}

QString limitsText(const gateway::RateLimits& limits)
{
    QStringList parts;
    const auto add = [&parts](const auto& limit, const char* unit) {
        if (limit) parts.append(tokensText(std::int64_t(*limit)) + QLatin1Char(' ') + QLatin1String(unit));
    };
    add(limits.rpm, "rpm");
    add(limits.rph, "rph");
    add(limits.rpd, "rpd");
    add(limits.tpm, "tpm");
    add(limits.tph, "tph");
    add(limits.tpd, "tpd");
    if (limits.concurrent) parts.append(Text::tr("%1 at once").arg(*limits.concurrent));
    return parts.isEmpty() ? none() : parts.join(QStringLiteral(", "));
}

QString limitsStory(const gateway::RateLimits& limits)
{
    QStringList lines;
    const auto add = [&lines](const QString& sentence, const auto& limit) {
        if (limit) lines.append(sentence.arg(formatCount(static_cast<std::int64_t>(*limit))));
    };
    add(Text::tr("Requests a minute: %1"), limits.rpm);
    add(Text::tr("Requests an hour: %1"), limits.rph);
    add(Text::tr("Requests a day: %1"), limits.rpd);
    add(Text::tr("Tokens a minute: %1"), limits.tpm);
    add(Text::tr("Tokens an hour: %1"), limits.tph);
    add(Text::tr("Tokens a day: %1"), limits.tpd);
    add(Text::tr("Requests at the same time: %1"), limits.concurrent);
    if (limits.queue)
        lines.append(Text::tr("Waits for its turn: %1").arg(formatDuration(limits.queue->count() * 1000)));
    return lines.join(QLatin1Char('\n'));
}

QString typedDollars(const std::optional<std::string>& usd)
{
    return usd ? qs(*usd).replace(QLatin1Char('.'), QLocale().decimalPoint()) : QString();
}

std::optional<std::string> dollarsFrom(const QString& typed)
{
    const auto nanos = parseDollars(typed);
    if (!nanos) return std::nullopt;
    return configDollars(*nanos);
}

QString percentsText(const std::vector<int>& percents)
{
    QStringList parts;
    for (const int percent : percents) {
        parts.append(QString::number(percent));
    }
    return parts.join(QStringLiteral(", "));
}

std::optional<std::vector<int>> percentsFrom(const QString& typed)
{
    std::vector<int> percents;
    const QStringList parts = typed.split(QLatin1Char(','), Qt::SkipEmptyParts);
    for (QString part : parts) {
        bool good = false;
        const int percent = part.remove(QLatin1Char('%')).trimmed().toInt(&good);
        if (!good || percent < 1 || percent > 100) return std::nullopt;
        percents.push_back(percent);
    }
    if (percents.size() > kMostPercents) return std::nullopt;
    return percents;
}

} // namespace ui
