// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/question_strip.h"

#include <algorithm>

#include <QAccessible>
#include <QDateTime>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "models/question_text.h"
#include "models/when_done.h"
#include "pages/page.h"
#include "theme/icons.h"
#include "widgets/build.h"

namespace ui {
namespace {

constexpr int kTickMillis = 1000;

std::int64_t nowMicros()
{
    return QDateTime::currentMSecsSinceEpoch() * 1000;
}

} // namespace

/// One question: what is asked, how long it waits yet, and the answers.
class QuestionRow : public QFrame {
public:
    explicit QuestionRow(std::uint64_t id) : m_id(id)
    {
        setProperty("role", QStringLiteral("banner"));
        setProperty("tone", QStringLiteral("warn"));
        auto* layout = new QHBoxLayout(this);
        layout->setContentsMargins(14, 7, 8, 7);
        layout->setSpacing(8);
        auto* picture = new QLabel;
        setLabelIcon(picture, QStringLiteral("wallet"), "warning", 16);
        m_text = makeParagraph({});
        m_text->setAccessibleDescription(QStringLiteral("question"));
        m_left = makeLabel({}, "monoMuted");
        m_left->setAccessibleDescription(QStringLiteral("time-left"));
        allow = makeButton(QStringLiteral("-"), "primary", {}, "allowQuestionButton");
        refuse = makeButton(QuestionStrip::tr("Refuse"), "ghost", {}, "refuseQuestionButton");
        details = makeButton(QuestionStrip::tr("Details"), "link", {}, "questionDetailsButton");
        layout->addWidget(picture);
        layout->addWidget(m_text, 1);
        layout->addWidget(m_left);
        layout->addWidget(allow);
        layout->addWidget(refuse);
        layout->addWidget(details);
    }

    [[nodiscard]] std::uint64_t id() const { return m_id; }

    void show(const gateway::SpendQuestion& question)
    {
        m_question = question;
        if (const QString text = questionText(question); m_text->text() != text) m_text->setText(text);
        if (const QString text = allowText(question); allow->text() != text) setButtonText(allow, text);
        tick();
    }

    void tick()
    {
        m_left->setText(leftText(m_question, nowMicros()));
        setVisible(!isOver(m_question, nowMicros()));
    }

    // While the answer is under way, it is not given twice.
    void setBusy(bool busy)
    {
        allow->setEnabled(!busy);
        refuse->setEnabled(!busy);
    }

    void announce()
    {
        QAccessibleEvent alert(m_text, QAccessible::Alert);
        QAccessible::updateAccessibility(&alert);
    }

    QPushButton *allow, *refuse, *details;

private:
    std::uint64_t m_id;
    gateway::SpendQuestion m_question;
    QLabel* m_text;
    QLabel* m_left;
};

QuestionStrip::QuestionStrip(GatewayLink& link, QWidget* parent) : QWidget(parent), m_link(link)
{
    setProperty("role", QStringLiteral("clear"));
    m_rows = column(this, {kPageMargin, 12, kPageMargin, 0}, 6);
    m_clock.setInterval(kTickMillis);
    connect(&m_clock, &QTimer::timeout, this, &QuestionStrip::tick);
    connect(&link, &GatewayLink::activityChanged, this, &QuestionStrip::showQuestions);
    hide();
    showQuestions();
}

void QuestionStrip::showQuestions()
{
    const std::vector<gateway::SpendQuestion>& questions = m_link.activity().questions;
    const auto isAsked = [&questions](const QuestionRow* row) {
        return std::any_of(questions.begin(), questions.end(),
                           [row](const auto& question) { return question.id == row->id(); });
    };
    std::erase_if(m_shown, [&](QuestionRow* row) {
        if (isAsked(row)) return false;
        row->hide();
        row->deleteLater();
        return true;
    });
    for (const gateway::SpendQuestion& question : questions) {
        const auto found = std::find_if(m_shown.begin(), m_shown.end(),
                                        [&](const QuestionRow* row) { return row->id() == question.id; });
        if (found != m_shown.end()) {
            (*found)->show(question);
        } else {
            addRow(question);
        }
    }
    tick();
}

void QuestionStrip::addRow(const gateway::SpendQuestion& question)
{
    auto* row = new QuestionRow(question.id);
    m_rows->addWidget(row);
    m_shown.push_back(row);
    connect(row->allow, &QPushButton::clicked, this, [this, id = question.id] { answer(id, true); });
    connect(row->refuse, &QPushButton::clicked, this, [this, id = question.id] { answer(id, false); });
    connect(row->details, &QPushButton::clicked, this, [this, id = question.id] { emit detailsWanted(id); });
    row->show(question);
    row->announce();
}

void QuestionStrip::tick()
{
    bool any = false;
    for (QuestionRow* row : m_shown) {
        row->tick();
        any = any || !row->isHidden();
    }
    setVisible(any);
    if (any == m_clock.isActive()) return;
    if (any) {
        m_clock.start();
    } else {
        m_clock.stop();
    }
}

void QuestionStrip::answer(std::uint64_t id, bool allow)
{
    const auto setBusy = [this, id](bool busy) {
        for (QuestionRow* row : m_shown) {
            if (row->id() == id) row->setBusy(busy);
        }
    };
    setBusy(true);
    whenDone(
        m_link.answerQuestion(id, allow), this,
        [this, setBusy](const QString& problem) {
            setBusy(false);
            if (!problem.isEmpty()) emit toastWanted({problem, {}, {}, true});
        },
        [this, setBusy] {
            setBusy(false);
            emit toastWanted({tr("The answer did not reach the gateway. Try again."), {}, {}, true});
        });
}

} // namespace ui
