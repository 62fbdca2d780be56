// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QBoxLayout>
#include <QList>
#include <QWidget>

#include "models/model_filter.h"

class QLabel;
class QLayout;
class QLineEdit;
class QPushButton;

namespace ui {

class ChoiceButton;

/// What one looks for among the models, and how many there are of it.
class ModelFilterBar : public QWidget {
    Q_OBJECT

public:
    explicit ModelFilterBar(QWidget* parent = nullptr);
    [[nodiscard]] const ModelFilter& filter() const { return m_filter; }
    void setFilter(const ModelFilter& filter);
    void clear();
    void focusFind();
    /// Puts what belongs to the same table behind the fields.
    void addAtEnd(QWidget* widget) { m_firstLine->addWidget(widget); }
    /// Offers the providers and modes that there are.
    void setTable(const gateway::ModelTable& table);
    void setCount(int shown, int all);

signals:
    void changed();

private:
    [[nodiscard]] QLineEdit* makeFind();
    void buildChoices(QLayout* secondLine);
    void buildChips(QLayout* line);
    void readFields();

    ModelFilter m_filter;
    QLineEdit* m_find;
    QBoxLayout* m_firstLine = nullptr;
    ChoiceButton* m_provider = nullptr;
    ChoiceButton* m_mode = nullptr;
    ChoiceButton* m_shown = nullptr;
    ChoiceButton* m_price = nullptr;
    ChoiceButton* m_context = nullptr;
    QList<QPushButton*> m_abilities;
    QPushButton* m_free = nullptr;
    QPushButton* m_local = nullptr;
    QLabel* m_count = nullptr;
    QWidget* m_matches = nullptr;
    bool m_filling = false; // The fields are being set, not used.
};

} // namespace ui
