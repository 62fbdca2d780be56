// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>

#include <QObject>
#include <QString>
#include <QStringList>

class QGridLayout;
class QLabel;
class QLineEdit;

namespace ui {

/// The rows of a form that ask for a base URL: one for each {word} in the address as it is given, and the
/// whole address, which follows them and can be written by hand.
class AddressFields : public QObject {
    Q_OBJECT

public:
    static constexpr int kMostParts = 3;

    /// Takes kMostParts + 1 rows of the grid, from `firstRow` on.
    AddressFields(QGridLayout* grid, int firstRow, QObject* parent);

    void setTemplate(const QString& address);
    [[nodiscard]] QString url() const;
    /// What is not filled in yet; empty when the address is whole.
    [[nodiscard]] QString problem() const;

signals:
    void changed();

private:
    struct Part {
        QLabel* label = nullptr;
        QLineEdit* edit = nullptr;
    };
    void fill();

    QString m_template;
    QStringList m_words;
    std::array<Part, kMostParts> m_parts;
    QLineEdit* m_url = nullptr;
};

} // namespace ui
