// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "models/model_compare.h"
#include "widgets/form_dialog.h"

class QSpinBox;

namespace ui {

/// Two to four models side by side, and what a request of a chosen size would cost with each.
class CompareModelsDialog : public FormDialog {
    Q_OBJECT

public:
    /// `weekTokens`: what went in and out in the last seven days, offered as an example.
    CompareModelsDialog(const std::vector<gateway::ModelRow>& models,
                        std::pair<std::int64_t, std::int64_t> weekTokens, QWidget* parent);

private:
    void buildExample(std::pair<std::int64_t, std::int64_t> weekTokens);
    void buildTable();
    void reckon();

    ModelCompare m_model;
    QSpinBox* m_input = nullptr;
    QSpinBox* m_output = nullptr;
};

} // namespace ui
