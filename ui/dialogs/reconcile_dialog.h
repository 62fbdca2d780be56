// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "gateway/snapshot.h"

#include "models/reconcile_model.h"
#include "widgets/form_dialog.h"

class QPlainTextEdit;
class QTableView;

namespace ui {

class ComboBox;
class Segments;

/// A provider's own account of what was used beside the log: which provider, its export as text, a file or
/// dropped, and then the differences. The owner reads the file and asks the engine.
class ReconcileDialog : public FormDialog {
    Q_OBJECT

public:
    ReconcileDialog(const std::vector<gateway::ProviderId>& providers, QWidget* parent);

    /// Of the file that was chosen, or why it could not be read.
    void showFile(const QString& text, const QString& problem);
    /// Grows with each file: one that is read more slowly must not come after the one chosen last.
    [[nodiscard]] int fileNumber() const { return m_files; }
    /// Grows with each question: an answer to an earlier one is no longer wanted.
    [[nodiscard]] int askNumber() const { return m_asks; }
    void showResult(const gateway::Reconciliation& result);
    void showUnfinished();

signals:
    void fileChosen(const QString& path);
    void compareWanted(const gateway::ReconcileQuery& query);
    void copyWanted(const QString& csv);

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    enum class Step : std::uint8_t { Undecided, Asking, Comparing, Result };

    void buildInput(const std::vector<gateway::ProviderId>& providers);
    void buildResult();
    [[nodiscard]] QWidget* buildTable();
    void openFile();
    void choose(const QString& path);
    void compare();
    void showTooLarge();
    void setStep(Step step);
    void showRows();

    Step m_step = Step::Asking;
    int m_asks = 0;
    int m_files = 0;
    ReconcileModel m_model;
    QWidget* m_input = nullptr;
    ComboBox* m_provider = nullptr;
    QLabel* m_file = nullptr;
    QPlainTextEdit* m_text = nullptr;
    QWidget* m_result = nullptr;
    Segments* m_views = nullptr;
    QPushButton* m_differences = nullptr;
    QPushButton* m_again = nullptr;
    QLabel* m_summary = nullptr;
    QTableView* m_table = nullptr;
    QLabel* m_equal = nullptr;
};

} // namespace ui
