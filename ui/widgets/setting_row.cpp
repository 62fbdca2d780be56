// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/setting_row.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

#include "widgets/build.h"

namespace ui {

SettingRow::SettingRow(const QString& title, const QString& description, QWidget* control, QWidget* field,
                       QWidget* parent)
    : QWidget(parent)
{
    setProperty("role", QStringLiteral("clear"));
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(0, 10, 0, 10);
    line->setSpacing(24);
    auto* texts = new QVBoxLayout;
    texts->setSpacing(2);
    QLabel* name = makeLabel(title, "h3");
    QWidget* buddy = field == nullptr ? control : field;
    if (buddy != nullptr && buddy->focusPolicy() != Qt::NoFocus) {
        name->setBuddy(buddy);
        if (buddy->accessibleDescription().isEmpty()) buddy->setAccessibleDescription(description);
    } else {
        name->setText(withoutMnemonic(title));
    }
    texts->addWidget(name);
    m_description = makeParagraph(description, "muted");
    texts->addWidget(m_description);
    m_problem = makeParagraph({}, "muted");
    m_problem->setProperty("tone", QStringLiteral("bad"));
    m_problem->setAccessibleDescription(QStringLiteral("problem"));
    m_problem->hide();
    texts->addWidget(m_problem);
    line->addLayout(texts, 1);
    // Not before: shown without a parent, it would be a window of its own for a moment.
    m_description->setVisible(!description.isEmpty());
    if (control != nullptr) line->addWidget(control, 0, Qt::AlignVCenter | Qt::AlignRight);
}

void SettingRow::setProblem(const QString& text)
{
    m_problem->setText(text);
    m_problem->setVisible(!text.isEmpty());
}

void SettingRow::setDescription(const QString& text)
{
    m_description->setText(text);
    m_description->setVisible(!text.isEmpty());
}

} // namespace ui
