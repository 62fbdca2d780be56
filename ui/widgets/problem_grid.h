// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QGridLayout>

class QLabel;

namespace ui {

/// The fields of a form in one or two columns, each with its name before it and, where it is wrong, the
/// problem below it.
class ProblemGrid : public QGridLayout {
    Q_OBJECT

public:
    explicit ProblemGrid(QWidget* parent = nullptr);
    enum class Side : std::uint8_t { Undecided, Left, Right, Both };
    /// Right goes beside the field that was added last.
    void addField(const QString& name, QWidget* field, Side side);
    void setProblem(const QWidget* field, const QString& text);
    void clearProblems();
    /// The first field with a problem; null: none.
    [[nodiscard]] QWidget* firstBad() const;

private:
    struct Entry {
        QWidget* field;
        QLabel* problem;
        bool bad = false;
    };
    std::vector<Entry> m_entries;
    int m_line = -1;
};

} // namespace ui
