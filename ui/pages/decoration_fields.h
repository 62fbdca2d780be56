// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "gateway/config.h"

namespace ui {

class ParameterTable;
class PromptTexts;
class Segments;
class SettingRow;

/// What a route or a preset adds to requests: texts, parameters, and marks for the provider's cache.
class DecorationFields : public QWidget {
    Q_OBJECT

public:
    explicit DecorationFields(QWidget* parent = nullptr);
    /// What is being typed stays as it is. Does not emit edited().
    void setDecoration(const gateway::DecorationConfig& decoration);
    /// What comes next is of something else.
    void clear();
    [[nodiscard]] const gateway::DecorationConfig& decoration() const { return m_decoration; }
    /// `field` as within `decorate`. False where it is about something else.
    bool setProblem(const QString& field, const QString& text);
    void clearProblems();

signals:
    void edited();

private:
    void take();

    gateway::DecorationConfig m_decoration;
    PromptTexts* m_texts = nullptr;
    ParameterTable* m_parameters = nullptr;
    Segments* m_cache = nullptr;
    SettingRow* m_cacheRow = nullptr;
};

} // namespace ui
