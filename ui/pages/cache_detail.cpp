// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/cache_detail.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "models/cache_text.h"
#include "widgets/build.h"
#include "widgets/fact_grid.h"

namespace ui {
namespace {

constexpr int kPromptHeight = 84;
constexpr int kTextHeight = 170;

QPlainTextEdit* makeTextView(const QString& name, const char* objectName, int height)
{
    auto* view = new QPlainTextEdit;
    view->setObjectName(QLatin1String(objectName));
    view->setReadOnly(true);
    view->setTabChangesFocus(true);
    view->setMinimumHeight(height);
    view->setAccessibleName(name);
    return view;
}

} // namespace

CacheDetail::CacheDetail(QWidget* parent) : QFrame(parent)
{
    setProperty("role", QStringLiteral("card"));
    setMinimumWidth(300);
    auto* outside = column(this, {16, 12, 8, 12}, 10);
    buildHead(outside);
    auto* body = new QWidget;
    body->setProperty("role", QStringLiteral("clear"));
    auto* all = column(body, {0, 0, 10, 4}, 12);
    all->addWidget(makeLabel(tr("The question begins"), "h3"));
    m_prompt = makeTextView(tr("Beginning of the question"), "cachedPromptEdit", kPromptHeight);
    m_prompt->setMaximumHeight(kPromptHeight);
    all->addWidget(m_prompt);
    all->addWidget(makeLabel(tr("Answer"), "h3"));
    m_text = makeTextView(tr("Kept answer"), "cachedTextEdit", kTextHeight);
    all->addWidget(m_text, 1);
    m_facts = new FactGrid;
    all->addLayout(m_facts);
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::TabFocus); // The arrow keys scroll it.
    scroll->setAccessibleName(tr("Details of the answer"));
    scroll->setWidget(body);
    outside->addWidget(scroll, 1);
}

void CacheDetail::buildHead(QVBoxLayout* all)
{
    QHBoxLayout* head = row(6);
    m_title = makeElided("h2");
    QPushButton* close = makeIconButton(QStringLiteral("x"), tr("Close details"), "closeCachedButton");
    connect(close, &QPushButton::clicked, this, &CacheDetail::closed);
    head->addWidget(m_title, 1);
    head->addWidget(close);
    all->addLayout(head);
    QHBoxLayout* tools = row(4);
    tools->setContentsMargins(0, 0, 8, 0);
    m_key = makeElided("monoMuted");
    m_key->setToolTip(tr("How its key begins"));
    m_pin = makeButton(tr("P&in"), "plain", {}, "pinButton");
    QPushButton* purge = makeButton(tr("Pur&ge…"), "plain", QStringLiteral("trash-2"), "purgeThisButton");
    purge->setAccessibleName(tr("Purge this answer…"));
    purge->setToolTip(tr("Delete"));
    connect(m_pin, &QPushButton::clicked, this, [this] { emit pinWanted(!m_entry.pinned); });
    connect(purge, &QPushButton::clicked, this, &CacheDetail::purgeWanted);
    tools->addWidget(m_key, 1);
    tools->addWidget(m_pin);
    tools->addWidget(purge);
    all->addLayout(tools);
}

void CacheDetail::setEntry(const gateway::CacheEntry& entry, std::int64_t now)
{
    const bool isOther = entry.key != m_entry.key;
    m_entry = entry;
    m_title->setText(QString::fromStdString(entry.model));
    m_key->setText(keyPrefix(entry));
    setButtonText(m_pin, entry.pinned ? tr("Unp&in") : tr("P&in"));
    m_pin->setToolTip(entry.pinned ? tr("It may end and make room again")
                                   : tr("It neither ends nor makes room for others"));
    m_facts->setFacts(cachedFacts(entry, now));
    if (!isOther) return;
    m_prompt->setPlainText(QString::fromStdString(entry.prompt));
    m_text->setPlainText({});
}

void CacheDetail::setText(const QString& text)
{
    m_text->setPlainText(text);
}

} // namespace ui
