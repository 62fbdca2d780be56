// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/request_filter.h"

#include <array>
#include <utility>

namespace ui {
namespace {

using Field = std::pair<const char*, QString RequestFilter::*>;
constexpr std::array<Field, 6> kFields{{{"status", &RequestFilter::status},
                                        {"provider", &RequestFilter::provider},
                                        {"model", &RequestFilter::model},
                                        {"key", &RequestFilter::key},
                                        {"client", &RequestFilter::client},
                                        {"route", &RequestFilter::route}}};
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

bool takeField(RequestFilter& filter, const QString& word)
{
    const qsizetype colon = word.indexOf(QLatin1Char(':'));
    if (colon <= 0) return false;
    const QStringView name = QStringView(word).left(colon);
    for (const auto& [fieldName, member] : kFields) {
        if (name.compare(QLatin1String(fieldName), Qt::CaseInsensitive) == 0) {
            filter.*member = word.mid(colon + 1);
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
