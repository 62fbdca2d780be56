// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/target_meaning_fields.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSignalBlocker>
#include <QStringList>
#include <QVBoxLayout>

#include "widgets/build.h"
#include "widgets/prompt_texts.h"

namespace ui {
namespace {

constexpr QChar kLineEnd(0x21B5); // ↵ within an example

std::vector<std::string> examplesIn(const QString& text)
{
    std::vector<std::string> examples;
    for (const QString& line : text.split(QLatin1Char('\n'))) {
        QString example = line.trimmed();
        if (!example.isEmpty())
            examples.push_back(example.replace(kLineEnd, QLatin1Char('\n')).toStdString());
    }
    return examples;
}

QString textOf(const std::vector<std::string>& examples)
{
    QStringList lines;
    for (const std::string& each : examples) {
        lines.append(QString::fromStdString(each).replace(QLatin1Char('\n'), kLineEnd));
    }
    return lines.join(QLatin1Char('\n'));
}

} // namespace

TargetMeaningFields::TargetMeaningFields(QWidget* parent) : QWidget(parent)
{
    setProperty("role", QStringLiteral("clear"));
    auto* all = column(this, {}, 6);
    m_examples = makePromptEdit(tr("Examples"), "targetExamplesEdit");
    m_examples->setPlaceholderText(tr("Requests that belong here, one a line; five to ten are usual"));
    m_examples->setToolTip(
        tr("With neither examples nor a description the target is the default. ↵ stands for "
           "a line that ends within an example"));
    QLabel* label = makeFieldLabel(tr("Examples"), m_examples);
    all->addWidget(label);
    all->addWidget(m_examples);
    QHBoxLayout* line = row(8);
    m_description = new QLineEdit;
    m_description->setObjectName(QStringLiteral("targetDescriptionEdit"));
    m_description->setAccessibleName(tr("Description"));
    m_description->setPlaceholderText(tr("What belongs here, in words"));
    m_description->setToolTip(tr("Looked at only where there are no examples"));
    line->addWidget(makeFieldLabel(tr("Description"), m_description));
    line->addWidget(m_description, 1);
    all->addLayout(line);
    connect(m_examples, &QPlainTextEdit::textChanged, this, &TargetMeaningFields::edited);
    connect(m_description, &QLineEdit::textEdited, this, &TargetMeaningFields::edited);
}

void TargetMeaningFields::setTarget(const gateway::TargetConfig& target)
{
    const QString text = m_examples->toPlainText(), wanted = textOf(target.examples);
    if (text != wanted && examplesIn(text) != target.examples) {
        const QSignalBlocker quiet(m_examples);
        m_examples->setPlainText(wanted);
    }
    const QString description = QString::fromStdString(target.description);
    if (m_description->text() != description && m_description->text().trimmed() != description)
        m_description->setText(description);
}

void TargetMeaningFields::fill(gateway::TargetConfig& target) const
{
    // Where the fields show what the target has, that stays to the letter.
    const QString text = m_examples->toPlainText(), description = m_description->text();
    if (text != textOf(target.examples)) target.examples = examplesIn(text);
    if (description != QString::fromStdString(target.description))
        target.description = description.trimmed().toStdString();
}

void TargetMeaningFields::setPlace(int place)
{
    m_examples->setAccessibleName(tr("Examples of target %1").arg(place));
    m_description->setAccessibleName(tr("Description of target %1").arg(place));
}

QWidgetList TargetMeaningFields::tabStops() const
{
    return {m_examples, m_description};
}

} // namespace ui
