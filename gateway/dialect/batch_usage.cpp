// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/batch_usage.h"

#include <algorithm>
#include <array>
#include <utility>

#include "dialect/json_object.h"
#include "dialect/request_facts.h"
#include "dialect/usage_counts.h"

namespace gateway::dialect {

namespace {

constexpr std::array<std::string_view, 4> kOver{"completed", "failed", "expired", "cancelled"};

/// Chat, Completions and Embeddings count in other words than Responses. `holder`: what has the usage.
Usage readUsage(const JsonObject& holder)
{
    const Usage found = readOpenAiUsage(holder.raw("usage"));
    return found.known ? found : readResponseUse(holder);
}

/// What is no name of a model cannot be priced, and may be of any length.
BatchUse useOf(std::string model, const Usage& usage)
{
    return isModelName(model) ? BatchUse{std::move(model), usage} : BatchUse{};
}

} // namespace

std::optional<BatchUse> readBatchUse(std::string_view batch)
{
    const JsonObject object(batch);
    if (object.text("object") != "batch" ||
        std::find(kOver.begin(), kOver.end(), object.text("status")) == kOver.end())
        return std::nullopt;
    BatchUse use{object.text("model"), readUsage(object)};
    // Counts of nothing stand there, too, where the provider does not count: older batches, failed ones.
    if (!isModelName(use.model) || use.usage.inputTokens + use.usage.outputTokens == 0) return std::nullopt;
    return use;
}

std::optional<BatchUse> readResultUse(std::string_view line)
{
    JsonDocument document;
    if (scanJson(line, document) || document.root != JsonKind::Object) return std::nullopt;
    const JsonObject object(document);
    if (!object.has("custom_id")) return std::nullopt;
    if (object.kind("result") == JsonKind::Object) {
        const JsonObject message = object.object("result").object("message");
        AnthropicCounts counts;
        if (message.kind("usage") == JsonKind::Object) counts.add(message.raw("usage"));
        return useOf(message.text("model"), counts.usage());
    }
    if (!object.has("response") && !object.has("error")) return std::nullopt;
    const JsonObject body = object.object("response").object("body");
    return useOf(body.text("model"), readUsage(body));
}

} // namespace gateway::dialect
