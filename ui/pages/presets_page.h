// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include "models/presets_model.h"
#include "pages/page.h"

class QListView;
class QMenu;
class QStackedWidget;

namespace ui {

class PresetEditor;

/// Models of the user's own making: another model with texts, parameters and tools.
class PresetsPage : public Page {
    Q_OBJECT

public:
    explicit PresetsPage(const PageContext& context, QWidget* parent = nullptr);
    void refresh() override;
    void addNew() override;

private:
    void buildAdd(QHBoxLayout* header);
    [[nodiscard]] QWidget* buildPresets();
    [[nodiscard]] QWidget* buildList();
    [[nodiscard]] QWidget* buildTemplates();
    void showState();
    void showSelected();
    void check();
    void readModels();
    void readUse();
    void onEdited();
    void begin(const gateway::PresetConfig& preset);
    void apply();
    void revert();
    void duplicate();
    void askToRemove();
    void remove(const gateway::PresetId& id);
    void applyConfig(const gateway::Config& next, const QString& done, const std::function<void()>& undo,
                     const std::function<void()>& then = {});
    [[nodiscard]] int selectedRow() const;
    void select(int row);

    PageContext m_context;
    PresetsModel m_model;
    gateway::ModelTable m_models;
    gateway::PresetId m_shown; // as it is in force, or as it was begun
    bool m_reading = false;
    QStackedWidget* m_stack = nullptr;
    QListView* m_list = nullptr;
    QPushButton* m_add = nullptr;
    QMenu* m_menu = nullptr;
    PresetEditor* m_editor = nullptr;
};

} // namespace ui
