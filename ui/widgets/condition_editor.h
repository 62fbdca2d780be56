// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include <QWidget>

class QLabel;
class QPlainTextEdit;

namespace ui {

class ConditionBuilder;
class FittingStack;
class Segments;

/// A condition in a builder of lines and groups, or as JSON; a change in one is seen in the other. What the
/// builder cannot show is left to the JSON, and a line says why.
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
    [[nodiscard]] QWidget* buildLines();
    [[nodiscard]] QWidget* buildText();
    void fillBuilder();
    void onBuilderEdited();
    void onTextEdited();
    void showMode();

    std::string m_json;
    QString m_unshown; // why the builder cannot show it; empty: it does
    bool m_filling = false;
    Segments* m_mode = nullptr;
    ConditionBuilder* m_builder = nullptr;
    FittingStack* m_stack = nullptr;
    QLabel* m_always = nullptr;
    QLabel* m_note = nullptr;
    QPlainTextEdit* m_text = nullptr;
    QLabel* m_problem = nullptr;
};

} // namespace ui
