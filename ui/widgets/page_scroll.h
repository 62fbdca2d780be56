// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QScrollArea>

namespace ui {

/// The scrolling part of a page. Its content keeps the page's margins whether or not the scroll bar is there,
/// so that it stays in line with the header above.
class PageScroll : public QScrollArea {
    Q_OBJECT

public:
    explicit PageScroll(QWidget* parent = nullptr);
    /// The widget to put a layout on; call fit() when that is done.
    [[nodiscard]] QWidget* content() const { return m_content; }
    void fit();
    /// Content is no wider than this, on the left or in the middle of a wider page.
    void setMostWidth(int width, bool centered);

protected:
    /// Who reads the end keeps seeing it when the page becomes lower: a message below it takes room.
    void resizeEvent(QResizeEvent* event) override;

private:
    QWidget* m_content;
    int m_mostWidth = QWIDGETSIZE_MAX;
    bool m_centered = false;
};

} // namespace ui
