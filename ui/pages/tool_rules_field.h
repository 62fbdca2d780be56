// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QJsonArray>
#include <QJsonValue>
#include <QWidget>

class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QVBoxLayout;

namespace ui {

class ComboBox;

/// The rules of the check `tool_rules`: a line for each, with the tool, what is decided and what has to hold
/// of its arguments; and below the same as JSON, in step with them.
class ToolRulesField : public QWidget {
    Q_OBJECT

public:
    explicit ToolRulesField(QWidget* parent = nullptr);
    /// Emits nothing. A text is JSON that is being typed and is none yet.
    void setValue(const QJsonValue& value);

signals:
    /// Null where there is no rule; a text where what was typed is no list in JSON.
    void edited(const QJsonValue& value);

private:
    struct Row {
        QWidget* widget = nullptr;
        QLineEdit* tool = nullptr;
        ComboBox* decision = nullptr;
        QLineEdit* arguments = nullptr;
    };
    void rebuild(const QJsonArray& rules);
    [[nodiscard]] Row makeRow(int place);
    void fill(const QJsonArray& rules);
    void takeRow(int place);
    void takeJson();
    void give(const QJsonArray& rules);
    void addRule();
    void removeRule(int place);
    void showJson(const QJsonArray& rules);

    QJsonArray m_rules;
    std::vector<Row> m_rows;
    bool m_filling = false;
    QVBoxLayout* m_list = nullptr;
    QPushButton* m_add = nullptr;
    QPlainTextEdit* m_json = nullptr;
};

} // namespace ui
