// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/header_fields.h"

#include <algorithm>

#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QRegularExpression>
#include <QVBoxLayout>

#include "widgets/build.h"

namespace ui {

bool looksSecret(const QString& name, const QString& value)
{
    static const QRegularExpression kNames(
        QStringLiteral("key|token|secret|auth|passw|credential|cookie|signature"),
        QRegularExpression::CaseInsensitiveOption);
    static const QRegularExpression kValues(
        QStringLiteral("^(bearer|basic)\\s|^(sk|pk|gsk|xai|ghp|hf)[-_]|^[A-Za-z0-9+/_=-]{24,}$"),
        QRegularExpression::CaseInsensitiveOption);
    return kNames.match(name).hasMatch() || kValues.match(value.trimmed()).hasMatch();
}

HeaderFields::HeaderFields(QWidget* parent) : QWidget(parent)
{
    setProperty("role", QStringLiteral("clear"));
    auto* all = column(this, {}, 6);
    m_column = new QVBoxLayout;
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(6);
    all->addLayout(m_column);
    m_add = makeButton(tr("Add header"), "plain", QStringLiteral("plus"), "addHeaderButton");
    all->addWidget(m_add, 0, Qt::AlignLeft);
    connect(m_add, &QPushButton::clicked, this, [this] {
        addLine({}, {});
        m_lines.back().name->setFocus(Qt::OtherFocusReason);
    });
}

void HeaderFields::addLine(const QString& name, const QString& value)
{
    auto* whole = new QWidget(this);
    whole->setProperty("role", QStringLiteral("clear"));
    auto* inside = new QHBoxLayout(whole);
    inside->setContentsMargins(0, 0, 0, 0);
    inside->setSpacing(6);
    const auto edit = [](const QString& called, const char* objectName, const QString& text) {
        auto* field = new QLineEdit(text);
        field->setObjectName(QLatin1String(objectName));
        field->setAccessibleName(called);
        field->setPlaceholderText(called);
        return field;
    };
    const Line line{whole, edit(tr("Header name"), "headerNameEdit", name),
                    edit(tr("Header value"), "headerValueEdit", value)};
    auto* remove = makeIconButton(QStringLiteral("x"), tr("Remove this header"), "removeHeaderButton");
    inside->addWidget(line.name, 2);
    inside->addWidget(line.value, 3);
    inside->addWidget(remove);
    m_column->addWidget(whole);
    whole->show();
    m_lines.push_back(line);
    mask(line);
    for (const QLineEdit* field : {line.name, line.value}) {
        connect(field, &QLineEdit::textEdited, this, &HeaderFields::changed);
        connect(field, &QLineEdit::editingFinished, this, [this, line] { mask(line); });
    }
    connect(remove, &QPushButton::clicked, this, [this, whole] {
        removeLine(whole);
        emit changed();
    });
}

void HeaderFields::mask(const Line& line) const
{
    // While it is typed it can be read.
    line.value->setEchoMode(looksSecret(line.name->text(), line.value->text()) ? QLineEdit::PasswordEchoOnEdit
                                                                               : QLineEdit::Normal);
}

void HeaderFields::removeLine(QWidget* whole)
{
    std::erase_if(m_lines, [whole](const Line& line) { return line.whole == whole; });
    m_column->removeWidget(whole);
    whole->hide();
    whole->deleteLater(); // It may be its own button that asks.
    m_add->setFocus(Qt::OtherFocusReason);
}

void HeaderFields::setFields(const Fields& fields)
{
    if (fields == this->fields()) return; // Keeps the cursor.
    while (!m_lines.empty()) {
        QWidget* whole = m_lines.back().whole;
        m_lines.pop_back();
        m_column->removeWidget(whole);
        whole->hide();
        whole->deleteLater();
    }
    for (const auto& [name, value] : fields) {
        addLine(QString::fromStdString(name), QString::fromStdString(value));
    }
}

HeaderFields::Fields HeaderFields::fields() const
{
    Fields fields;
    for (const Line& line : m_lines) {
        const QString name = line.name->text().trimmed();
        if (!name.isEmpty() || !line.value->text().isEmpty())
            fields.emplace_back(name.toStdString(), line.value->text().toStdString());
    }
    return fields;
}

} // namespace ui
