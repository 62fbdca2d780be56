// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/openai_completions.h"

#include "dialect/openai_completions_parts.h"
#include "dialect/openai_meter.h"
#include "dialect/openai_parts.h"
#include "dialect/provider_error.h"
#include "dialect/request_facts.h"
#include "dialect/span_edit.h"
#include "dialect/usage_counts.h"

namespace gateway::dialect {
namespace {

class OpenAiCompletions final : public Dialect {
public:
    DialectId id() const override { return DialectId::OpenAiCompletions; }
    std::string_view clientName() const override { return "openai"; }
    const std::vector<PathRule>& paths() const override
    {
        static const std::vector<PathRule> rules{
            {PathRule::Root::Versioned, "/completions", {}, Operation::Chat},
            {PathRule::Root::Exact, "/deployments/", "/completions", Operation::Chat}};
        return rules;
    }
    Result<RequestFacts> facts(const JsonDocument& document, const PathFacts& path) const override;
    Result<std::string> edit(std::string_view body, const JsonDocument& document,
                             const BodyEdit& edit) const override;
    bool asksForUsage() const override { return true; }
    Usage readUsage(const JsonDocument& answer) const override
    {
        return readOpenAiUsage(rawMember(answer, "usage"));
    }
    bool isAnswer(const JsonDocument& answer, Operation operation) const override;
    std::string addCost(std::string_view answer, const JsonDocument& document, Money cost) const override;
    std::unique_ptr<StreamMeter> meter(MeterOptions options) const override
    {
        return std::make_unique<OpenAiMeter>(std::move(options), true);
    }

    Result<Request> decodeRequest(std::string_view body, const PathFacts&) const override
    {
        return completions::decodeRequest(body);
    }
    std::string encodeRequest(Request& request) const override { return completions::encodeRequest(request); }
    Result<Completion> decodeCompletion(std::string_view body) const override
    {
        return completions::decodeCompletion(body);
    }
    std::string encodeCompletion(const Completion& completion,
                                 const CompletionContext& context) const override
    {
        return completions::encodeCompletion(completion, context);
    }
    std::unique_ptr<EventDecoder> eventDecoder() const override { return completions::eventDecoder(); }
    std::unique_ptr<EventEncoder> eventEncoder(const CompletionContext& context, CostOf costOf) const override
    {
        return completions::eventEncoder(context, std::move(costOf));
    }

    std::string encodeError(const Error& error, std::string_view) const override
    {
        return openai::encodeError(error);
    }
    std::string encodeStreamError(const Error& error, const CompletionContext&) const override
    {
        return openai::encodeStreamError(error);
    }
    ProviderError readError(std::string_view body) const override { return readErrorBody(body); }
    std::string_view keepAlive() const override { return ": keep-alive\n\n"; }
};

Result<RequestFacts> OpenAiCompletions::facts(const JsonDocument& document, const PathFacts& path) const
{
    Result<RequestFacts> facts = modelFacts(document, path);
    if (!facts) return facts;
    const auto asked = openai::usageAskedFor(document);
    if (!asked) return asked.error();
    facts->includeUsage = *asked;
    const auto limit = tokenLimit(document, "max_tokens");
    if (!limit) return limit.error();
    facts->maxTokens = *limit;
    return facts;
}

Result<std::string> OpenAiCompletions::edit(std::string_view body, const JsonDocument& document,
                                            const BodyEdit& edit) const
{
    SpanEdit changes(body, document.members);
    if (auto outcome = applyOverrides(changes, edit); !outcome) return outcome.error();
    if (edit.addUsage && changes.value("stream") == "true") openai::askForUsage(changes);
    return changes.text();
}

bool OpenAiCompletions::isAnswer(const JsonDocument& answer, Operation) const
{
    bool found = false;
    forEachElement(rawMember(answer, "choices"), [&found](std::string_view choice, JsonKind) {
        found = jsonKindOf(memberValue(choice, "text")) == JsonKind::String;
        return false;
    });
    return found;
}

std::string OpenAiCompletions::addCost(std::string_view answer, const JsonDocument& document,
                                       Money cost) const
{
    const std::string_view usage = rawMember(document, "usage");
    if (jsonKindOf(usage) != JsonKind::Object) return std::string(answer);
    SpanEdit changes(answer, document.members);
    changes.set("usage", withCost(usage, cost));
    return changes.text();
}

} // namespace

const Dialect& openAiCompletions()
{
    static const OpenAiCompletions dialect;
    return dialect;
}

} // namespace gateway::dialect
