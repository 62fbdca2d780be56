// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <utility>
#include <vector>

#include <QGridLayout>
#include <QString>

namespace ui {

/// Names on the left, values beside them that can be selected and are never cut.
class FactGrid : public QGridLayout {
    Q_OBJECT

public:
    explicit FactGrid(QWidget* parent = nullptr);
    void setFacts(const std::vector<std::pair<QString, QString>>& facts);
};

/// Takes everything out of a layout and deletes it.
void emptyLayout(QLayout* layout);

} // namespace ui
