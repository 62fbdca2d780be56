// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/problem_grid.h"

#include <QLabel>

#include "widgets/build.h"

namespace ui {
namespace {

constexpr int kLabelWidth = 112; // Grids below each other stand in line.

} // namespace

ProblemGrid::ProblemGrid(QWidget* parent) : QGridLayout(parent)
{
    setHorizontalSpacing(14);
    setVerticalSpacing(8);
    setColumnStretch(1, 1);
    setColumnStretch(3, 1);
    setColumnMinimumWidth(0, kLabelWidth);
    setColumnMinimumWidth(2, kLabelWidth);
}

void ProblemGrid::addField(const QString& name, QWidget* field, Side side)
{
    if (side != Side::Right) m_line += 2;
    const int column = side == Side::Right ? 2 : 0;
    const int span = side == Side::Both ? 3 : 1;
    QLabel* problem = makeParagraph({}, "muted");
    problem->setProperty("tone", QStringLiteral("bad"));
    problem->setAccessibleDescription(QStringLiteral("problem"));
    addWidget(makeFieldLabel(name, field), m_line, column);
    addWidget(field, m_line, column + 1, 1, span);
    addWidget(problem, m_line + 1, column + 1, 1, span);
    problem->hide();
    m_entries.push_back({field, problem});
}

void ProblemGrid::setProblem(const QWidget* field, const QString& text)
{
    for (Entry& entry : m_entries) {
        if (entry.field != field) continue;
        entry.bad = true;
        entry.problem->setText(text);
        entry.problem->show();
    }
}

void ProblemGrid::clearProblems()
{
    for (Entry& entry : m_entries) {
        entry.bad = false;
        entry.problem->clear();
        entry.problem->hide();
    }
}

QWidget* ProblemGrid::firstBad() const
{
    for (const Entry& entry : m_entries) {
        if (entry.bad) return entry.field;
    }
    return nullptr;
}

} // namespace ui
