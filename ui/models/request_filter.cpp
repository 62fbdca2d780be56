// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/request_filter.h"

#include <array>
#include <utility>

#include <QDateTime>

namespace ui {
namespace {

using Field = std::pair<const char*, QString RequestFilter::*>;
constexpr std::array<Field, 12> kFields{{{"status", &RequestFilter::status},
                                         {"provider", &RequestFilter::provider},
                                         {"model", &RequestFilter::model},
                                         {"key", &RequestFilter::key},
                                         {"client", &RequestFilter::client},
                                         {"route", &RequestFilter::route},
                                         {"program", &RequestFilter::program},
                                         {"repository", &RequestFilter::repository},
                                         {"session", &RequestFilter::session},
                                         {"tag", &RequestFilter::tag},
                                         {"since", &RequestFilter::since},
                                         {"until", &RequestFilter::until}}};
constexpr qsizetype kMaxTyped = 500;

// Splits at blanks outside of double quotes; the quotes themselves go.
QStringList words(const QString& typed)
{
    QStringList result;
    QString word;
    bool quoted = false;
    for (const QChar c : typed.left(kMaxTyped)) {
        if (c == QLatin1Char('"')) {
            quoted = !quoted;
        } else if (c.isSpace() && !quoted) {
            if (!word.isEmpty()) result.append(std::exchange(word, {}));
        } else {
            word += c;
        }
    }
    if (!word.isEmpty()) result.append(word);
    return result;
}

// Microseconds since 1970; 0: it is no time.
std::int64_t momentOf(const QString& text)
{
    const QDateTime when = QDateTime::fromString(text, Qt::ISODate);
    return when.isValid() ? when.toMSecsSinceEpoch() * 1000 : 0;
}

bool takeField(RequestFilter& filter, const QString& word)
{
    const qsizetype colon = word.indexOf(QLatin1Char(':'));
    if (colon <= 0) return false;
    const QStringView name = QStringView(word).left(colon);
    for (const auto& [fieldName, member] : kFields) {
        if (name.compare(QLatin1String(fieldName), Qt::CaseInsensitive) == 0) {
            const QString value = word.mid(colon + 1);
            const bool isTime = member == &RequestFilter::since || member == &RequestFilter::until;
            if (isTime && momentOf(value) == 0) return false;
            filter.*member = value;
            return true;
        }
    }
    return false;
}

} // namespace

RequestFilter RequestFilter::parse(const QString& typed)
{
    RequestFilter filter;
    QStringList rest;
    for (const QString& word : words(typed)) {
        if (!takeField(filter, word)) rest.append(word);
    }
    filter.status = filter.status.toLower();
    filter.text = rest.join(QLatin1Char(' '));
    return filter;
}

QString RequestFilter::written(const QString& field, const QString& value)
{
    // There is no way to type a quote, and what is too long would be cut.
    const bool fits = value.size() < kMaxTyped / 2 && !value.contains(QLatin1Char('"'));
    return value.isEmpty() || !fits ? QString() : QStringLiteral("%1:\"%2\"").arg(field, value);
}

bool RequestFilter::isEmpty() const
{
    return *this == RequestFilter{};
}

void RequestFilter::fill(gateway::LogQuery& query) const
{
    query.status = status.toStdString();
    query.provider = provider.toStdString();
    query.model = model.toStdString();
    query.key = key.toStdString();
    query.client = client.toStdString();
    query.route = route.toStdString();
    query.program = program.toStdString();
    query.repository = repository.toStdString();
    query.session = session.toStdString();
    query.tag = tag.toStdString();
    query.sinceMicros = since.isEmpty() ? 0 : momentOf(since);
    query.untilMicros = until.isEmpty() ? 0 : momentOf(until);
    query.text = text.toStdString();
}

QStringList RequestFilter::fieldNames()
{
    QStringList names;
    for (const auto& field : kFields) {
        names.append(QLatin1String(field.first));
    }
    return names;
}

} // namespace ui
