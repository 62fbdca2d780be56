// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "gateway/guardrails.h"

#include "guardrail/check_kind.h"
#include "guardrail/text_guard.h"
#include "meaning/own_embedder.h"

namespace gateway {

namespace {

using guardrail::Stage;

CheckParameter describedParameter(const guardrail::Parameter& parameter)
{
    CheckParameter described;
    described.name = parameter.name;
    described.title = parameter.title;
    described.help = parameter.help;
    described.type = static_cast<CheckParameter::Type>(parameter.type);
    described.defaultJson = parameter.defaultJson;
    for (const std::string_view choice : parameter.choices)
        described.choices.emplace_back(choice);
    described.least = parameter.least;
    described.most = parameter.most;
    return described;
}
static_assert(static_cast<int>(CheckParameter::Type::JsonList) ==
              static_cast<int>(guardrail::Parameter::Type::JsonList));

GuardrailTrial::Verdict shown(const guardrail::Verdict& verdict)
{
    const guardrail::Rule& rule = *verdict.rule;
    GuardrailTrial::Verdict result;
    result.guardrail = rule.config.id.text;
    result.check = rule.config.check;
    result.action = rule.config.action;
    result.mode = rule.config.mode;
    result.alarm = verdict.alarm();
    for (const guardrail::Spot& spot : verdict.spots)
        result.spots.push_back({spot.start, spot.size, std::string(spot.kind)});
    result.reason = rule.kind->asks && !rule.kind->ponders ? "asks when a request comes; nobody was asked now"
                                                           : verdict.reason;
    result.nanos = verdict.nanos;
    return result;
}

} // namespace

std::vector<CheckDescription> checkDescriptions()
{
    std::vector<CheckDescription> all;
    for (const guardrail::CheckKind* kind : guardrail::checkKinds()) {
        CheckDescription& each = all.emplace_back();
        each.id = kind->id;
        each.title = kind->title;
        each.description = kind->description;
        for (const guardrail::Parameter& parameter : kind->parameters)
            each.parameters.push_back(describedParameter(parameter));
        each.places = kind->places;
        each.onRequest = kind->onRequest;
        each.onResponse = kind->onResponse;
    }
    return all;
}

std::vector<std::string> guardrailActions()
{
    std::vector<std::string> names = guardrail::actionNames();
    std::erase(names, "log"); // another word for the first
    return names;
}

std::vector<std::string> maskStyles()
{
    return guardrail::maskStyleNames();
}

bool hasEmbedder()
{
    return meaning::ownEmbedder().hasModel();
}

GuardrailTrial tryGuardrails(const std::vector<GuardrailConfig>& rules, std::string_view text, bool isAnswer)
{
    const Stage stage = isAnswer ? Stage::Response : Stage::Request;
    Config config;
    config.guardrails = rules;
    const guardrail::RuleSet set(config);
    std::vector<const guardrail::Rule*> looking;
    for (const guardrail::Rule& rule : set.rules()) {
        const bool isGiven = std::any_of(rules.begin(), rules.end(), [&](const GuardrailConfig& each) {
            return each.id == rule.config.id;
        });
        if (isGiven && rule.covers(stage)) looking.push_back(&rule);
    }
    guardrail::Masks masks(guardrail::newMaskSalt());
    guardrail::TextGuard guard(looking, masks);
    guardrail::Subject subject;
    subject.stage = stage;
    subject.text = text;
    subject.textBytes = text.size();
    const auto better = guard.judge(subject);
    if (better) text = *better;
    guard.ponder(subject);
    const auto changed = guard.guard(text, stage, 1);
    GuardrailTrial trial;
    trial.result = changed.value_or(std::string(text));
    trial.restored = masks.restored(trial.result, false);
    for (const guardrail::Verdict& verdict : guard.verdicts())
        trial.verdicts.push_back(shown(verdict));
    if (const auto* blocks = guard.firstThat(guardrail::Action::Block)) {
        trial.status = 400;
        trial.error = refusalText(*blocks, isAnswer);
    }
    return trial;
}

} // namespace gateway
