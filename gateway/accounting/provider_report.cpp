// SPDX-License-Identifier: GPL-3.0-or-later
#include "accounting/provider_report.h"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <utility>

#include "accounting/csv_lines.h"
#include "base/iso_time.h"
#include "base/money.h"
#include "base/strings.h"

namespace gateway::accounting {

namespace {

constexpr std::size_t kMaxBytes = std::size_t{64} << 20;
constexpr std::int64_t kMostTokens = 1'000'000'000'000'000; // sums stay far below an overflow
constexpr std::size_t kMaxModel = 200;

/// What a column means. Parts of the input are added up to all of it, where the export has no such column.
enum class Column : std::uint8_t {
    Undecided,
    Day,
    Model,
    Input,      // all of it
    FreshInput, // what was neither read from a cache nor written to one
    CacheRead,  // within Input, or beside FreshInput
    CacheWrite, // the same
    Output,     // all of it
    Requests,
    Cost,
    Currency,
    Item // a line of a bill: the model is its first word
};

struct Name {
    std::string_view text;
    Column column;
};

/// As the exports call them, in lower case; the first that is there wins where two mean the same.
constexpr std::array kNames{
    // Anthropic's, https://support.anthropic.com/en/articles/9534590
    Name{"usage_date_utc", Column::Day}, Name{"model_version", Column::Model},
    Name{"usage_input_tokens_no_cache", Column::FreshInput},
    Name{"usage_input_tokens_cache_write_5m", Column::CacheWrite},
    Name{"usage_input_tokens_cache_write_1h", Column::CacheWrite},
    Name{"usage_input_tokens_cache_read", Column::CacheRead}, Name{"usage_output_tokens", Column::Output},
    Name{"cost_usd", Column::Cost},
    // OpenAI's: of use, of costs, and of use as it was before.
    Name{"start_time_iso", Column::Day}, Name{"start_time", Column::Day}, Name{"model", Column::Model},
    Name{"input_cached_tokens", Column::CacheRead}, Name{"num_model_requests", Column::Requests},
    Name{"n_requests", Column::Requests}, Name{"n_context_tokens_total", Column::Input},
    Name{"n_generated_tokens_total", Column::Output}, Name{"amount_value", Column::Cost},
    Name{"amount_currency", Column::Currency}, Name{"line_item", Column::Item},
    // OpenRouter's, a line for each request.
    Name{"created_at", Column::Day}, Name{"model_permaslug", Column::Model},
    Name{"tokens_prompt", Column::Input}, Name{"tokens_completion", Column::Output},
    Name{"tokens_cached", Column::CacheRead}, Name{"cost_total", Column::Cost},
    // Anybody's.
    Name{"day", Column::Day}, Name{"date", Column::Day}, Name{"timestamp", Column::Day},
    Name{"input", Column::Input}, Name{"input_tokens", Column::Input}, Name{"prompt_tokens", Column::Input},
    Name{"output", Column::Output}, Name{"output_tokens", Column::Output},
    Name{"completion_tokens", Column::Output}, Name{"cache_read", Column::CacheRead},
    Name{"cache_read_tokens", Column::CacheRead}, Name{"cached_tokens", Column::CacheRead},
    Name{"cache_write", Column::CacheWrite}, Name{"cache_write_tokens", Column::CacheWrite},
    Name{"requests", Column::Requests}, Name{"request_count", Column::Requests}, Name{"cost", Column::Cost},
    Name{"amount", Column::Cost}, Name{"currency", Column::Currency}};

std::string normalName(std::string_view text)
{
    std::string name = lowered(trimmed(text));
    std::replace_if(
        name.begin(), name.end(), [](char byte) { return byte == ' ' || byte == '-'; }, '_');
    return name;
}

std::string formatOf(const std::vector<std::string>& names)
{
    const auto has = [&names](std::string_view name) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    if (has("usage_input_tokens_no_cache")) return "Anthropic's export of use";
    if (has("usage_date_utc")) return "Anthropic's export of costs";
    if (has("amount_value")) return "OpenAI's export of costs";
    if (has("num_model_requests") || has("n_context_tokens_total") || has("input_cached_tokens"))
        return "OpenAI's export of use";
    if (has("model_permaslug") || has("cost_total")) return "OpenRouter's export of activity";
    return "a table of use";
}

/// What each column means; of those that mean a day or a model only the first counts.
std::vector<Column> columnsOf(const std::vector<std::string>& names)
{
    std::vector<Column> columns(names.size(), Column::Undecided);
    const auto taken = [&columns](Column column) {
        return std::find(columns.begin(), columns.end(), column) != columns.end();
    };
    for (const Name& known : kNames) {
        const auto at = std::find(names.begin(), names.end(), known.text);
        if (at == names.end()) continue;
        // Only what is written to a cache comes in parts.
        if (known.column != Column::CacheWrite && taken(known.column)) continue;
        columns[static_cast<std::size_t>(at - names.begin())] = known.column;
    }
    return columns;
}

/// A whole number as it is. "1,000" and "1.000" are refused: nobody can tell which of the two is a thousand.
std::optional<std::int64_t> countIn(std::string_view text)
{
    text = trimmed(text);
    if (text.ends_with(".0")) text.remove_suffix(2);
    const auto amount = Money::parse(text); // checks the digits
    if (!amount || text.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
    std::int64_t count = 0;
    for (const char digit : text) {
        count = count * 10 + (digit - '0');
        if (count > kMostTokens) return std::nullopt;
    }
    return count;
}

/// Where numbers have a comma for their decimals, a point and three digits are a thousand.
bool mayBeThousands(std::string_view text)
{
    const std::size_t point = text.find('.');
    return point != std::string_view::npos && point > 0 && point <= 3 && text.size() == point + 4;
}

std::optional<std::int64_t> nanosIn(std::string_view text, bool commas)
{
    text = trimmed(text);
    if (text.starts_with('$')) text.remove_prefix(1);
    if (commas && mayBeThousands(text)) return std::nullopt;
    const auto amount = Money::parseRounded(text);
    constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() / 1'000;
    if (!amount || amount->nanos() > kMost || amount->nanos() < -kMost) return std::nullopt;
    return amount->nanos();
}

/// Of a date, a time in ISO 8601 with or without its T and zone, or seconds since 1970. UTC.
std::string dayIn(std::string_view text)
{
    constexpr std::size_t kDayBytes = 10;
    text = trimmed(text);
    if (const auto seconds = countIn(text); seconds && *seconds < 100'000'000'000)
        return isoText(*seconds * kMicrosPerSecond).substr(0, kDayBytes);
    std::string iso(text);
    if (iso.size() > kDayBytes && iso[kDayBytes] == ' ') iso[kDayBytes] = 'T';
    if (const auto time = parseIsoTime(iso)) return isoText(time->micros).substr(0, kDayBytes);
    // A time without a zone is UTC in all of these exports.
    if (const auto time = parseIsoTime(iso + "Z")) return isoText(time->micros).substr(0, kDayBytes);
    return {};
}

void add(ReportedUse::Count& sum, const ReportedUse::Count& more)
{
    if (!more) return;
    constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max() / 2;
    sum = std::clamp(sum.value_or(0) + *more, -kMost, kMost);
}

/// One line of an export while it is read.
struct Line {
    ReportedUse use;
    ReportedUse::Count fresh;
    bool understood = true;
    bool commas = false; // numbers may have them

    void take(Column column, std::string_view text)
    {
        if (trimmed(text).empty() || column == Column::Undecided) return;
        if (column == Column::Day)
            use.day = dayIn(text);
        else if (column == Column::Model)
            use.model = trimmed(text).substr(0, kMaxModel);
        else if (column == Column::Item && use.model.empty())
            use.model = trimmed(text.substr(0, text.find(','))).substr(0, kMaxModel);
        else if (column == Column::Currency)
            understood = understood && lowered(trimmed(text)) == "usd";
        else if (column == Column::Cost)
            takeNumber(use.costNanos, nanosIn(text, commas));
        else if (ReportedUse::Count* const count = countOf(column))
            takeNumber(*count, countIn(text));
    }

    void finish()
    {
        if (!fresh) return;
        use.input = *fresh + use.cacheRead.value_or(0) + use.cacheWrite.value_or(0);
    }

private:
    void takeNumber(ReportedUse::Count& into, const ReportedUse::Count& number)
    {
        understood = understood && number.has_value();
        add(into, number);
    }

    ReportedUse::Count* countOf(Column column)
    {
        switch (column) {
        case Column::Input:
            return &use.input;
        case Column::FreshInput:
            return &fresh;
        case Column::CacheRead:
            return &use.cacheRead;
        case Column::CacheWrite:
            return &use.cacheWrite;
        case Column::Output:
            return &use.output;
        case Column::Requests:
            return &use.requests;
        default:
            return nullptr;
        }
    }
};

bool saysAnything(const ReportedUse& use)
{
    return use.input || use.output || use.cacheRead || use.cacheWrite || use.requests || use.costNanos;
}

using Days = std::map<std::pair<std::string, std::string>, ReportedUse>;

void addTo(Days& days, const ReportedUse& use)
{
    ReportedUse& sum = days[{use.day, use.model}];
    sum.day = use.day;
    sum.model = use.model;
    for (const auto part : {&ReportedUse::input, &ReportedUse::output, &ReportedUse::cacheRead,
                            &ReportedUse::cacheWrite, &ReportedUse::requests, &ReportedUse::costNanos})
        add(sum.*part, use.*part);
}

} // namespace

Result<ProviderReport> parseProviderReport(std::string_view csv)
{
    if (csv.size() > kMaxBytes)
        return clientError(Code::InvalidRequest, "The file is larger than 64 MiB. Export a shorter time.");
    CsvLines lines(csv);
    std::vector<std::string> fields;
    bool broken = false;
    if (!lines.next(fields, broken) || broken)
        return clientError(Code::InvalidRequest,
                           "The file has no line with the names of its columns. Export it as CSV.");
    for (std::string& name : fields)
        name = normalName(name);
    ProviderReport report;
    report.format = formatOf(fields);
    const std::vector<Column> columns = columnsOf(fields);
    const bool isByRequest = report.format == "OpenRouter's export of activity";
    const auto has = [&columns](Column column) {
        return std::find(columns.begin(), columns.end(), column) != columns.end();
    };
    if (!has(Column::Day))
        return clientError(Code::InvalidRequest,
                           "None of the file's columns is a day. Export use or costs by day, with a column "
                           "`date` and a column for each of `model`, `input`, `output` or `cost`.");
    Days days;
    while (lines.next(fields, broken)) {
        Line line;
        line.commas = lines.separator() == ';';
        for (std::size_t i = 0; i < std::min(fields.size(), columns.size()); ++i)
            line.take(columns[i], fields[i]);
        line.finish();
        if (isByRequest && !has(Column::Requests)) line.use.requests = 1;
        // Exports have lines for days on which nothing was used.
        if (!broken && line.understood && !line.use.day.empty() && !saysAnything(line.use)) continue;
        if (broken || !line.understood || line.use.day.empty())
            ++report.skippedLines;
        else
            addTo(days, line.use);
    }
    for (auto& [name, use] : days)
        report.use.push_back(std::move(use));
    return report;
}

std::string_view withoutVersion(std::string_view model)
{
    const auto isDigit = [](char byte) { return byte >= '0' && byte <= '9'; };
    const auto isVersion = [&isDigit](std::string_view end, std::string_view shape) {
        return end.size() == shape.size() &&
               std::equal(end.begin(), end.end(), shape.begin(), [&isDigit](char byte, char wanted) {
                   return wanted == '0' ? isDigit(byte) : byte == wanted;
               });
    };
    for (const std::string_view shape : {"-00000000", "-0000-00-00", "@00000000"}) {
        if (model.size() > shape.size() && isVersion(model.substr(model.size() - shape.size()), shape))
            return model.substr(0, model.size() - shape.size());
    }
    if (model.ends_with("-latest")) model.remove_suffix(7);
    return model;
}

} // namespace gateway::accounting
