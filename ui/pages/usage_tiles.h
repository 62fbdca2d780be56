// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <vector>

#include <QWidget>

#include "models/usage_model.h"

class QGridLayout;
class QLabel;

namespace ui {

class Tile;

/// The figures of a time: what was spent and saved, how many requests went well, and tokens by kind, each on
/// its own. In a narrow window on two lines.
class UsageTiles : public QWidget {
    Q_OBJECT

public:
    explicit UsageTiles(QWidget* parent = nullptr);
    void setView(const UsageView& view);

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    struct TokenLabels {
        QLabel *name, *value, *change;
    };

    [[nodiscard]] QWidget* buildTokens();
    void place();

    QGridLayout* m_grid;
    std::array<Tile*, 5> m_tiles{};
    QWidget* m_tokens = nullptr;
    std::vector<TokenLabels> m_kinds;
    int m_columns = 0;
};

} // namespace ui
