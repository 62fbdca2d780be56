// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include <QWidget>

class QDateEdit;
class QPushButton;

namespace ui {

class ComboBox;

/// Until when something is good: never over, to the end of a day, or as the configuration has it. The day is
/// typed or taken from a calendar.
class ExpiryField : public QWidget {
    Q_OBJECT

public:
    explicit ExpiryField(QWidget* parent = nullptr);
    /// As the configuration has it; empty: never.
    void setText(const std::string& text);
    [[nodiscard]] std::string text() const;

private:
    void showChoice();
    void openCalendar();

    std::string m_before; // a time of day, which the fields cannot show
    ComboBox* m_choice;
    QDateEdit* m_day;
    QPushButton* m_calendar;
};

} // namespace ui
