// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include <QWidget>

#include "models/condition_draft.h"

class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;
class QVBoxLayout;

namespace ui {

class ComboBox;
class Segments;

/// A condition as lines of which all or any must hold, or as JSON; a change in one is seen in the other. What
/// lines cannot show is left to the JSON.
class ConditionEditor : public QWidget {
    Q_OBJECT

public:
    explicit ConditionEditor(QWidget* parent = nullptr);
    /// Does not emit changed().
    void setJson(const std::string& json);
    [[nodiscard]] const std::string& json() const { return m_json; }
    /// An empty text takes the problem away.
    void showProblem(const QString& text);

signals:
    void changed();

private:
    struct Line {
        QWidget* whole;
        ComboBox* field;
        ComboBox* op;
        QLineEdit* value;
    };
    [[nodiscard]] QWidget* buildLines();
    [[nodiscard]] QWidget* buildText();
    void addLine(const ConditionRow& row);
    void removeLine(QWidget* whole);
    void clearLines();
    void fillLines();
    void onLinesEdited();
    void onTextEdited();
    void showMode();
    [[nodiscard]] ConditionDraft shownLines() const;

    std::string m_json;
    bool m_filling = false;
    std::vector<Line> m_lines;
    Segments* m_mode = nullptr;
    Segments* m_joined = nullptr;
    QStackedWidget* m_stack = nullptr;
    QVBoxLayout* m_column = nullptr;
    QLabel* m_always = nullptr;
    QLabel* m_nested = nullptr;
    QPushButton* m_add = nullptr;
    QPlainTextEdit* m_text = nullptr;
    QLabel* m_problem = nullptr;
};

} // namespace ui
