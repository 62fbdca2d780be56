// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "gateway/answer_cache.h"

#include "widgets/form_dialog.h"

class QCheckBox;
class QSpinBox;

namespace ui {

class ComboBox;
class GatewayLink;

/// Forgets kept answers: this one, what a filter shows, those of some age, or all. Tells how many that are
/// before it does so. Deletes itself when closed.
class PurgeDialog : public FormDialog {
    Q_OBJECT

public:
    /// `one`: the answer that is chosen, if any. `shown`: what the page shows; an empty one is all.
    PurgeDialog(GatewayLink& link, const std::optional<gateway::CacheEntry>& one,
                const gateway::CacheFilter& shown, QWidget* parent);

signals:
    void purged(std::size_t answers);

private:
    enum What : std::uint8_t { One, Shown, Older, All };

    void buildFields(bool anyOne, bool anyFilter);
    void showFields();
    void count();
    void purge();
    [[nodiscard]] What what() const;
    [[nodiscard]] gateway::CacheFilter filter() const;

    GatewayLink& m_link;
    std::optional<gateway::CacheEntry> m_one;
    gateway::CacheFilter m_shown;
    ComboBox* m_what = nullptr;
    QWidget* m_ageLine = nullptr;
    QSpinBox* m_age = nullptr;
    ComboBox* m_unit = nullptr;
    QCheckBox* m_pinned = nullptr;
    int m_asks = 0; // an answer to an earlier question is no longer wanted
};

} // namespace ui
