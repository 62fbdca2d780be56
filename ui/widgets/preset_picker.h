// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include <QWidget>

#include "gateway/gateway.h"

class QButtonGroup;
class QLabel;
class QLineEdit;
class QScrollArea;

namespace ui {

/// The providers one can choose from, as chips, and a field that finds one by its name. Enter in that field
/// takes the first that is left.
class PresetPicker : public QWidget {
    Q_OBJECT

public:
    explicit PresetPicker(std::vector<gateway::ProviderPreset> presets, QWidget* parent = nullptr);

    [[nodiscard]] const gateway::ProviderPreset* chosen() const;
    /// As if its chip had been pressed; nothing happens when it is the chosen one already.
    void choose(const std::string& id);
    /// One line above the chips.
    void setHint(const QString& text);

signals:
    void presetChosen();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    [[nodiscard]] QWidget* buildChips();
    void find(const QString& text);
    void choose(int index);

    std::vector<gateway::ProviderPreset> m_presets;
    QButtonGroup* m_chips = nullptr;
    QScrollArea* m_scroll = nullptr;
    QLabel* m_hint = nullptr;
    QLabel* m_none = nullptr;
    QLineEdit* m_find = nullptr;
};

} // namespace ui
