// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include "gateway/snapshot.h"

namespace ui {

/// What the filter box of Requests says: `status:error provider:openai timeout`. Quotes keep blanks together;
/// a field that does not exist, or a time that is none, counts as text: nothing typed is dropped silently.
struct RequestFilter {
    QString status, provider, model, key, client, route;
    QString program, repository, session, tag;
    QString since,
        until; // local time as "2026-11-27" or "2026-11-27T14:30"; `until` is the first moment after
    QString text;

    [[nodiscard]] static RequestFilter parse(const QString& typed);
    /// `session:"a b"`, as parse() reads it; empty where there is no value, or one that cannot be typed.
    [[nodiscard]] static QString written(const QString& field, const QString& value);
    [[nodiscard]] bool isEmpty() const;
    void fill(gateway::LogQuery& query) const;
    [[nodiscard]] static QStringList fieldNames();
    bool operator==(const RequestFilter&) const = default;
};

} // namespace ui
