// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QVBoxLayout;

namespace ui {

/// Parts of which one is on show. As high as that one needs, where a QStackedWidget is as high as the
/// highest.
class FittingStack : public QWidget {
    Q_OBJECT

public:
    explicit FittingStack(QWidget* parent = nullptr);
    /// The first one is on show.
    void addWidget(QWidget* part);
    void setCurrentIndex(int index);
    [[nodiscard]] int count() const { return static_cast<int>(m_parts.size()); }
    [[nodiscard]] QWidget* currentWidget() const { return m_parts.value(m_current); }

private:
    QVBoxLayout* m_column;
    QWidgetList m_parts;
    int m_current = 0;
};

} // namespace ui
