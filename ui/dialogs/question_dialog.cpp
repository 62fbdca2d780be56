// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialogs/question_dialog.h"

#include <algorithm>

#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "models/question_text.h"
#include "models/when_done.h"
#include "widgets/build.h"
#include "widgets/fact_grid.h"

namespace ui {
namespace {

constexpr int kWidth = 520;
constexpr int kTickMillis = 1000;

} // namespace

QuestionDialog::QuestionDialog(GatewayLink& link, std::uint64_t id, QWidget* parent)
    : FormDialog(tr("A request waits"), QStringLiteral("-"), parent), m_link(link), m_id(id)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setModal(false); // The window stays usable: it may be asked what the answer should be.
    setFixedWidth(kWidth);
    m_text = makeParagraph({});
    m_text->setAccessibleDescription(QStringLiteral("question"));
    fields()->addWidget(m_text);
    m_facts = new FactGrid;
    fields()->addLayout(m_facts);
    m_left = makeParagraph({}, "muted");
    m_left->setAccessibleDescription(QStringLiteral("time-left"));
    fields()->addWidget(m_left);
    m_refuse = makeButton(tr("&Refuse"), "ghost", {}, "refuseQuestionButton");
    buttons()->insertWidget(buttons()->count() - 1, m_refuse);
    setButtonText(cancelButton(), tr("Close"));
    connect(m_refuse, &QPushButton::clicked, this, [this] { answer(false); });
    connect(this, &FormDialog::acceptWanted, this, [this] { answer(true); });
    connect(&link, &GatewayLink::activityChanged, this, &QuestionDialog::showQuestion);
    m_clock.setInterval(kTickMillis);
    connect(&m_clock, &QTimer::timeout, this, &QuestionDialog::tick);
    m_clock.start();
    showQuestion();
}

void QuestionDialog::showQuestion()
{
    const auto& questions = m_link.activity().questions;
    const auto found = std::find_if(questions.begin(), questions.end(),
                                    [this](const auto& question) { return question.id == m_id; });
    if (found == questions.end()) {
        if (isVisible()) accept();
        return;
    }
    if (*found == m_question) return;
    m_question = *found;
    m_text->setText(questionText(m_question));
    m_facts->setFacts(questionFacts(m_question));
    setButtonText(acceptButton(), allowText(m_question));
    tick();
}

void QuestionDialog::tick()
{
    const std::int64_t now = QDateTime::currentMSecsSinceEpoch() * 1000;
    m_left->setText(tr("Without an answer it is refused: %1.").arg(leftText(m_question, now)));
    if (isOver(m_question, now) && isVisible()) reject();
}

void QuestionDialog::answer(bool allow)
{
    if (isBusy()) return;
    setBusy(true);
    whenDone(
        m_link.answerQuestion(m_id, allow), this,
        [this](const QString& problem) {
            if (problem.isEmpty()) {
                accept();
            } else {
                showProblem(problem);
            }
        },
        [this] { showProblem(tr("The answer did not reach the gateway. Try again.")); });
}

} // namespace ui
