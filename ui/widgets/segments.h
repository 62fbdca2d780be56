// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QStringList>

class QButtonGroup;

namespace ui {

/// A row of choices of which exactly one holds. Each is named by its text, described by what is chosen.
class Segments : public QFrame {
    Q_OBJECT

public:
    Segments(const QString& what, const QStringList& choices, QWidget* parent = nullptr);
    [[nodiscard]] int current() const;
    /// Does not emit chosen().
    void setCurrent(int index);
    void setChoiceEnabled(int index, bool enabled);
    void setChoiceVisible(int index, bool visible);
    void setChoiceText(int index, const QString& text);

signals:
    void chosen(int index);

private:
    QButtonGroup* m_group;
};

} // namespace ui
