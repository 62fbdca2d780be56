// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QWidget>

class QPainter;

namespace ui {

/// A state's coloured dot with its halo. Says nothing to screen readers: the words beside it do.
class Dot : public QWidget {
    Q_OBJECT

public:
    explicit Dot(QWidget* parent = nullptr);
    void setToken(const char* token);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QByteArray m_token = "section";
};

void paintDot(QPainter& painter, const QPointF& center, const QColor& color);

} // namespace ui
