// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dialogs/route_name_dialog.h"

class QLabel;

namespace ui {

class ComboBox;

/// Asks for the name of a new route and what to begin with.
class AddRouteDialog : public RouteNameDialog {
    Q_OBJECT

public:
    explicit AddRouteDialog(const Question& question, QWidget* parent = nullptr);
    /// Empty: no template.
    [[nodiscard]] QString templateId() const;

private:
    void showTemplate();

    ComboBox* m_template;
    QLabel* m_sentence;
};

} // namespace ui
