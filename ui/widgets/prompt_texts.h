// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QWidget>

#include "gateway/config.h"

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QVBoxLayout;

namespace ui {

class ComboBox;

/// A field for a prompt's text, several lines high.
[[nodiscard]] QPlainTextEdit* makePromptEdit(const QString& name, const char* objectName);
/// Its menu puts a variable (`{{date}}`) where the cursor of `into` is.
[[nodiscard]] QPushButton* makeVariableButton(QPlainTextEdit* into, const char* objectName);

/// The texts that are added to prompts, in their order: those before what the client says, then those
/// behind it.
class PromptTexts : public QWidget {
    Q_OBJECT

public:
    using Texts = std::vector<gateway::PromptText>;

    explicit PromptTexts(QWidget* parent = nullptr);
    /// What is being typed stays as it is. Does not emit edited().
    void setTexts(const Texts& before, const Texts& after);
    [[nodiscard]] const Texts& before() const { return m_before; }
    [[nodiscard]] const Texts& after() const { return m_after; }
    /// "before[0].text". False where there is no such text.
    bool setProblem(const QString& field, const QString& text);
    void clearProblems();

signals:
    void edited();

private:
    struct Row {
        QWidget* whole = nullptr;
        ComboBox* role = nullptr;
        ComboBox* place = nullptr;
        QPlainTextEdit* text = nullptr;
        QPushButton *variable = nullptr, *up = nullptr, *down = nullptr, *remove = nullptr;
        QLabel* problem = nullptr;
    };
    struct Line {
        gateway::PromptText text;
        bool isAfter = false;
    };
    [[nodiscard]] std::vector<Line> lines() const;
    void take(std::vector<Line> lines);
    void showRows();
    void fill(const Row& row, const Line& line);
    [[nodiscard]] Row makeRow(std::size_t place);
    [[nodiscard]] QWidget* makeHead(Row& row, std::size_t place);
    void bind(const Row& row, std::size_t place);
    void chainTabs();
    void add();
    void move(std::size_t place, int step);
    void remove(std::size_t place);
    void takeRow(std::size_t place);

    Texts m_before, m_after;
    bool m_filling = false;
    std::vector<Row> m_rows; // one for each text, in order
    QVBoxLayout* m_list = nullptr;
    QLabel* m_empty = nullptr;
    QPushButton* m_add = nullptr;
};

} // namespace ui
