// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/model_text.h"

#include <algorithm>
#include <array>

#include <QCoreApplication>
#include <QDate>
#include <QLocale>
#include <QRegularExpression>
#include <QStringList>

#include "models/format.h"

namespace ui {
namespace {

constexpr std::int64_t kNanosPerDollar = 1'000'000'000;
constexpr std::int64_t kMostDollars = 1'000'000;
constexpr int kDecimals = 9;
constexpr int kShownDecimals = 2;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::ModelText)
};

using Facts = std::vector<std::pair<QString, QString>>;

QString unknown()
{
    return QStringLiteral("–");
}

bool holds(const std::vector<std::string>& list, const char* what)
{
    return std::find(list.begin(), list.end(), what) != list.end();
}

// Without zeros at the end, but for the first `least` decimals.
QString decimals(std::int64_t nanos, int least)
{
    QString digits = QString::number(nanos % kNanosPerDollar).rightJustified(kDecimals, QLatin1Char('0'));
    while (digits.size() > least && digits.endsWith(QLatin1Char('0'))) {
        digits.chop(1);
    }
    return digits;
}

// Three digits are enough to tell sizes apart.
QString rounded(double value)
{
    const int places = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    QString text = QLocale().toString(value, 'f', places);
    const QString point = QLocale().decimalPoint();
    if (!text.contains(point)) return text;
    while (text.endsWith(QLatin1Char('0'))) {
        text.chop(1);
    }
    if (text.endsWith(point)) text.chop(point.size());
    return text;
}

QString list(const std::vector<std::string>& words)
{
    QStringList names;
    for (const std::string& word : words) {
        names.append(QString::fromStdString(word));
    }
    return names.isEmpty() ? unknown() : names.join(QStringLiteral(", "));
}

QString exactTokens(const std::optional<std::int64_t>& tokens)
{
    return tokens ? Text::tr("%1 tokens").arg(formatCount(*tokens)) : unknown();
}

void addTokenPrices(Facts& facts, const gateway::ModelPrices& prices)
{
    const auto add = [&facts](const QString& name, const gateway::ModelPrices::Nanos& price, bool always) {
        if (!price && !always) return;
        const bool figure = price && *price > 0;
        facts.emplace_back(name, figure ? Text::tr("%1 per million tokens").arg(priceWithCurrency(price))
                                        : priceText(price));
    };
    add(Text::tr("Input"), prices.input, true);
    add(Text::tr("Output"), prices.output, true);
    add(Text::tr("Cache read"), prices.cacheRead, true);
    add(Text::tr("Cache write"), prices.cacheWrite, true);
    add(Text::tr("Cache write, 1 h"), prices.cacheWriteHour, false);
    add(Text::tr("Thinking"), prices.reasoning, false);
    add(Text::tr("Sound in"), prices.audioInput, false);
    add(Text::tr("Sound out"), prices.audioOutput, false);
    add(Text::tr("Pictures in"), prices.imageInput, false);
    add(Text::tr("Pictures out"), prices.imageOutput, false);
}

void addPiecePrices(Facts& facts, const gateway::ModelPrices& prices)
{
    const auto add = [&facts](const QString& name, const gateway::ModelPrices::Nanos& price) {
        if (price) facts.emplace_back(name, priceWithCurrency(price));
    };
    add(Text::tr("Each picture"), prices.perImage);
    add(Text::tr("Each second"), prices.perSecond);
    add(Text::tr("Each request"), prices.perRequest);
    add(Text::tr("1,000 searches"), prices.perThousandSearches);
    add(Text::tr("A million letters"), prices.perMillionCharacters);
    if (prices.tiers) facts.emplace_back(Text::tr("Long input"), Text::tr("costs more"));
    if (prices.services) facts.emplace_back(Text::tr("Batch and others"), Text::tr("have their own prices"));
}

} // namespace

