// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <QWidget>

class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace ui {

/// Header fields as pairs of lines, one more on demand. A value that looks like a secret is shown as dots
/// until it is edited.
class HeaderFields : public QWidget {
    Q_OBJECT

public:
    using Fields = std::vector<std::pair<std::string, std::string>>;

    explicit HeaderFields(QWidget* parent = nullptr);
    /// Does not emit changed().
    void setFields(const Fields& fields);
    /// Without those that have neither name nor value.
    [[nodiscard]] Fields fields() const;

signals:
    void changed();

private:
    struct Line {
        QWidget* whole;
        QLineEdit* name;
        QLineEdit* value;
    };
    void addLine(const QString& name, const QString& value);
    void removeLine(QWidget* whole);
    void mask(const Line& line) const;

    std::vector<Line> m_lines;
    QVBoxLayout* m_column;
    QPushButton* m_add;
};

/// Whether a header of this name, or this value of it, is likely to be a secret.
[[nodiscard]] bool looksSecret(const QString& name, const QString& value);

} // namespace ui
