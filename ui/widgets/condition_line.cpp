// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/condition_line.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>

#include "widgets/build.h"
#include "widgets/combo_box.h"

namespace ui {
namespace {

constexpr int kOperatorWidth = 116;
constexpr int kLeastField = 72; // so that lines deep within groups still fit a narrow window

} // namespace

ConditionLine::ConditionLine(const ConditionRow& row, const QString& place, QWidget* parent) : QWidget(parent)
{
    setProperty("role", QStringLiteral("clear"));
    setToolTip(tr("Alt+Up and Alt+Down move it, into groups and out of them"));
    auto* inside = new QHBoxLayout(this);
    inside->setContentsMargins(0, 0, 0, 0);
    inside->setSpacing(6);
    m_field =
        new ComboBox(tr("Field of condition %1").arg(place), "conditionFieldComboBox", ComboBox::Texts::Any);
    m_field->setSuggestions(conditionFields());
    m_field->showText(row.field);
    m_field->setMinimumWidth(kLeastField);
    m_op = new ComboBox(tr("Comparison of condition %1").arg(place), "conditionOperatorComboBox");
    m_op->setFixedWidth(kOperatorWidth);
    for (const QString& each : conditionOperators()) {
        m_op->addItem(operatorText(each), each);
    }
    m_op->setCurrentData(row.op, row.op);
    m_value = new QLineEdit(row.value);
    m_value->setObjectName(QStringLiteral("conditionValueEdit"));
    m_value->setAccessibleName(tr("Value of condition %1").arg(place));
    m_value->setMinimumWidth(kLeastField);
    m_remove =
        makeIconButton(QStringLiteral("x"), tr("Remove condition %1").arg(place), "removeConditionButton");
    inside->addWidget(m_field, 5);
    inside->addWidget(m_op);
    inside->addWidget(m_value, 4);
    inside->addWidget(m_remove);
    showExample();
    connect(m_field, &QComboBox::currentTextChanged, this, &ConditionLine::showExample);
    connect(m_op, &QComboBox::currentIndexChanged, this, &ConditionLine::showExample);
    connect(m_field, &QComboBox::currentTextChanged, this, &ConditionLine::edited);
    connect(m_op, &QComboBox::currentIndexChanged, this, &ConditionLine::edited);
    connect(m_value, &QLineEdit::textEdited, this, &ConditionLine::edited);
    connect(m_remove, &QPushButton::clicked, this, &ConditionLine::removeWanted);
}

ConditionRow ConditionLine::row() const
{
    return {m_field->currentText().trimmed(), m_op->currentData().toString(), m_value->text()};
}

QWidgetList ConditionLine::tabStops() const
{
    return {m_field, m_op, m_value, m_remove};
}

void ConditionLine::showExample()
{
    m_value->setPlaceholderText(valueExample(m_field->currentText(), m_op->currentData().toString()));
}

} // namespace ui
