// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QHash>

#include "models/model_edit.h"
#include "widgets/toast.h"

class QLabel;
class QPushButton;
class QScrollArea;
class QVBoxLayout;

namespace ui {

class FactGrid;
class ModelEditor;

/// One model: what is known of it and from where, and what the user says of it. What was begun and not saved
/// is kept for each model until the window closes.
class ModelDetail : public QFrame {
    Q_OBJECT

public:
    explicit ModelDetail(QWidget* parent = nullptr);
    void setModel(const gateway::ModelRow& row, const gateway::ModelConfig& saved);
    /// The model on show; meaningless before setModel().
    [[nodiscard]] const gateway::ModelRow& model() const { return m_row; }
    [[nodiscard]] ModelDraft draft() const;
    void showProblems(const FieldProblems& problems);
    void setBusy(bool busy);
    /// What was begun for this model is done: the next setModel() shows what is in force.
    void forgetDraft() { m_forgets = true; }
    void setCanTry(bool can);

signals:
    void toastWanted(const ui::ToastText& text);
    void closed();
    void tryWanted();
    void saveWanted();
    void resetWanted();

private:
    void buildHead(QVBoxLayout* all);
    [[nodiscard]] QWidget* buildBody();
    void keepDraft();

    gateway::ModelRow m_row;
    QHash<QString, ModelDraft> m_drafts; // by PROVIDER/MODEL
    bool m_hasModel = false;
    bool m_forgets = false;
    QLabel* m_title = nullptr;
    QLabel* m_name = nullptr;
    QPushButton* m_try = nullptr;
    QFrame* m_warning = nullptr;
    QLabel* m_warningText = nullptr;
    FactGrid* m_facts = nullptr;
    QScrollArea* m_scroll = nullptr;
    ModelEditor* m_editor = nullptr;
};

} // namespace ui
