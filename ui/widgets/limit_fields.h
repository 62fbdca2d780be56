// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <QWidget>

#include "gateway/config.h"

class QLineEdit;
class QPushButton;

namespace ui {

class ProblemGrid;

/// The limits of a key: requests and tokens a minute, and on demand all others.
class LimitFields : public QWidget {
    Q_OBJECT

public:
    explicit LimitFields(QWidget* parent = nullptr);
    /// Opens the other ones where one of them is said.
    void setLimits(const gateway::RateLimits& limits);
    /// Without what is no number.
    [[nodiscard]] gateway::RateLimits limits() const;
    /// Tells what is no number beside its field; false where there is any.
    bool check();
    /// `name` as the configuration has it: "rpm". Opens the part that the field is in.
    void setProblem(const std::string& name, const QString& text);
    void clearProblems();

private:
    struct Field {
        std::string name;
        QLineEdit* edit;
        std::int64_t least, most;
        bool more;
    };
    void addField(const char* name, const QString& text, std::int64_t most);
    void setOpen(bool open);
    [[nodiscard]] QLineEdit* edit(const char* name) const;

    ProblemGrid* m_first;
    ProblemGrid* m_others;
    QWidget* m_more;
    QPushButton* m_toggle;
    std::vector<Field> m_fields;
};

} // namespace ui
