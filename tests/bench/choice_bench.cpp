// SPDX-License-Identifier: GPL-3.0-or-later
// What choosing among a route's hundred targets costs, each with a condition, for every strategy: median and
// 99th percentile in microseconds, without and with what the log keeps of it.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "gateway/config_io.h"

#include "base/wall_clock.h"
#include "catalog/catalog.h"
#include "catalog/presets.h"
#include "embedded.h"
#include "pipeline/decision_text.h"
#include "pipeline/request_situation.h"
#include "pipeline/runtime.h"
#include "pipeline/target_fitness.h"

using namespace gateway;

namespace {

constexpr int kTargets = 100;
constexpr int kRounds = 5000;

std::string targetText(int number)
{
    // Only the last one's condition holds, so that all are looked at.
    const std::string plan = number + 1 == kTargets ? "paid" : "plan-" + std::to_string(number);
    std::string text = R"({"provider":"p)";
    text.append(std::to_string(number % 10)).append(R"(","model":"gpt-)").append(std::to_string(number));
    text.append(R"(","when":{"params.temperature":{"$lt":1},"stream":false,"metadata.plan":")");
    return text.append(plan).append(R"("}})");
}

std::string configText()
{
    std::string text = R"({"providers":{)";
    for (int i = 0; i < 10; ++i) {
        text.append(i == 0 ? "" : ",").append(R"("p)").append(std::to_string(i));
        text.append(R"(":{"kind":"openai-compatible","base_url":"http://127.0.0.1:9/v1"})");
    }
    text.append(R"(},"routes":{)");
    bool first = true;
    for (const std::string& strategy : strategyNames()) {
        text.append(first ? "" : ",").append("\"").append(strategy).append(R"(":{"strategy":")");
        text.append(strategy).append(R"(","targets":[)");
        for (int i = 0; i < kTargets; ++i)
            text.append(i == 0 ? "" : ",").append(targetText(i));
        text.append("]}");
        first = false;
    }
    return text.append("}}");
}

struct Sample {
    double choice = 0, kept = 0; // microseconds
};

class Bench {
public:
    Bench(const pipeline::Runtime& runtime, pipeline::RoutedRequest request, const dialect::Dialect& dialect)
        : m_runtime(runtime), m_request(std::move(request)), m_dialect(dialect)
    {
    }

    Sample once(const std::string& route)
    {
        const auto begin = std::chrono::steady_clock::now();
        const std::int64_t now = nowMicros();
        const pipeline::RequestSituation situation(m_runtime, m_request, m_random, now);
        std::vector<routing::RouteStep> steps;
        auto plan =
            routing::planFor(*m_runtime.config, m_runtime, route, routing::PlanContext{&situation, nullptr});
        pipeline::moveSetBackToEnd(plan->targets, m_runtime, pipeline::demandsOf(m_dialect, m_request), now);
        const auto chosen = std::chrono::steady_clock::now();
        auto explained =
            routing::planFor(*m_runtime.config, m_runtime, route, routing::PlanContext{&situation, &steps});
        m_written += pipeline::decisionJson(steps, explained->targets).size();
        const auto end = std::chrono::steady_clock::now();
        const auto micros = [](auto time) { return std::chrono::duration<double, std::micro>(time).count(); };
        return {micros(chosen - begin), micros(end - chosen)};
    }
    [[nodiscard]] std::size_t written() const { return m_written; }

private:
    const pipeline::Runtime& m_runtime;
    pipeline::RoutedRequest m_request;
    const dialect::Dialect& m_dialect;
    std::minstd_rand m_random{1};
    std::size_t m_written = 0;
};

/// Every target has been used, with failures, so that nothing is skipped where strategies look.
void learnOutcomes(const pipeline::Runtime& runtime)
{
    const std::int64_t now = nowMicros();
    for (const RouteConfig& route : runtime.config->routes) {
        for (const TargetConfig& target : route.targets) {
            routing::TargetState* state = runtime.stateOf(target.provider.text, target.model);
            for (int i = 0; state && i < 20; ++i) {
                std::ignore = state->begin(now);
                state->firstToken(400'000, now);
                state->tokenTime(20'000, now);
                if (i % 5 == 0)
                    state->fail(now, false, nullptr);
                else
                    state->succeed(500, now, false, nullptr);
            }
        }
    }
}

double at(std::vector<double>& values, double share)
{
    const auto place = static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + place, values.end());
    return values[static_cast<std::size_t>(place)];
}

} // namespace

int main()
{
    const ParsedConfig parsed = parseConfig(configText());
    auto models = catalog::Catalog::parse(embedded::catalogJson);
    auto presets = catalog::Presets::parse(embedded::providersJson);
    if (!parsed.usable() || !models || !presets) {
        std::fprintf(stderr, "choice_bench: its configuration is not usable\n");
        return 1;
    }
    pipeline::Runtime runtime(std::make_shared<const Config>(parsed.config), 0,
                              std::make_shared<const catalog::Catalog>(std::move(models.value())),
                              presets.value());
    pipeline::TargetStates states;
    runtime.learnFrom(states);
    learnOutcomes(runtime);
    const std::string body =
        "{\"model\":\"r\",\"temperature\":0.5,\"messages\":[{\"role\":\"user\",\"content\":\"" +
        std::string(2000, 'x') + "\"}]}";
    JsonDocument document;
    if (scanJson(body, document)) return 1;
    const dialect::Dialect& spoken = dialect::dialectOf(DialectId::OpenAiChat);
    const auto facts = spoken.facts(document, {});
    if (!facts) return 1;
    LogRow row;
    row.metadataJson = "{\"plan\":\"paid\"}";
    pipeline::RoutedRequest request;
    request.row = &row;
    request.body = &document;
    request.facts = &facts.value();
    request.bytes = body;
    Bench bench(runtime, request, spoken);
    std::printf("%-20s %10s %10s %16s\n", "strategy", "median us", "p99 us", "kept in the log");
    for (const std::string& strategy : strategyNames()) {
        std::vector<double> choices, kept;
        for (int i = 0; i < kRounds; ++i) {
            const Sample sample = bench.once(strategy);
            choices.push_back(sample.choice);
            kept.push_back(sample.kept);
        }
        std::printf("%-20s %10.1f %10.1f %16.1f\n", strategy.c_str(), at(choices, 0.5), at(choices, 0.99),
                    at(kept, 0.5));
    }
    return bench.written() > 0 ? 0 : 1;
}