const std::vector<AbilityText>& abilityTexts()
{
    static const std::vector<AbilityText> kTexts{
        {AbilityTools, QStringLiteral("wrench"), Text::tr("Tools"), Text::tr("Calls tools")},
        {AbilityVision, QStringLiteral("eye"), Text::tr("Vision"), Text::tr("Sees pictures")},
        {AbilityReasoning, QStringLiteral("brain"), Text::tr("Reasoning"),
         Text::tr("Thinks before it answers")},
        {AbilityJson, QStringLiteral("braces"), Text::tr("JSON"), Text::tr("Keeps to a JSON schema")},
        {AbilityAudio, QStringLiteral("mic"), Text::tr("Audio"), Text::tr("Hears sound")}};
    return kTexts;
}

int abilitiesOf(const gateway::ModelRow& row)
{
    int can = AbilityNone;
    if (row.tools) can |= AbilityTools;
    if (holds(row.inputs, "image")) can |= AbilityVision;
    if (row.reasoning) can |= AbilityReasoning;
    if (row.jsonSchema) can |= AbilityJson;
    if (holds(row.inputs, "audio")) can |= AbilityAudio;
    return can;
}

QString abilityNames(int abilities)
{
    QStringList names;
    for (const AbilityText& text : abilityTexts()) {
        if ((abilities & text.ability) != 0) names.append(text.name);
    }
    return names.isEmpty() ? unknown() : names.join(QStringLiteral(", "));
}

QString exactDollars(std::int64_t nanos)
{
    return QLocale().toString(static_cast<qlonglong>(nanos / kNanosPerDollar)) + QLocale().decimalPoint() +
           decimals(nanos, kShownDecimals);
}

QString priceText(const gateway::ModelPrices::Nanos& price)
{
    if (!price) return unknown();
    return *price == 0 ? Text::tr("free") : exactDollars(*price);
}

QString priceWithCurrency(const gateway::ModelPrices::Nanos& price)
{
    return price && *price != 0 ? QLatin1Char('$') + exactDollars(*price) : priceText(price);
}

std::optional<std::int64_t> parseDollars(const QString& typed)
{
    QString text = typed.trimmed();
    if (text.startsWith(QLatin1Char('$'))) text.remove(0, 1);
    text.replace(QLocale().decimalPoint(), QStringLiteral("."));
    const QString whole = text.section(QLatin1Char('.'), 0, 0);
    const QString part = text.section(QLatin1Char('.'), 1);
    const auto digitsOnly = [](const QString& digits) {
        return std::all_of(digits.begin(), digits.end(),
                           [](QChar c) { return c >= QLatin1Char('0') && c <= QLatin1Char('9'); });
    };
    if (whole.size() + part.size() == 0 || whole.size() > 7 || part.size() > kDecimals) return std::nullopt;
    if (!digitsOnly(whole) || !digitsOnly(part)) return std::nullopt;
    const std::int64_t nanos =
        whole.toLongLong() * kNanosPerDollar + part.leftJustified(kDecimals, QLatin1Char('0')).toLongLong();
    if (nanos > kMostDollars * kNanosPerDollar) return std::nullopt;
    return nanos;
}

std::string configDollars(std::int64_t nanos)
{
    const QString part = decimals(nanos, 0);
    QString text = QString::number(nanos / kNanosPerDollar);
    if (!part.isEmpty()) text += QLatin1Char('.') + part;
    return text.toStdString();
}

