// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include <QJsonObject>
#include <QWidget>

#include "gateway/guardrails.h"

namespace ui {

class ProblemGrid;

/// The fields of a check's parameters, made from its description alone. What was not touched is not written.
class GuardrailParameters : public QWidget {
    Q_OBJECT

public:
    explicit GuardrailParameters(QWidget* parent = nullptr);
    void setParameters(const gateway::CheckDescription& check, const std::string& json);
    /// Empty where all is as the check has it by itself.
    [[nodiscard]] std::string json() const;
    /// False where there is no such field.
    bool setProblem(const QString& name, const QString& text);
    void clearProblems();

signals:
    void edited();

private:
    [[nodiscard]] QWidget* makeField(const gateway::CheckParameter& parameter);
    [[nodiscard]] QWidget* makeChoices(const gateway::CheckParameter& parameter);
    [[nodiscard]] QWidget* makeText(const gateway::CheckParameter& parameter);
    [[nodiscard]] QWidget* makeToolRules(const gateway::CheckParameter& parameter);
    void rebuild(const gateway::CheckDescription& check);
    void fill();
    void set(const std::string& name, const QJsonValue& value);

    struct Field {
        gateway::CheckParameter parameter;
        QWidget* widget = nullptr;
    };
    std::string m_check;
    std::vector<Field> m_fields;
    QJsonObject m_object;
    QWidget* m_body = nullptr;
    ProblemGrid* m_grid = nullptr;
    bool m_filling = false;
    QString m_badJson; // the name of a field whose text is no JSON
};

} // namespace ui
