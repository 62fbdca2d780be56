// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/parameter_table.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QVBoxLayout>

#include "widgets/build.h"
#include "widgets/combo_box.h"

namespace ui {
namespace {

QLabel* makeProblemLine()
{
    QLabel* problem = makeParagraph({}, "muted");
    problem->setProperty("tone", QStringLiteral("bad"));
    problem->setAccessibleDescription(QStringLiteral("problem"));
    problem->hide();
    return problem;
}

void showProblemLine(QLabel* label, const QString& text)
{
    label->setText(text);
    label->setVisible(!text.isEmpty());
}

} // namespace

ParameterTable::ParameterTable(QWidget* parent) : QWidget(parent)
{
    setProperty("role", QStringLiteral("clear"));
    auto* all = column(this, {}, 8);
    QHBoxLayout* head = row(8);
    head->addWidget(makeLabel(tr("Parameters"), "h3"));
    head->addStretch();
    m_add = makeButton(tr("Add parameter"), "ghost", QStringLiteral("plus"), "addParameterButton");
    head->addWidget(m_add);
    all->addLayout(head);
    m_empty = makeParagraph(tr("None: the client's own hold."), "muted");
    all->addWidget(m_empty);
    m_list = new QVBoxLayout;
    m_list->setSpacing(6);
    all->addLayout(m_list);
    m_problem = makeProblemLine();
    all->addWidget(m_problem);
    connect(m_add, &QPushButton::clicked, this, &ParameterTable::add);
}

void ParameterTable::setJson(const std::string& pinned, const std::string& defaults)
{
    if (pinned == pinnedJson() && defaults == defaultsJson()) {
        showRows(); // With lines that are not written yet.
        return;
    }
    m_lines = parameterLines(pinned, defaults);
    showRows();
}

void ParameterTable::showRows()
{
    const QScopedValueRollback filling(m_filling, true);
    while (m_rows.size() > m_lines.size()) {
        QWidget* gone = m_rows.back().whole;
        m_rows.pop_back();
        m_list->removeWidget(gone);
        gone->hide();
        gone->deleteLater(); // It may be its own button that asks.
    }
    const bool more = m_rows.size() < m_lines.size();
    while (m_rows.size() < m_lines.size()) {
        m_rows.push_back(makeRow(m_rows.size()));
        m_list->addWidget(m_rows.back().whole);
        m_rows.back().whole->show();
    }
    if (more) chainTabs();
    for (std::size_t place = 0; place < m_lines.size(); ++place) {
        fill(m_rows[place], m_lines[place]);
    }
    m_empty->setVisible(m_lines.empty());
}

void ParameterTable::fill(const Row& row, const ParameterLine& line)
{
    if (row.name->currentText().trimmed() != line.name) row.name->showText(line.name);
    if (row.value->text().trimmed() != line.value) {
        row.value->setText(line.value);
        row.value->setCursorPosition(0);
    }
    row.holds->setCurrentData(line.isPinned, {});
}

ParameterTable::Row ParameterTable::makeRow(std::size_t place)
{
    Row made;
    made.whole = new QWidget;
    made.whole->setProperty("role", QStringLiteral("clear"));
    auto* all = column(made.whole, {}, 2);
    QHBoxLayout* line = row(6);
    const auto number = static_cast<int>(place) + 1;
    made.name =
        new ComboBox(tr("Name of parameter %1").arg(number), "parameterNameComboBox", ComboBox::Texts::Any);
    made.name->setSuggestions(knownParameters());
    made.name->lineEdit()->setPlaceholderText(tr("name"));
    made.value = new QLineEdit;
    made.value->setObjectName(QStringLiteral("parameterValueEdit"));
    made.value->setAccessibleName(tr("Value of parameter %1").arg(number));
    made.value->setProperty("mono", true);
    made.value->setPlaceholderText(tr("value"));
    made.value->setToolTip(tr("A number, true or false, a word, or JSON"));
    made.holds = new ComboBox(tr("Whether parameter %1 holds").arg(number), "parameterHoldsComboBox");
    made.holds->addItem(tr("Pinned"), true);
    made.holds->addItem(tr("Default"), false);
    made.holds->setToolTip(tr("Pinned: whatever the client says. Default: where it says nothing."));
    made.remove =
        makeIconButton(QStringLiteral("x"), tr("Remove parameter %1").arg(number), "removeParameterButton");
    line->addWidget(made.name, 3);
    line->addWidget(made.value, 3);
    line->addWidget(made.holds, 2);
    line->addWidget(made.remove);
    all->addLayout(line);
    made.problem = makeProblemLine();
    all->addWidget(made.problem);
    connect(made.name, &QComboBox::currentTextChanged, this, [this, place] { takeRow(place); });
    connect(made.value, &QLineEdit::textEdited, this, [this, place] { takeRow(place); });
    connect(made.holds, &QComboBox::currentIndexChanged, this, [this, place] { takeRow(place); });
    connect(made.remove, &QPushButton::clicked, this, [this, place] { remove(place); });
    return made;
}

void ParameterTable::chainTabs()
{
    QWidget* last = m_add;
    for (const Row& row : m_rows) {
        for (QWidget* next : std::initializer_list<QWidget*>{row.name, row.value, row.holds, row.remove}) {
            setTabOrder(last, next);
            last = next;
        }
    }
}

void ParameterTable::add()
{
    m_lines.push_back({});
    showRows();
    m_rows.back().name->setFocus(Qt::OtherFocusReason);
}

void ParameterTable::remove(std::size_t place)
{
    if (place >= m_lines.size()) return;
    m_lines.erase(m_lines.begin() + static_cast<std::ptrdiff_t>(place));
    m_add->setFocus(Qt::OtherFocusReason);
    showRows();
    emit edited();
}

void ParameterTable::takeRow(std::size_t place)
{
    if (m_filling || place >= m_rows.size()) return;
    const Row& row = m_rows[place];
    m_lines[place] = {row.name->currentText().trimmed(), row.value->text().trimmed(),
                      row.holds->currentData().toBool()};
    showProblemLine(row.problem, parameterProblem(m_lines, place));
    emit edited();
}

bool ParameterTable::setProblem(const QString& field, const QString& text)
{
    for (const bool pinned : {true, false}) {
        const QString mine = pinned ? QStringLiteral("pinned") : QStringLiteral("defaults");
        if (!field.startsWith(mine)) continue;
        for (std::size_t place = 0; place < m_lines.size(); ++place) {
            const ParameterLine& line = m_lines[place];
            const bool isIt = field == mine + QLatin1Char('.') + line.name ||
                              field == QStringLiteral("%1[\"%2\"]").arg(mine, line.name);
            if (line.isPinned != pinned || !isIt) continue;
            showProblemLine(m_rows[place].problem, text);
            return true;
        }
        for (std::size_t place = 0; place < m_lines.size(); ++place) {
            // The line that spoils the object says why.
            if (m_lines[place].isPinned == pinned && !parameterProblem(m_lines, place).isEmpty()) return true;
        }
        showProblemLine(m_problem, field == mine ? text : field + QStringLiteral(": ") + text);
        return true;
    }
    return false;
}

void ParameterTable::clearProblems()
{
    m_problem->hide();
    for (std::size_t place = 0; place < m_rows.size(); ++place) {
        showProblemLine(m_rows[place].problem, parameterProblem(m_lines, place));
    }
}

} // namespace ui
