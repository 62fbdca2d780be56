// SPDX-License-Identifier: GPL-3.0-or-later
#include "pages/request_detail.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include "models/request_summary.h"
#include "models/request_table_model.h"
#include "models/snippets.h"
#include "theme/icons.h"
#include "widgets/build.h"
#include "widgets/clipboard.h"
#include "widgets/fact_grid.h"

namespace ui {
namespace {

constexpr int kBodyHeight = 170;

QPlainTextEdit* makeBodyView(const QString& name)
{
    auto* view = new QPlainTextEdit;
    view->setReadOnly(true);
    view->setTabChangesFocus(true);
    view->setMinimumHeight(kBodyHeight);
    view->setAccessibleName(name);
    return view;
}

} // namespace

RequestDetail::RequestDetail(QWidget* parent) : QFrame(parent)
{
    setProperty("role", QStringLiteral("card"));
    setMinimumWidth(300);
    auto* all = column(this, {16, 12, 8, 12}, 10);
    buildHead(all);
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::TabFocus); // The arrow keys scroll it.
    scroll->setAccessibleName(tr("Details of the request"));
    scroll->setWidget(buildBody());
    all->addWidget(scroll, 1);
}

void RequestDetail::buildHead(QVBoxLayout* all)
{
    QHBoxLayout* head = row(6);
    m_title = makeElided("h2");
    QPushButton* close = makeIconButton(QStringLiteral("x"), tr("Close details"), "closeDetailButton");
    connect(close, &QPushButton::clicked, this, &RequestDetail::closed);
    head->addWidget(m_title, 1);
    head->addWidget(close);
    all->addLayout(head);

    QHBoxLayout* tools = row(4);
    tools->setContentsMargins(0, 0, 8, 0);
    m_id = makeElided("monoMuted");
    m_id->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    m_id->setMinimumWidth(40);
    QPushButton* copyId = makeIconButton(QStringLiteral("copy"), tr("Copy id"), "copyIdButton");
    QPushButton* copyCurl = makeButton(tr("Copy as cur&l"), "link", QStringLiteral("copy"), "copyCurlButton");
    connect(copyId, &QPushButton::clicked, this, [this] {
        copyText(QString::fromStdString(m_row.id.text()));
        emit toastWanted({tr("Request id copied")});
    });
    connect(copyCurl, &QPushButton::clicked, this, [this] {
        copyText(requestAsCurl(m_row, m_baseUrl));
        emit toastWanted({tr("Copied. The key is left as $TURNPIKE_KEY.")});
    });
    tools->addWidget(m_id);
    tools->addWidget(copyId);
    tools->addStretch();
    tools->addWidget(copyCurl);
    all->addLayout(tools);
}

QWidget* RequestDetail::buildBody()
{
    auto* body = new QWidget;
    body->setProperty("role", QStringLiteral("clear"));
    auto* all = column(body, {0, 0, 10, 4}, 12);
    QFrame* inset = makeFrame("inset");
    auto* inInset = column(inset, {12, 10, 12, 10}, 0);
    m_summary = makeParagraph({});
    m_summary->setAccessibleDescription(QStringLiteral("summary"));
    m_summary->setTextInteractionFlags(Qt::TextSelectableByMouse);
    inInset->addWidget(m_summary);
    all->addWidget(inset);

    m_facts = new FactGrid;
    all->addLayout(m_facts);
    m_attemptsTitle = makeLabel(tr("Attempts"), "h3");
    all->addWidget(m_attemptsTitle);
    m_attempts = new QVBoxLayout;
    m_attempts->setSpacing(6);
    all->addLayout(m_attempts);

    all->addWidget(makeLabel(tr("Bodies"), "h3"));
    m_noBodies = makeParagraph({}, "muted");
    all->addWidget(m_noBodies);
    m_requestTitle = makeLabel(tr("Request"), "muted");
    m_request = makeBodyView(tr("Request body"));
    m_answerTitle = makeLabel(tr("Answer"), "muted");
    m_answer = makeBodyView(tr("Answer body"));
    for (QWidget* widget : {static_cast<QWidget*>(m_requestTitle), static_cast<QWidget*>(m_request),
                            static_cast<QWidget*>(m_answerTitle), static_cast<QWidget*>(m_answer)}) {
        all->addWidget(widget);
    }
    all->addStretch();
    return body;
}

void RequestDetail::setRequest(const gateway::LogRow& row, const QString& baseUrl, gateway::LogBodies setting)
{
    m_row = row;
    m_baseUrl = baseUrl;
    m_title->setText(row.requestedModel.empty() ? tr("Request") : QString::fromStdString(row.requestedModel));
    m_id->setText(QString::fromStdString(row.id.text()));
    m_summary->setText(summarySentence(row));
    m_facts->setFacts(requestFacts(row));
    showAttempts();
    showBodies(setting);
}

void RequestDetail::showAttempts()
{
    emptyLayout(m_attempts);
    const auto texts = attemptTexts(m_row);
    m_attemptsTitle->setVisible(!texts.empty());
    for (const AttemptText& text : texts) {
        QFrame* box = makeFrame("inset");
        auto* inside = new QHBoxLayout(box);
        inside->setContentsMargins(12, 8, 12, 8);
        inside->setSpacing(10);
        auto* picture = new QLabel;
        setLabelIcon(picture, text.good ? QStringLiteral("circle-check") : QStringLiteral("circle-x"),
                     text.good ? "success" : "danger", 16);
        inside->addWidget(picture, 0, Qt::AlignTop);
        auto* words = new QVBoxLayout;
        words->setSpacing(1);
        words->addWidget(makeParagraph(text.target));
        words->addWidget(makeParagraph(text.result, "muted"));
        inside->addLayout(words, 1);
        m_attempts->addWidget(box);
    }
}

void RequestDetail::showBodies(gateway::LogBodies setting)
{
    const QString why = whyNoBodies(m_row, setting);
    m_noBodies->setText(why);
    m_noBodies->setVisible(!why.isEmpty());
    m_requestTitle->setVisible(!m_row.requestBody.empty());
    m_request->setVisible(!m_row.requestBody.empty());
    m_request->setPlainText(readableBody(m_row.requestBody));
    m_answerTitle->setVisible(!m_row.responseBody.empty());
    m_answer->setVisible(!m_row.responseBody.empty());
    m_answer->setPlainText(readableBody(m_row.responseBody));
}

} // namespace ui
