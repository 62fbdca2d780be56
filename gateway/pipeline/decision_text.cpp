// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/decision_text.h"

#include <string_view>

#include "base/json_text.h"
#include "base/strings.h"
#include "pipeline/target_fitness.h"

namespace gateway::pipeline {

namespace {

constexpr std::size_t kMostBytes = std::size_t{16} << 10;
constexpr std::size_t kMostText = 256; // of a value: whoever sent it, or the rule, may have written a book
constexpr std::size_t kMostSteps = kMostBytes / 4 * 3; // the order has the rest

/// What was said and what else came with a request is kept only where bodies are: here it stays out.
bool mayBeKept(std::string_view field)
{
    return !field.starts_with("text.") && !field.starts_with("params.") && !field.starts_with("headers.");
}

void writeConditions(JsonWriter& json, const std::vector<ConditionStep>& conditions)
{
    if (conditions.empty()) return;
    json.key("when").beginArray();
    for (const ConditionStep& each : conditions) {
        json.beginObject().key("field").string(each.field).key("op").string(each.op);
        json.key("wanted").string(shortened(each.wanted, kMostText));
        if (mayBeKept(each.field)) json.key("seen").string(shortened(each.seen, kMostText));
        json.key("held").boolean(each.held).endObject();
    }
    json.endArray();
}

void writeStep(JsonWriter& json, const routing::RouteStep& step, const std::string& out)
{
    json.beginObject().key("route").string(step.route.text).key("strategy").string(step.strategy);
    if (step.draw) json.key("draw").number(*step.draw);
    if (!step.why.empty()) json.key("why").string(step.why);
    json.key("targets").beginArray();
    for (const routing::TargetStep& target : step.targets) {
        if (out.size() > kMostSteps) break;
        json.beginObject().key("name").string(target.name);
        if (target.score) json.key("score").number(*target.score);
        writeConditions(json, target.conditions);
        json.endObject();
    }
    json.endArray().endObject();
}

} // namespace

std::string decisionJson(const std::vector<routing::RouteStep>& steps,
                         const std::vector<routing::Target>& order)
{
    std::string out;
    out.reserve(512);
    JsonWriter json(out);
    json.beginObject().key("steps").beginArray();
    for (const routing::RouteStep& step : steps) {
        if (out.size() > kMostSteps) break;
        writeStep(json, step, out);
    }
    json.endArray().key("order").beginArray();
    for (const routing::Target& target : order) {
        if (out.size() > kMostBytes) break;
        json.beginObject().key("target").string(target.provider.text + '/' + target.model);
        if (const std::string_view setback = setbackName(target.setback); !setback.empty())
            json.key("setback").string(setback);
        json.endObject();
    }
    json.endArray().endObject();
    return out;
}

} // namespace gateway::pipeline
