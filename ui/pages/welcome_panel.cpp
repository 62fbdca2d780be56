// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/welcome_panel.h"

#include <algorithm>

#include <QAction>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "models/snippets.h"
#include "models/when_done.h"
#include "pages/server_adding.h"
#include "theme/icons.h"
#include "widgets/build.h"
#include "widgets/clipboard.h"
#include "widgets/dot.h"
#include "widgets/found_servers.h"
#include "widgets/page_scroll.h"
#include "widgets/segments.h"

namespace ui {
namespace {

constexpr int kWidth = 760;
constexpr int kSnippetMargins = 28; // the sheet's padding, the text's own margin and the border, twice

} // namespace

WelcomePanel::WelcomePanel(const PageContext& context, QWidget* parent) : QWidget(parent), m_context(context)
{
    setProperty("role", QStringLiteral("clear"));
    auto* outer = column(this, {}, 0);
    auto* scroll = new PageScroll;
    auto* all = column(scroll->content(), {}, kCardGap);
    all->addStretch(1);
    all->addWidget(buildFacts());
    m_servers = new FoundServers(context.link, FoundServers::WhenNone::Silent);
    connect(m_servers, &FoundServers::addWanted, this, [this](const FoundServer& server) {
        addFoundServer(m_context.changes, server, [this](const ToastText& text) { emit toastWanted(text); });
    });
    all->addWidget(m_servers);
    all->addWidget(buildSnippets());
    all->addWidget(buildNext());
    all->addStretch(2);
    scroll->setMostWidth(kWidth, true);
    outer->addWidget(scroll);
    connect(&context.status, &GatewayStatus::changed, this, &WelcomePanel::showStatus);
    connect(&context.link, &GatewayLink::firstKeyMade, this, &WelcomePanel::readKey);
    connect(&context.link, &GatewayLink::configChanged, this, &WelcomePanel::readKey);
    showStatus();
}

void WelcomePanel::showEvent(QShowEvent* event)
{
    readKey();
    if (m_context.link.config()->providers.empty() && !m_servers->servers().hasLooked()) m_servers->look();
    QWidget::showEvent(event);
}

QWidget* WelcomePanel::buildFacts()
{
    QFrame* card = makeFrame("card");
    auto* all = column(card, {20, 18, 20, 18}, 14);
    QHBoxLayout* head = row(14);
    QFrame* disc = makeFrame("disc");
    disc->setFixedSize(44, 44);
    disc->setStyleSheet(QStringLiteral("border-radius: 22px;"));
    auto* inDisc = column(disc, {}, 0);
    auto* picture = new QLabel;
    picture->setAlignment(Qt::AlignCenter);
    setLabelIcon(picture, QStringLiteral("zap"), "accent", 22);
    inDisc->addWidget(picture);
    head->addWidget(disc);
    auto* texts = new QVBoxLayout;
    texts->setSpacing(2);
    texts->addWidget(makeLabel(tr("Your gateway is ready"), "h2"));
    texts->addWidget(
        makeParagraph(tr("Point a tool at this address with this key. The simulated model sandbox/echo "
                         "answers without any account."),
                      "muted"));
    head->addLayout(texts, 1);
    all->addLayout(head);
    all->addWidget(makeLine());

    auto* grid = new QGridLayout;
    grid->setHorizontalSpacing(14);
    grid->setVerticalSpacing(6);
    grid->setColumnStretch(1, 1);
    m_url = makeLabel({}, "mono");
    m_url->setAccessibleDescription(QStringLiteral("base-url"));
    m_key = makeElided("mono");
    m_key->setAccessibleDescription(QStringLiteral("client-key"));
    QPushButton* copyUrl = makeIconButton(QStringLiteral("copy"), tr("Copy the base URL"), "copyUrlButton");
    connect(copyUrl, &QPushButton::clicked, this, [this] {
        copyText(m_context.status.baseUrl());
        emit toastWanted({tr("Base URL copied")});
    });
    m_copyKey = makeIconButton(QStringLiteral("copy"), tr("Copy key"), "copyKeyButton");
    connect(m_copyKey, &QPushButton::clicked, m_context.copyKey, &QAction::trigger);
    m_newKey = makeButton(tr("&New key…"), "link", {}, "newKeyButton");
    connect(m_newKey, &QPushButton::clicked, this,
            [this] { emit pageWanted(QStringLiteral("keys"), QStringLiteral("new-key")); });
    grid->addWidget(makeLabel(tr("Base URL"), "muted"), 0, 0);
    grid->addWidget(m_url, 0, 1);
    grid->addWidget(copyUrl, 0, 2, Qt::AlignRight);
    grid->addWidget(makeLabel(tr("Key"), "muted"), 1, 0);
    grid->addWidget(m_key, 1, 1);
    QHBoxLayout* keyButtons = row(4);
    keyButtons->addWidget(m_newKey);
    keyButtons->addWidget(m_copyKey);
    grid->addLayout(keyButtons, 1, 2);
    all->addLayout(grid);
    return card;
}

QWidget* WelcomePanel::buildSnippets()
{
    QFrame* card = makeFrame("card");
    auto* all = column(card, {20, 16, 20, 18}, 12);
    QHBoxLayout* head = row(8);
    QStringList names;
    for (const SnippetKind kind : kSnippetKinds) {
        names.append(snippetName(kind));
    }
    m_tools = new Segments(tr("Tool"), names);
    connect(m_tools, &Segments::chosen, this, &WelcomePanel::showStatus);
    QPushButton* copy = makeButton(tr("&Copy"), "ghost", QStringLiteral("copy"), "copySnippetButton");
    connect(copy, &QPushButton::clicked, this, [this] {
        copyText(m_snippet->toPlainText());
        emit toastWanted({tr("Copied. Put the key into TURNPIKE_KEY first.")});
    });
    head->addWidget(makeLabel(tr("Connect a tool"), "h2"));
    head->addStretch();
    head->addWidget(m_tools);
    head->addWidget(copy);
    all->addLayout(head);
    m_snippet = new QPlainTextEdit;
    m_snippet->setReadOnly(true);
    m_snippet->setTabChangesFocus(true);
    m_snippet->setAccessibleName(tr("Example"));
    all->addWidget(m_snippet);
    return card;
}

QWidget* WelcomePanel::buildNext()
{
    QFrame* card = makeFrame("card");
    auto* all = new QHBoxLayout(card);
    all->setContentsMargins(20, 14, 20, 14);
    all->setSpacing(10);
    auto* dot = new Dot;
    dot->setToken("accent");
    all->addWidget(dot);
    all->addWidget(makeLabel(tr("Waiting for the first request…"), "muted"), 1);
    QPushButton* add = makeButton(tr("&Add provider"), "ghost", QStringLiteral("plus"), "addProviderButton");
    connect(add, &QPushButton::clicked, this,
            [this] { emit pageWanted(QStringLiteral("providers"), QStringLiteral("add")); });
    all->addWidget(add);
    return card;
}

void WelcomePanel::showStatus()
{
    const QString url = m_context.status.baseUrl();
    m_url->setText(url);
    const auto kind = kSnippetKinds[static_cast<std::size_t>(std::max(0, m_tools->current()))];
    const QString text = snippetText(kind, url);
    if (text == m_snippet->toPlainText()) return;
    m_snippet->setPlainText(text);
    m_snippet->setFixedHeight(m_snippet->blockCount() * QFontMetrics(m_snippet->font()).lineSpacing() +
                              kSnippetMargins);
}

void WelcomePanel::readKey()
{
    const auto config = m_context.link.config();
    if (config && !config->server.requireKey) {
        m_key->setText(tr("none needed"));
        m_copyKey->hide();
        m_newKey->hide();
        return;
    }
    whenDone(m_context.link.readSecret(m_context.preferences.clientKeyName()), this,
             [this](const SecretAnswer& answer) {
                 const bool there = !answer.secret.empty();
                 m_key->setText(there ? QString::fromStdString(answer.secret.masked())
                                      : tr("not in the keychain"));
                 m_key->setToolTip(answer.problem);
                 m_copyKey->setVisible(there);
                 m_newKey->setVisible(!there);
             });
}

} // namespace ui
