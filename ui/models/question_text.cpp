// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/question_text.h"

#include <algorithm>
#include <string>

#include <QCoreApplication>

#include "models/budget_text.h"
#include "models/format.h"

namespace ui {
namespace {

constexpr std::int64_t kSecond = 1'000'000;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::QuestionText)
};

QString qs(const std::string& text)
{
    return QString::fromStdString(text);
}

// The nearest to what the user knows it by.
QString asker(const gateway::SpendQuestion& question)
{
    for (const std::string* name : {&question.client, &question.program, &question.key}) {
        if (!name->empty()) return qs(*name);
    }
    return Text::tr("a request");
}

} // namespace

QString questionText(const gateway::SpendQuestion& question)
{
    QString text;
    if (question.kind == gateway::SpendQuestion::Kind::AgentLoop) {
        text = Text::tr("%1 seems to go round in circles and waits. %2")
                   .arg(asker(question), qs(question.reason));
    } else if (question.kind == gateway::SpendQuestion::Kind::Guardrail) {
        text = Text::tr("%1 waits for your word. %2").arg(asker(question), qs(question.reason));
    } else if (question.ofKey) {
        text =
            Text::tr("The budget of key %1 is used up: %2 waits.").arg(qs(question.subject), asker(question));
    } else {
        text = Text::tr("Budget %1 is used up: %2 waits.").arg(qs(question.subject), asker(question));
    }
    const int others = static_cast<int>(question.waiting) - 1;
    if (others > 0) text += QLatin1Char(' ') + Text::tr("%Ln more request(s) wait with it.", nullptr, others);
    return text.trimmed();
}

QString allowText(const gateway::SpendQuestion& question)
{
    if (question.moreNanos <= 0) return Text::tr("Let it go on");
    return Text::tr("Allow %1 more").arg(dollarsText(question.moreNanos));
}

bool isOver(const gateway::SpendQuestion& question, std::int64_t nowMicros)
{
    return question.until > 0 && nowMicros >= question.until;
}

QString leftText(const gateway::SpendQuestion& question, std::int64_t nowMicros)
{
    if (question.until <= 0) return {};
    const std::int64_t left = std::max<std::int64_t>(0, question.until - nowMicros + kSecond - 1) / kSecond;
    if (left == 0) return Text::tr("over");
    return Text::tr("%1:%2 left").arg(left / 60).arg(left % 60, 2, 10, QLatin1Char('0'));
}

std::vector<std::pair<QString, QString>> questionFacts(const gateway::SpendQuestion& question)
{
    std::vector<std::pair<QString, QString>> facts;
    const auto add = [&facts](const QString& name, const std::string& value) {
        if (!value.empty()) facts.emplace_back(name, qs(value));
    };
    add(Text::tr("Why"), question.reason);
    add(question.kind == gateway::SpendQuestion::Kind::AgentLoop   ? Text::tr("Session")
        : question.kind == gateway::SpendQuestion::Kind::Guardrail ? Text::tr("Guardrail")
        : question.ofKey                                           ? Text::tr("Budget of key")
                                                                   : Text::tr("Budget"),
        question.subject);
    if (question.limitNanos > 0)
        facts.emplace_back(
            Text::tr("Spent"),
            Text::tr("%1 of %2").arg(formatMoney(question.spentNanos), dollarsText(question.limitNanos)));
    add(Text::tr("Client"), question.client);
    add(Text::tr("Program"), question.program);
    add(Text::tr("Repository"), question.repository);
    add(Text::tr("Key"), question.key);
    add(Text::tr("Model"), question.model);
    if (question.waiting > 0)
        facts.emplace_back(Text::tr("Waiting"),
                           Text::tr("%Ln request(s)", nullptr, static_cast<int>(question.waiting)));
    if (question.askedAt > 0) facts.emplace_back(Text::tr("Asked"), formatFullInstant(question.askedAt));
    return facts;
}

} // namespace ui
