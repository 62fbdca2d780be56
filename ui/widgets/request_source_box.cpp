// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/request_source_box.h"

#include <QDateTime>

#include "models/dry_source.h"

namespace ui {
namespace {

QVariant dataOf(RequestSourceBox::From from, qint64 which = 0)
{
    return QVariantList{static_cast<int>(from), which};
}

} // namespace

RequestSourceBox::RequestSourceBox(const QString& name, const char* objectName) : ComboBox(name, objectName)
{
}

void RequestSourceBox::fill(const QString& typed, const QStringList& samples,
                            const std::vector<gateway::LogRow>& rows)
{
    const QVariant before = currentData();
    const QString chosen = currentText();
    clear();
    addItem(typed, dataOf(From::Typed));
    int place = 0;
    for (const QString& sample : samples) {
        addItem(tr("Sample: %1").arg(sample), dataOf(From::Sample, place++));
    }
    if (!rows.empty()) insertSeparator(count());
    const QDateTime now = QDateTime::currentDateTime();
    for (const gateway::LogRow& row : rows) {
        addItem(loggedText(row, now), dataOf(From::Logged, row.id.value));
    }
    if (before.isValid()) setCurrentData(before, chosen);
}

RequestSourceBox::Source RequestSourceBox::source() const
{
    const QVariantList held = currentData().toList();
    return {static_cast<From>(held.value(0).toInt()), held.value(1).toLongLong()};
}

void RequestSourceBox::chooseTyped()
{
    setCurrentData(dataOf(From::Typed), {});
}

gateway::LogQuery wholeRowQuery(std::int64_t id)
{
    gateway::LogQuery query;
    query.after = id - 1;
    query.limit = 1;
    query.withBodies = true;
    return query;
}

} // namespace ui
