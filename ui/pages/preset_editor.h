// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include <QWidget>

#include "gateway/config_io.h"

class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QVBoxLayout;

namespace ui {

class ComboBox;
class DecorationFields;
class ProblemGrid;
class ResultBox;

/// The draft of one preset. Nothing is in force before it is applied.
class PresetEditor : public QWidget {
    Q_OBJECT

public:
    explicit PresetEditor(QWidget* parent = nullptr);
    /// `isOther`: it is not the one that was on show under another name.
    void setPreset(const gateway::PresetConfig& preset, bool isOther);
    /// What can serve it.
    void setGoals(const QStringList& goals);
    [[nodiscard]] const gateway::PresetConfig& draft() const { return m_draft; }
    /// `problems` are those of the configuration with the draft in it.
    void showState(bool changed, const std::vector<gateway::ConfigProblem>& problems);
    /// How often the log has it; none: not known.
    void showUse(std::optional<std::uint64_t> requests);
    /// Why something was refused.
    void showProblem(const QString& text);
    void setBusy(bool busy);
    void focusFirst();

signals:
    void edited();
    void applyWanted();
    void revertWanted();
    void duplicateWanted();
    void deleteWanted();
    /// Its name was put on the clipboard.
    void copied(const QString& name);

private:
    void buildHead(QVBoxLayout* all);
    [[nodiscard]] QWidget* buildBody();
    void buildFacts(QVBoxLayout* cards);
    void buildTools(QVBoxLayout* cards);
    void buildFoot(QVBoxLayout* all);
    void fill();
    void take();
    [[nodiscard]] bool place(const QString& field, const QString& message);

    gateway::PresetConfig m_draft;
    bool m_filling = false;
    bool m_changed = false, m_valid = false, m_busy = false;
    QLabel *m_title = nullptr, *m_use = nullptr, *m_unsaved = nullptr, *m_toolsProblem = nullptr;
    ProblemGrid* m_facts = nullptr;
    QLineEdit *m_name = nullptr, *m_description = nullptr;
    ComboBox* m_model = nullptr;
    QPlainTextEdit *m_system = nullptr, *m_tools = nullptr;
    QWidget* m_systemField = nullptr; // with the button below it
    DecorationFields* m_fields = nullptr;
    QPushButton *m_copy = nullptr, *m_apply = nullptr, *m_revert = nullptr;
    ResultBox* m_problem = nullptr;
};

} // namespace ui
