// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "gateway/config.h"

#include "widgets/form_dialog.h"

class QLineEdit;

namespace ui {

/// Asks for the name of a route that no other one has. Deletes itself when closed.
class RouteNameDialog : public FormDialog {
    Q_OBJECT

public:
    /// What to call the dialog and its button, and the names that are taken.
    struct Question {
        QString title, acceptText;
        gateway::Config config;
        std::vector<std::string> others; // routes that are not in the configuration yet
    };
    explicit RouteNameDialog(const Question& question, QWidget* parent = nullptr);
    void setName(const QString& name);

signals:
    /// The name is a good one; the dialog closes.
    void named(const QString& name);

protected:
    [[nodiscard]] QLineEdit* nameEdit() const { return m_name; }
    [[nodiscard]] const Question& question() const { return m_question; }

private:
    void submit();

    Question m_question;
    QLineEdit* m_name;
};

} // namespace ui
