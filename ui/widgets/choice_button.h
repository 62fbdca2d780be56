// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QPushButton>
#include <QVariant>

class QActionGroup;

namespace ui {

/// A button that says what is chosen ("Provider: all") and opens a menu to choose something else.
class ChoiceButton : public QPushButton {
    Q_OBJECT

public:
    struct Choice {
        QString text;
        QVariant value;
    };

    ChoiceButton(const QString& what, const char* objectName, QWidget* parent = nullptr);
    /// The first one is chosen unless what was chosen is among them. Does not emit chosen().
    void setChoices(const std::vector<Choice>& choices);
    [[nodiscard]] QVariant current() const;
    /// Does not emit chosen().
    void setCurrent(const QVariant& value);

signals:
    void chosen();

private:
    void showChoice();

    QString m_what;
    QActionGroup* m_group = nullptr;
};

} // namespace ui