QString tokensText(const std::optional<std::int64_t>& tokens)
{
    if (!tokens) return unknown();
    const auto count = static_cast<double>(*tokens);
    if (*tokens < 1000) return formatCount(*tokens);
    if (*tokens < 999'500) return Text::tr("%1k").arg(rounded(count / 1e3));
    return Text::tr("%1M").arg(rounded(count / 1e6));
}

QString modeText(const std::string& mode)
{
    if (mode.empty()) return unknown();
    const std::array<std::pair<const char*, QString>, 11> names{{{"chat", Text::tr("Chat")},
                                                                 {"completion", Text::tr("Completion")},
                                                                 {"responses", Text::tr("Responses")},
                                                                 {"embedding", Text::tr("Embedding")},
                                                                 {"image", Text::tr("Image")},
                                                                 {"video", Text::tr("Video")},
                                                                 {"speech", Text::tr("Speech")},
                                                                 {"transcription", Text::tr("Transcription")},
                                                                 {"moderation", Text::tr("Moderation")},
                                                                 {"rerank", Text::tr("Reranking")},
                                                                 {"realtime", Text::tr("Realtime")}}};
    for (const auto& [id, name] : names) {
        if (mode == id) return name;
    }
    return QString::fromStdString(mode);
}

QString sourceText(gateway::FactSource source)
{
    switch (source) {
    case gateway::FactSource::Catalog:
        return Text::tr("Catalog");
    case gateway::FactSource::Update:
        return Text::tr("Update");
    case gateway::FactSource::Config:
        return Text::tr("Yours");
    default:
        return unknown();
    }
}

QString dayText(const std::string& isoDate)
{
    const QString text = QString::fromStdString(isoDate);
    const QDate day = QDate::fromString(text, Qt::ISODate);
    return day.isValid() ? formatDay(day) + QLatin1Char(' ') + QString::number(day.year()) : text;
}

QString priceSourceText(const gateway::ModelRow& row)
{
    const QString source = sourceText(row.priceSource);
    const bool dated =
        row.priceSource == gateway::FactSource::Catalog || row.priceSource == gateway::FactSource::Update;
    return dated && !row.date.empty() ? source + QStringLiteral(", ") + dayText(row.date) : source;
}

QString clientName(const gateway::ModelRow& row)
{
    return QString::fromStdString(row.alias.empty() ? row.model : row.alias);
}

QString fullName(const gateway::ModelRow& row)
{
    return QString::fromStdString(row.provider.text + "/" + row.model);
}

QString breakable(const QString& text)
{
    constexpr qsizetype kMostUnbroken = 24;
    static const QRegularExpression kBreaks(QStringLiteral("[\\s/-]"));
    const QStringList words = text.split(kBreaks);
    const bool fits = std::all_of(words.begin(), words.end(),
                                  [](const QString& word) { return word.size() <= kMostUnbroken; });
    if (fits) return text;
    QString result;
    for (const QChar c : text) {
        result += c;
        if (c == QLatin1Char('_') || c == QLatin1Char('.') || c == QLatin1Char(':')) result += QChar(0x200b);
    }
    return result;
}

Facts modelFacts(const gateway::ModelRow& row)
{
    Facts facts;
    if (!row.alias.empty())
        facts.emplace_back(Text::tr("Its name"), breakable(QString::fromStdString(row.model)));
    facts.emplace_back(Text::tr("Kind"), modeText(row.mode));
    QString context = exactTokens(row.context);
    if (row.contextSource == gateway::FactSource::Config) context += Text::tr(" (yours)");
    facts.emplace_back(Text::tr("Context"), context);
    facts.emplace_back(Text::tr("Longest answer"), exactTokens(row.maxOutput));
    facts.emplace_back(Text::tr("Takes"), list(row.inputs));
    facts.emplace_back(Text::tr("Gives"), list(row.outputs));
    facts.emplace_back(Text::tr("Abilities"), abilityNames(abilitiesOf(row)));
    addTokenPrices(facts, row.prices);
    addPiecePrices(facts, row.prices);
    facts.emplace_back(Text::tr("Prices from"), priceSourceText(row));
    if (!row.source.empty())
        facts.emplace_back(Text::tr("Source"), breakable(QString::fromStdString(row.source)));
    facts.emplace_back(Text::tr("Its provider"),
                       row.listed ? Text::tr("lists it") : Text::tr("does not list it"));
    return facts;
}

QString deprecationText(const gateway::ModelRow& row)
{
    if (row.deprecated.empty()) return {};
    return Text::tr("Its provider switches it off on %1. Choose another model before that.")
        .arg(dayText(row.deprecated));
}

} // namespace ui
