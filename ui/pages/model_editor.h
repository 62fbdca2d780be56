// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>

#include <QWidget>

#include "models/model_edit.h"

class QCheckBox;
class QGridLayout;
class QLabel;
class QLineEdit;
class QPushButton;

namespace ui {

/// The fields for what the user says of a model. A draft: nothing is in force before it is saved.
class ModelEditor : public QWidget {
    Q_OBJECT

public:
    explicit ModelEditor(QWidget* parent = nullptr);
    /// `saved` is what is in force; `draft` what the fields show, where somebody had begun to change it.
    void setModel(const gateway::ModelRow& row, const ModelDraft& saved, const ModelDraft& draft);
    [[nodiscard]] ModelDraft draft() const;
    [[nodiscard]] bool isChanged() const { return draft() != m_saved; }
    void showProblems(const FieldProblems& problems);
    /// Saving is under way.
    void setBusy(bool busy);
    /// The buttons, for the foot of the panel.
    [[nodiscard]] QWidget* foot() const { return m_foot; }

signals:
    void saveWanted();
    void resetWanted();

private:
    void buildFoot();
    QLineEdit* addField(QGridLayout* grid, ModelField field, const QString& name, const char* objectName);
    void setPlaceholders(const gateway::ModelRow& row);
    void showChange();
    void fill(const ModelDraft& draft);

    ModelDraft m_saved;
    QLineEdit* m_alias = nullptr;
    QLineEdit* m_contextField = nullptr;
    QLineEdit* m_input = nullptr;
    QLineEdit* m_output = nullptr;
    QLineEdit* m_cacheRead = nullptr;
    QLineEdit* m_cacheWrite = nullptr;
    QCheckBox* m_exposed = nullptr;
    std::map<ModelField, QLabel*> m_problems;
    QWidget* m_foot = nullptr;
    QLabel* m_unsaved = nullptr;
    QPushButton* m_reset = nullptr;
    QPushButton* m_discard = nullptr;
    QPushButton* m_save = nullptr;
    bool m_busy = false;
};

} // namespace ui
