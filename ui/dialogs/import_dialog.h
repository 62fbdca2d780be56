// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "models/import_entry_model.h"
#include "widgets/form_dialog.h"

class QTableView;

namespace ui {

class CheckTable;
class FittingStack;
class Segments;

/// Takes over another gateway's configuration: which file, what became of it line by line, and what of it is
/// to be added. Shows no key, only the names that keys would have in the keychain. The owner reads the file
/// and applies what was chosen.
class ImportDialog : public FormDialog {
    Q_OBJECT

public:
    explicit ImportDialog(QWidget* parent = nullptr);

    /// As if the user had chosen it.
    void chooseFile(const QString& path);
    /// Grows with each file: an answer about an earlier one is no longer wanted.
    [[nodiscard]] int readNumber() const { return m_reads; }
    void showReading(const ImportReading& reading);
    /// The same file is read again, as the configuration has changed.
    void readAgain();
    /// What was chosen is being applied.
    void showSaving();
    /// It was refused; the choice stays.
    void showFailure(const QString& problem);
    [[nodiscard]] const ImportReading& reading() const { return m_reading; }
    [[nodiscard]] const ImportNames& chosen() const { return m_entries.chosen(); }

signals:
    void fileChosen(const QString& path);
    void importWanted();

protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    enum class Step : std::uint8_t { Undecided, Choosing, Reading, Found, Saving };

    void buildChoice();
    void buildFound();
    [[nodiscard]] QWidget* buildEntries();
    [[nodiscard]] QWidget* buildReport();
    void openFile();
    void setStep(Step step);
    void showCount();
    void showKeys();
    void toggle();

    Step m_step = Step::Choosing;
    int m_reads = 0;
    bool m_isAgain = false;
    QString m_path;
    ImportReading m_reading;
    ImportEntryModel m_entries;
    ImportReportModel m_report;
    QPushButton* m_choose = nullptr;
    QLabel* m_file = nullptr;
    QWidget* m_found = nullptr;
    Segments* m_views = nullptr;
    FittingStack* m_stack = nullptr;
    QLabel* m_summary = nullptr;
    CheckTable* m_entryTable = nullptr;
    QTableView* m_reportTable = nullptr;
    QLabel* m_keys = nullptr;
};

} // namespace ui
