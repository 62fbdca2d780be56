// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/header_text.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "theme/icons.h"
#include "widgets/build.h"

namespace ui {
namespace {

constexpr int kLeastHeight = 50; // The dock is low: two lines, three where there is room.
constexpr int kMostHeight = 64;

} // namespace

HeaderText::HeaderText(QWidget* parent) : QWidget(parent)
{
    setProperty("role", QStringLiteral("clear"));
    auto* all = column(this, {}, 4);
    m_toggle = makeButton(tr("&Headers"), "link", QStringLiteral("chevron-right"), "dryRunHeadersButton");
    m_toggle->setToolTip(
        tr("What the request has besides its body: conditions see it, and what it asks for is "
           "obeyed"));
    QHBoxLayout* line = row(0);
    line->addWidget(m_toggle);
    line->addStretch();
    all->addLayout(line);
    m_text = new QPlainTextEdit;
    m_text->setObjectName(QStringLiteral("dryRunHeadersEdit"));
    m_text->setAccessibleName(tr("The request's headers, one name: value a line"));
    m_text->setPlaceholderText(QStringLiteral("user-agent: my-agent/1.0\nx-turnpike-tags: nightly"));
    m_text->setTabChangesFocus(true);
    m_text->setMinimumHeight(kLeastHeight);
    m_text->setMaximumHeight(kMostHeight);
    all->addWidget(m_text);
    m_problem = makeElided("muted"); // A line, as several would find no room.
    m_problem->setProperty("tone", QStringLiteral("bad"));
    m_problem->setAccessibleDescription(QStringLiteral("dry-run-headers-problem"));
    all->addWidget(m_problem);
    connect(m_toggle, &QPushButton::clicked, this, [this] { setOpen(m_text->isHidden()); });
    connect(m_text, &QPlainTextEdit::textChanged, this, [this] {
        showCount();
        emit changed();
    });
    setOpen(false);
}

HeaderLines HeaderText::lines() const
{
    return parseHeaderLines(m_text->toPlainText());
}

void HeaderText::reveal()
{
    setOpen(true);
    m_text->setFocus(Qt::OtherFocusReason);
}

void HeaderText::setOpen(bool open)
{
    m_text->setVisible(open);
    const char* token = "accent";
    setButtonIcon(m_toggle, {open ? QStringLiteral("chevron-down") : QStringLiteral("chevron-right"), token,
                             token, 16});
    m_toggle->setAccessibleDescription(open ? tr("open") : tr("closed"));
    showCount();
}

// Folded away, it still says that there are some.
void HeaderText::showCount()
{
    const HeaderLines read = lines();
    const auto count = read.headers.size();
    setButtonText(m_toggle, count == 0 ? tr("&Headers") : tr("&Headers: %1").arg(count));
    m_problem->setText(read.problem);
    m_problem->setVisible(!read.problem.isEmpty());
}

} // namespace ui
