// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/address_fields.h"

#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QRegularExpression>

#include "models/provider_text.h"
#include "widgets/build.h"

namespace ui {
namespace {

const QRegularExpression& wordPattern()
{
    static const QRegularExpression kWord(QStringLiteral("\\{([A-Za-z_]+)\\}"));
    return kWord;
}

QString inBraces(const QString& word)
{
    return QLatin1Char('{') + word + QLatin1Char('}');
}

} // namespace

AddressFields::AddressFields(QGridLayout* grid, int firstRow, QObject* parent) : QObject(parent)
{
    int line = firstRow;
    for (Part& part : m_parts) {
        part.edit = new QLineEdit;
        part.edit->setObjectName(QStringLiteral("addressPartEdit"));
        part.edit->setAccessibleName(tr("Part of the address"));
        part.edit->setMaxLength(128);
        part.label = makeLabel({}, "muted");
        part.label->hide();
        part.edit->hide();
        grid->addWidget(part.label, line, 0);
        grid->addWidget(part.edit, line, 1);
        ++line;
        connect(part.edit, &QLineEdit::textEdited, this, [this] {
            fill();
            emit changed();
        });
    }
    m_url = new QLineEdit;
    m_url->setObjectName(QStringLiteral("baseUrlEdit"));
    m_url->setAccessibleName(tr("Base URL"));
    m_url->setProperty("mono", true);
    m_url->setPlaceholderText(QStringLiteral("https://…/v1"));
    grid->addWidget(makeFieldLabel(tr("Base &URL"), m_url), line, 0);
    grid->addWidget(m_url, line, 1);
    connect(m_url, &QLineEdit::textEdited, this, &AddressFields::changed);
}

void AddressFields::setTemplate(const QString& address)
{
    m_template = address;
    m_words.clear();
    auto found = wordPattern().globalMatch(address);
    while (found.hasNext()) {
        const QString word = found.next().captured(1);
        if (!m_words.contains(word) && m_words.size() < kMostParts) m_words.append(word);
    }
    for (int i = 0; i < kMostParts; ++i) {
        const Part& part = m_parts[static_cast<std::size_t>(i)];
        const bool used = i < m_words.size();
        part.label->setVisible(used);
        part.edit->setVisible(used);
        part.edit->clear();
        if (!used) continue;
        const AddressPart said = addressPart(m_words[i]);
        part.label->setText(said.name);
        part.edit->setAccessibleName(said.name);
        part.edit->setPlaceholderText(said.example);
    }
    fill();
}

void AddressFields::fill()
{
    QString address = m_template;
    for (int i = 0; i < m_words.size(); ++i) {
        const QString value = m_parts[static_cast<std::size_t>(i)].edit->text().trimmed();
        if (!value.isEmpty()) address.replace(inBraces(m_words[i]), value);
    }
    m_url->setText(address);
    m_url->setCursorPosition(0);
}

QString AddressFields::url() const
{
    return m_url->text().trimmed();
}

QString AddressFields::problem() const
{
    if (url().isEmpty()) return tr("Give the base URL, as the provider's own SDK takes it.");
    const QRegularExpressionMatch open = wordPattern().match(url());
    if (!open.hasMatch()) return {};
    return tr("The base URL needs one more thing: %1.").arg(addressPart(open.captured(1)).name);
}

} // namespace ui
