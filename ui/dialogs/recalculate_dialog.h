// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "gateway/snapshot.h"

#include "widgets/form_dialog.h"

namespace ui {

class Segments;

/// Puts the prices of today on requests that had none when they were made: counts first, changes only what it
/// was told to. The owner does what the signals ask for and tells how it went; what was begun goes on when
/// the dialog is closed.
class RecalculateDialog : public FormDialog {
    Q_OBJECT

public:
    /// `sinceMicros`: where the time on show begins.
    RecalculateDialog(std::int64_t sinceMicros, QWidget* parent);

    /// Begins to count; to be called once.
    void start();
    /// Grows with each question: an answer to an earlier one is no longer wanted.
    [[nodiscard]] int askNumber() const { return m_asks; }
    void showCounted(const gateway::Recalculation& counted);
    void showDone(const gateway::Recalculation& done);
    /// It was given up without an answer.
    void showUnfinished();

signals:
    void countWanted(std::int64_t sinceMicros);
    void applyWanted(std::int64_t sinceMicros);

private:
    enum class Step : std::uint8_t { Undecided, Counting, Counted, Applying, Done };

    void setStep(Step step);
    void count();
    void apply();
    [[nodiscard]] std::int64_t since() const;

    std::int64_t m_since;
    Step m_step = Step::Counting;
    int m_asks = 0;
    std::uint64_t m_priced = 0;
    Segments* m_span = nullptr;
};

} // namespace ui
