// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QByteArray>
#include <QWidget>

namespace ui {

/// A line without axes, to show where a figure is going. The figure itself stands beside it as text.
class Sparkline : public QWidget {
    Q_OBJECT

public:
    explicit Sparkline(QWidget* parent = nullptr);
    void setLine(const std::vector<double>& values, const char* colorToken);
    [[nodiscard]] QSize sizeHint() const override { return {96, 36}; }
    [[nodiscard]] QSize minimumSizeHint() const override { return {0, 36}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<double> m_values;
    QByteArray m_token = "accent";
};

/// At most `count` values, each the mean of as many neighbours: 60 buckets in 90 pixels would only be noise.
[[nodiscard]] std::vector<double> thinned(const std::vector<double>& values, std::size_t count);

} // namespace ui
