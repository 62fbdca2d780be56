// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include "gateway/snapshot.h"

namespace ui {

/// What the filter box of Requests says: `status:error provider:openai timeout`. Quotes keep blanks together;
/// a field that does not exist counts as text, so nothing typed is ever dropped silently.
struct RequestFilter {
    QString status, provider, model, key, client, route;
    QString text;

    [[nodiscard]] static RequestFilter parse(const QString& typed);
    [[nodiscard]] bool isEmpty() const;
    void fill(gateway::LogQuery& query) const;
    [[nodiscard]] static QStringList fieldNames();
    bool operator==(const RequestFilter&) const = default;
};

} // namespace ui
