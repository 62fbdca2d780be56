// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QHBoxLayout;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace ui {

class Spinner;

/// The frame of all dialogs: a title, the caller's fields, a line for problems, and the buttons. Opened with
/// open().
class FormDialog : public QDialog {
    Q_OBJECT

public:
    FormDialog(const QString& title, const QString& acceptText, QWidget* parent = nullptr);

    /// Says what is wrong and lets the user go on.
    void showProblem(const QString& text);

signals:
    /// The accepting button was pressed; the owner closes the dialog when the matter is done.
    void acceptWanted();

protected:
    bool event(QEvent* event) override;
    [[nodiscard]] QVBoxLayout* fields() const { return m_fields; }
    [[nodiscard]] QHBoxLayout* buttons() const { return m_buttons; }
    [[nodiscard]] QPushButton* acceptButton() const { return m_accept; }
    [[nodiscard]] QPushButton* cancelButton() const { return m_cancel; }
    void showMessage(const QString& text, const QString& icon, const char* token);
    void hideMessage();
    /// The same while something is under way.
    void showProgress(const QString& text);
    /// Shows that something is under way; further presses wait.
    void setBusy(bool busy);
    [[nodiscard]] bool isBusy() const { return m_busy; }

private:
    void fitHeight();

    QVBoxLayout* m_fields;
    QHBoxLayout* m_buttons;
    QWidget* m_messageBox;
    QLabel* m_messagePicture;
    Spinner* m_spinner;
    QLabel* m_message;
    QPushButton* m_cancel;
    QPushButton* m_accept;
    bool m_busy = false;
};

} // namespace ui
