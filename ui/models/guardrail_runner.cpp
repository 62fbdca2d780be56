// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/guardrail_runner.h"

#include <algorithm>
#include <utility>

#include <QCoreApplication>
#include <QStringList>

#include "models/format.h"
#include "models/in_pool.h"

namespace ui {
namespace {

constexpr std::size_t kMostExamples = 50;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::GuardrailRunner)
};

} // namespace

struct GuardrailRunner::State {
    gateway::Config config;
    gateway::GuardrailId id;
    std::optional<gateway::GuardrailReplay> replay; // made in the pool
    GuardrailRun run;
    std::atomic<bool> cancelled = false;

    void add(const gateway::LogRow& row)
    {
        const auto look = replay->look(row);
        ++run.requests;
        if (!look.inScope) return;
        ++run.inScope;
        run.lackedRequests += look.lackedRequest ? 1 : 0;
        run.lackedAnswers += look.lackedAnswer ? 1 : 0;
        run.hits += look.finds > 0 ? 1 : 0;
        run.finds += static_cast<int>(look.finds);
        for (const auto& find : look.first) {
            if (run.examples.size() < kMostExamples)
                run.examples.push_back({row.id, QString::fromStdString(row.requestedModel), find});
        }
    }
};

GuardrailRunner::GuardrailRunner(const gateway::Config& config, const gateway::GuardrailId& id)
    : m_state(std::make_shared<State>())
{
    m_state->config = config;
    m_state->id = id;
}

GuardrailRunner::~GuardrailRunner()
{
    m_state->cancelled = true;
}

QFuture<GuardrailRun> GuardrailRunner::take(std::vector<gateway::LogRow> rows)
{
    return inPool([state = m_state, rows = std::move(rows)] {
        if (!state->replay) state->replay.emplace(state->config, state->id);
        state->run.problem = QString::fromStdString(state->replay->problem());
        if (!state->run.problem.isEmpty()) return state->run;
        for (const gateway::LogRow& row : rows) {
            if (state->cancelled) break;
            state->add(row);
        }
        return state->run;
    });
}

QFuture<GuardrailTestResults> startGuardrailTests(const gateway::Config& config,
                                                  const gateway::GuardrailId& id)
{
    return inPool([config, id] {
        GuardrailTestResults results;
        const gateway::GuardrailReplay replay(config, id);
        results.problem = QString::fromStdString(replay.problem());
        if (!results.problem.isEmpty()) return results;
        for (const gateway::GuardrailConfig& rule : config.guardrails) {
            if (rule.id != id) continue;
            for (const gateway::GuardrailTest& test : rule.tests) {
                const bool hit = replay.findsIn(test.text, test.on == "response");
                results.passed.push_back(hit == (test.expect == "hit"));
            }
        }
        return results;
    });
}

QString guardrailRunHeadline(const GuardrailRun& run)
{
    if (run.requests == 0) return Text::tr("No request was logged yet.");
    return Text::tr("Something was found in %1 of %2 requests.")
        .arg(formatCount(run.hits), formatCount(run.requests));
}

QString guardrailRunNotes(const GuardrailRun& run)
{
    QStringList notes;
    if (const int outside = run.requests - run.inScope; outside > 0)
        notes.append(
            Text::tr("%1 are outside of where it holds and were not looked at.").arg(formatCount(outside)));
    if (run.lackedRequests > 0)
        notes.append(Text::tr("Of %1 the log kept no request to look at, or not the whole of it.")
                         .arg(formatCount(run.lackedRequests)));
    if (run.lackedAnswers > 0)
        notes.append(Text::tr("Of %1 the log kept no answer to look at, or not the whole of it.")
                         .arg(formatCount(run.lackedAnswers)));
    if (run.lackedRequests + run.lackedAnswers > 0)
        notes.append(Text::tr("What the log keeps is chosen in Settings, at “Stored bodies”."));
    if (run.inScope > 0)
        notes.append(Text::tr("The log keeps nothing that a guardrail had found when a request was made: "
                              "such places are not counted again."));
    if (static_cast<std::size_t>(run.finds) > run.examples.size())
        notes.append(
            Text::tr("Shown are the first %1 of %2 finds.")
                .arg(formatCount(static_cast<std::int64_t>(run.examples.size())), formatCount(run.finds)));
    return notes.join(QLatin1Char('\n'));
}

} // namespace ui
