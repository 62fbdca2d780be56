// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/dry_run_text.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include "models/condition_draft.h"
#include "models/decision_text.h"
#include "models/format.h"
#include "models/rewrite_text.h"
#include "models/route_text.h"

namespace ui {
namespace {

using Kind = DryLine::Kind;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::DryRunText)
};

QString conditionText(const gateway::DryCondition& condition)
{
    const QString seen = condition.seen.empty()
                             ? Text::tr("there is none")
                             : Text::tr("it is %1").arg(QString::fromStdString(condition.seen));
    return QStringLiteral("%1 %2 %3 %4: %5")
        .arg(condition.held ? QStringLiteral("✓") : QStringLiteral("✗"),
             QString::fromStdString(condition.field), operatorText(QString::fromStdString(condition.op)),
             QString::fromStdString(condition.wanted), seen);
}

void addStep(std::vector<DryLine>& lines, const gateway::DryStep& step)
{
    QString head =
        Text::tr("Route %1: %2").arg(QString::fromStdString(step.route), strategyText(step.strategy).name);
    if (step.draw) head += Text::tr(", drawn %1").arg(QLocale().toString(*step.draw, 'f', 3));
    if (!step.why.empty()) head += Text::tr(", to the default, as %1").arg(meaningReasonText(step.why));
    lines.push_back({Kind::Head, 0, head});
    int place = 1;
    for (const gateway::DryTarget& target : step.targets) {
        QString text = QStringLiteral("%1. %2").arg(place++).arg(QString::fromStdString(target.name));
        if (target.score) {
            const QString score = QLocale().toString(*target.score, 'g', 4);
            text += usesMeaning(step.strategy) ? Text::tr(", likeness %1").arg(score)
                                               : Text::tr(", score %1").arg(score);
        }
        lines.push_back({Kind::Plain, 1, text});
        for (const gateway::DryCondition& condition : target.conditions) {
            lines.push_back({condition.held ? Kind::Held : Kind::Failed, 2, conditionText(condition)});
        }
    }
}

QString nameOf(const gateway::DryChoice& choice)
{
    return QString::fromStdString(choice.provider + '/' + choice.model);
}

QString costText(const gateway::DryChoice& choice)
{
    if (!choice.costNanos) return Text::tr("price not known");
    return *choice.costNanos == 0 ? Text::tr("costs nothing")
                                  : Text::tr("about %1").arg(formatMoney(*choice.costNanos));
}

void addChoice(std::vector<DryLine>& lines, const gateway::DryChoice& choice, int place)
{
    lines.push_back(
        {Kind::Plain, 1, QStringLiteral("%1. %2 · %3").arg(place).arg(nameOf(choice), costText(choice))});
    if (choice.fails) lines.push_back({Kind::Failed, 2, Text::tr("✗ fails: simulated to be down")});
    if (!choice.setback.empty())
        lines.push_back(
            {Kind::Note, 2, Text::tr("later: %1").arg(setbackText(QString::fromStdString(choice.setback)))});
    const QStringList added = rewriteText(choice.rewritesJson).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    for (const QString& line : added) {
        lines.push_back({Kind::Note, 2, line});
    }
}

QString foundText(const gateway::DryGuardrail& guardrail)
{
    if (guardrail.asks) return Text::tr("asks elsewhere, which a dry run does not");
    return guardrail.found.empty() ? Text::tr("nothing found") : QString::fromStdString(guardrail.found);
}

void addGuardrails(std::vector<DryLine>& lines, const std::vector<gateway::DryGuardrail>& guardrails)
{
    if (guardrails.empty()) return;
    lines.push_back({Kind::Head, 0, Text::tr("Guardrails")});
    for (const gateway::DryGuardrail& each : guardrails) {
        const QString action = each.observes ? Text::tr("observes") : QString::fromStdString(each.action);
        lines.push_back(
            {each.fails ? Kind::Failed : Kind::Plain, 1,
             QStringLiteral("%1 · %2: %3").arg(QString::fromStdString(each.id), action, foundText(each))});
    }
}

DryLine answerLine(const gateway::DryRun& run)
{
    const gateway::DryChoice* answers = run.answering();
    if (answers == nullptr) return {Kind::Failed, 0, Text::tr("Nobody would answer")};
    return {Kind::Head, 0, Text::tr("→ %1 would answer, %2").arg(nameOf(*answers), costText(*answers))};
}

} // namespace

std::vector<DryLine> dryRunLines(const gateway::DryRun& run)
{
    std::vector<DryLine> lines;
    lines.push_back({Kind::Note, 0,
                     Text::tr("Read as %1, about %Ln token(s).", nullptr, static_cast<int>(run.inputTokens))
                         .arg(QString::fromStdString(run.dialect))});
    lines.insert(lines.begin(), answerLine(run));
    for (const gateway::DryStep& step : run.steps) {
        addStep(lines, step);
    }
    addGuardrails(lines, run.guardrails);
    lines.push_back({Kind::Head, 0, Text::tr("Would be asked, in this order")});
    int place = 1;
    for (const gateway::DryChoice& choice : run.choices) {
        addChoice(lines, choice, place++);
    }
    if (run.choices.empty()) lines.push_back({Kind::Failed, 1, Text::tr("nobody")});
    return lines;
}

QString dryLineText(const DryLine& line)
{
    return QString(qsizetype{2} * line.depth, QLatin1Char(' ')) + line.text;
}

QString dryRunText(const gateway::DryRun& run)
{
    QStringList texts;
    for (const DryLine& line : dryRunLines(run)) {
        texts.append(dryLineText(line));
    }
    return texts.join(QLatin1Char('\n'));
}

} // namespace ui
