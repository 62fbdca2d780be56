// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/provider_detail.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

#include "models/config_changes.h"
#include "models/provider_list_model.h"
#include "models/provider_text.h"
#include "pages/provider_connection.h"
#include "pages/provider_keys.h"
#include "pages/provider_overview.h"
#include "pages/provider_policy.h"
#include "pages/tab_layout.h"
#include "theme/icons.h"
#include "widgets/build.h"
#include "widgets/dot.h"
#include "widgets/result_box.h"
#include "widgets/segments.h"

namespace ui {
namespace {

constexpr int kTableInset = 4;  // The table's own padding puts its texts in line with the others.
constexpr int kLineHeight = 16; // The dot stands in the middle of the first line beside it.

} // namespace

ProviderDetail::ProviderDetail(GatewayLink& link, QWidget* parent)
    : QFrame(parent)
    , m_overview(new ProviderOverview(link))
    , m_keys(new ProviderKeys)
    , m_connection(new ProviderConnection)
    , m_policy(new ProviderPolicy)
{
    setProperty("role", QStringLiteral("card"));
    auto* all = column(this, {kTableInset, 16, kTableInset, 16}, 12);
    all->addLayout(indented(buildHead()));
    m_result = new ResultBox(QStringLiteral("test-result"));
    all->addLayout(indented(m_result));
    buildTabs(all);
    QPushButton* remove =
        makeButton(tr("Remo&ve provider"), "danger", QStringLiteral("trash-2"), "removeProviderButton");
    connect(remove, &QPushButton::clicked, this, &ProviderDetail::removeWanted);
    QHBoxLayout* foot = indented();
    foot->addStretch();
    foot->addWidget(remove);
    all->addLayout(foot);

    connect(m_overview, &ProviderOverview::requestWanted, this, &ProviderDetail::requestWanted);
    connect(m_keys, &ProviderKeys::addKeyWanted, this, &ProviderDetail::addKeyWanted);
    connect(m_keys, &ProviderKeys::removeKeyWanted, this, &ProviderDetail::removeKeyWanted);
    connect(m_keys, &ProviderKeys::testKeyWanted, this, &ProviderDetail::testKeyWanted);
    connect(m_keys, &ProviderKeys::changeWanted, this, &ProviderDetail::changeWanted);
    connect(m_connection, &ProviderConnection::changeWanted, this, &ProviderDetail::changeWanted);
    connect(m_policy, &ProviderPolicy::changeWanted, this, &ProviderDetail::changeWanted);
    connect(m_connection, &ProviderConnection::dirtyChanged, this, [this] {
        m_tabs->setChoiceText(Connection, m_connection->isDirty() ? tr("Connection •") : tr("Connection"));
    });
}

QWidget* ProviderDetail::buildHead()
{
    auto* holder = new QWidget;
    holder->setProperty("role", QStringLiteral("clear"));
    auto* head = new QHBoxLayout(holder);
    head->setContentsMargins(0, 0, 0, 0);
    head->setSpacing(10);
    auto* texts = new QVBoxLayout;
    texts->setSpacing(3);
    m_name = makeElided("h1");
    QHBoxLayout* line = row(7);
    m_dot = new Dot;
    m_dot->setFixedHeight(kLineHeight);
    m_state = makeParagraph({}, "muted"); // Its end may be what one has to know: never cut.
    m_state->setAccessibleDescription(QStringLiteral("provider-state"));
    m_state->setTextInteractionFlags(Qt::TextSelectableByMouse);
    line->addWidget(m_dot, 0, Qt::AlignTop);
    line->addWidget(m_state, 1);
    texts->addWidget(m_name);
    texts->addLayout(line);
    head->addLayout(texts, 1);
    m_test = makeButton(tr("&Test"), "ghost", QStringLiteral("plug"), "testButton");
    m_test->setToolTip(tr("Asks the provider for its list of models; this is free"));
    connect(m_test, &QPushButton::clicked, this, [this] {
        if (m_testing) {
            emit testStopped();
        } else {
            emit testWanted();
        }
    });
    head->addWidget(m_test, 0, Qt::AlignTop);
    return holder;
}

void ProviderDetail::buildTabs(QVBoxLayout* all)
{
    m_tabs = new Segments(tr("What to show of the provider"),
                          {tr("Overview"), tr("Keys"), tr("Connection"), tr("Data policy")});
    QHBoxLayout* line = indented(m_tabs);
    line->addStretch();
    all->addLayout(line);
    m_stack = new QStackedWidget;
    for (QWidget* content : std::initializer_list<QWidget*>{m_overview, m_keys, m_connection, m_policy}) {
        addTab(content);
    }
    all->addWidget(m_stack, 1);
    connect(m_tabs, &Segments::chosen, m_stack, &QStackedWidget::setCurrentIndex);
}

void ProviderDetail::addTab(QWidget* content)
{
    auto* scroll = new QScrollArea; // Much of it in a low window must not push the rest out.
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(content);
    m_stack->addWidget(scroll);
}

void ProviderDetail::openTab(Tab tab)
{
    m_tabs->setCurrent(tab);
    m_stack->setCurrentIndex(tab);
}

void ProviderDetail::setProvider(const gateway::ProviderConfig& provider,
                                 const gateway::ProviderHealth& health)
{
    const bool same = provider == m_provider;
    m_provider = provider;
    m_name->setText(QString::fromStdString(provider.id.text));
    m_dot->setToken(healthToken(health));
    m_state->setText(healthStory(health));
    m_overview->setProvider(provider, health);
    m_keys->setProvider(provider, health);
    if (same) return;
    m_connection->setProvider(provider);
    m_policy->setProvider(provider);
}

void ProviderDetail::refresh()
{
    m_overview->refresh();
}

void ProviderDetail::setTesting(bool testing)
{
    m_testing = testing;
    setButtonText(m_test, testing ? tr("S&top") : tr("&Test"));
    setButtonIcon(m_test, {testing ? QStringLiteral("x") : QStringLiteral("plug"), "text", "text", 16});
}

void ProviderDetail::showTest(const TestNote& note)
{
    setTesting(note.state == TestNote::State::Running);
    const auto about = [&note](const QString& text) {
        return note.key.isEmpty() ? text : tr("Key %1: %2").arg(note.key, text);
    };
    switch (note.state) {
    case TestNote::State::Running:
        m_result->showProgress(about(tr("Asking for the list of models…")));
        break;
    case TestNote::State::Answered:
        m_result->showResult(about(testText(note.answer)), note.answer.ok);
        break;
    case TestNote::State::Stopped:
        m_result->showNote(about(tr("Stopped.")));
        break;
    case TestNote::State::Unfinished:
        m_result->showResult(about(tr("The test was not finished.")), false);
        break;
    case TestNote::State::Undecided:
        m_result->hide();
        break;
    }
}

void ProviderDetail::showProblem(const QString& text)
{
    m_result->showResult(text, false);
}

void ProviderDetail::showProblems(const GatewayLink::Problems& problems)
{
    m_policy->setProvider(m_provider);
    m_connection->showProblems(problems);
    showProblem(problemText(problems));
}

} // namespace ui
