// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QWidget>

#include "models/parameter_lines.h"

class QLabel;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace ui {

class ComboBox;

/// The parameters that are added to requests, each with its name, its value and whether the client may say
/// otherwise.
class ParameterTable : public QWidget {
    Q_OBJECT

public:
    explicit ParameterTable(QWidget* parent = nullptr);
    /// What is being typed stays as it is. Does not emit edited().
    void setJson(const std::string& pinned, const std::string& defaults);
    /// Forgets lines that are not written yet, as they belong to something else.
    void clear() { m_lines.clear(); }
    [[nodiscard]] std::string pinnedJson() const { return parametersJson(m_lines, true); }
    [[nodiscard]] std::string defaultsJson() const { return parametersJson(m_lines, false); }
    /// "pinned.temperature", or "pinned" where the object is none. False where it is about something else.
    bool setProblem(const QString& field, const QString& text);
    void clearProblems();

signals:
    void edited();

private:
    struct Row {
        QWidget* whole = nullptr;
        ComboBox* name = nullptr;
        QLineEdit* value = nullptr;
        ComboBox* holds = nullptr;
        QPushButton* remove = nullptr;
        QLabel* problem = nullptr;
    };
    void showRows();
    void fill(const Row& row, const ParameterLine& line);
    [[nodiscard]] Row makeRow(std::size_t place);
    void chainTabs();
    void add();
    void remove(std::size_t place);
    void takeRow(std::size_t place);

    ParameterLines m_lines;
    bool m_filling = false;
    std::vector<Row> m_rows; // one for each line, in order
    QVBoxLayout* m_list = nullptr;
    QLabel* m_empty = nullptr;
    QLabel* m_problem = nullptr; // of no row
    QPushButton* m_add = nullptr;
};

} // namespace ui
