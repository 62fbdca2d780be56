// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include <QStringList>

#include "gateway/snapshot.h"

#include "widgets/combo_box.h"

namespace ui {

/// Where a text or a request to try something with comes from: what is typed, a sample, or the log.
class RequestSourceBox : public ComboBox {
    Q_OBJECT

public:
    enum class From : std::uint8_t { Undecided, Typed, Sample, Logged };
    struct Source {
        From from = From::Undecided;
        qint64 which = 0; // the place of a sample, or the id of a logged request
    };

    RequestSourceBox(const QString& name, const char* objectName);
    /// Replaces the list and keeps what was chosen. `typed` is the first entry's text.
    void fill(const QString& typed, const QStringList& samples, const std::vector<gateway::LogRow>& rows);
    [[nodiscard]] Source source() const;
    /// Emits nothing.
    void chooseTyped();
};

/// Asks for one row of the log with its bodies, which lists do without.
[[nodiscard]] gateway::LogQuery wholeRowQuery(std::int64_t id);

} // namespace ui
