// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include "preferences.h"

class QCheckBox;
class QTimeEdit;
class QVBoxLayout;

namespace ui {

/// What the desktop is told of, and when it is told of nothing. Applies at once.
class NotificationSettings : public QFrame {
    Q_OBJECT

public:
    explicit NotificationSettings(Preferences& preferences, QWidget* parent = nullptr);

private:
    void addTopic(QVBoxLayout* all, AlertTopic topic, const QString& title, const QString& description,
                  const char* objectName);
    [[nodiscard]] QWidget* buildHours();
    void saveHours();

    Preferences& m_preferences;
    QCheckBox* m_quiet = nullptr;
    QTimeEdit* m_from = nullptr;
    QTimeEdit* m_to = nullptr;
};

} // namespace ui
