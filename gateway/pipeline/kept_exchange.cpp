// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/kept_exchange.h"

#include <algorithm>

#include "gateway/ids.h"

#include "base/json_text.h"
#include "base/strings.h"
#include "base/wall_clock.h"
#include "dialect/batch_usage.h"
#include "dialect/json_object.h"
#include "dialect/span_edit.h"
#include "pipeline/kept_ids.h"
#include "pipeline/ledger.h"
#include "pipeline/passed_fields.h"
#include "pipeline/personal_text.h"
#include "pipeline/spending.h"

namespace gateway::pipeline {

namespace {

constexpr std::string_view kBatchTag = "batch";

bool canKeep(const ProviderRuntime& provider, const Endpoint& endpoint)
{
    return !provider.kind->inProcess() && provider.kind->supports(endpoint.operation) &&
           provider.kind->speaks(endpoint.dialect, {});
}

} // namespace

bool KeptExchange::hasKeeper(const Runtime& runtime, const Endpoint& endpoint)
{
    return std::any_of(runtime.providers.begin(), runtime.providers.end(),
                       [&endpoint](const ProviderRuntime& provider) { return canKeep(provider, endpoint); });
}

net::Task<KeptExchange::Failure> KeptExchange::prepare()
{
    if (Failure problem = readIds()) co_return problem;
    if (Failure problem = co_await readBody()) co_return problem;
    co_return choose();
}

Result<std::string> KeptExchange::nativeId(std::string_view id, std::string_view param)
{
    const auto read = readKeptId(id);
    if (!read)
        return clientError(Code::InvalidRequest, "'" + std::string(param) + "' is no id.",
                           std::string(param));
    if (!read->provider.empty() && !m_provider.empty() && m_provider != read->provider)
        return clientError(Code::InvalidRequest,
                           "The ids belong to two providers, `" + m_provider + "` and `" +
                               shortened(read->provider, 80) + "`.",
                           std::string(param));
    if (!read->provider.empty()) m_provider = read->provider;
    return read->native;
}

KeptExchange::Failure KeptExchange::readIds()
{
    std::vector<std::string_view> parts;
    if (!m_head.query.empty()) parts = splitAt(m_head.query, '&');
    for (const std::string_view part : parts) {
        const std::string_view name = part.substr(0, part.find('='));
        const std::string value = percentDecoded(part.substr(std::min(name.size() + 1, part.size())));
        std::string kept(part);
        if (name == "provider") {
            m_provider = value;
            continue;
        }
        if (name == "after" || name == "after_id" || name == "before_id") {
            auto id = nativeId(value, name);
            if (!id) return id.error();
            kept = std::string(name) + "=" + id.value();
        }
        m_query.append(m_query.empty() ? "?" : "&").append(kept);
    }
    if (m_endpoint.rest.empty()) return std::nullopt;
    auto id = nativeId(percentDecoded(m_endpoint.rest), "id");
    if (!id) return id.error();
    m_id = std::move(id.value());
    return std::nullopt;
}

net::Task<KeptExchange::Failure> KeptExchange::readBody()
{
    if (startsWithIgnoreCase(trimmed(m_head.field("content-type")), "multipart/"))
        co_return co_await hold(kHeld);
    if (!m_head.hasBody()) co_return co_await hold(0);
    JsonDocument document;
    if (Failure problem = co_await holdJson(document)) co_return problem;
    if (document.root != JsonKind::Object)
        co_return clientError(Code::InvalidRequest, "The body must be a JSON object.");
    if (m_endpoint.operation == Operation::Batch && m_endpoint.rest.empty()) co_return readBatch(document);
    co_return std::nullopt;
}

KeptExchange::Failure KeptExchange::readBatch(const JsonDocument& document)
{
    if (const JsonMember* file = document.find("input_file_id"); file && file->kind == JsonKind::String) {
        auto id = nativeId(dialect::textOf(file->value), "input_file_id");
        if (!id) return id.error();
        m_edited = dialect::withMember(m_body, "input_file_id", jsonQuoted(id.value()));
    }
    // Anthropic's batches have their requests with them.
    Failure problem;
    if (const JsonMember* requests = document.find("requests")) {
        forEachElement(requests->value, [&](std::string_view request, JsonKind) {
            const std::string model = dialect::textOf(memberValue(memberValue(request, "params"), "model"));
            if (!mayUse(model)) problem = mayNotUse(model);
            return !problem;
        });
    }
    return problem;
}

void KeptExchange::addTarget(const ProviderRuntime& provider)
{
    routing::Target target;
    target.provider = provider.config.id;
    target.retry = routing::retryRules(nullptr, &provider.config.retry);
    // What was made once must not be made again because its answer was lost.
    if (m_head.method != "GET" && m_head.method != "HEAD") target.retry.attempts = 0;
    target.timeout = routing::timeoutRules(nullptr, &provider.config.timeout);
    m_plan.targets.push_back(std::move(target));
}

KeptExchange::Failure KeptExchange::choose()
{
    const ProviderRuntime* named = m_provider.empty() ? nullptr : m_runtime->findProvider(m_provider);
    if (!m_provider.empty() && (!named || !canKeep(*named, m_endpoint))) {
        Error error = clientError(Code::InvalidRequest,
                                  "There is no provider `" + shortened(m_provider, 80) + "` that keeps this.",
                                  "provider");
        error.status = 404;
        return error;
    }
    if (named) {
        addTarget(*named);
    } else if (!m_wishes.route.empty()) {
        auto plan = routing::planFor(*m_runtime->config, *m_runtime, m_wishes.route);
        if (!plan) return plan.error();
        m_plan.route = plan->route;
        for (const routing::Target& target : plan->targets) {
            const ProviderRuntime* provider = m_runtime->findProvider(target.provider.text);
            if (!provider || !canKeep(*provider, m_endpoint)) continue;
            addTarget(*provider);
            m_plan.targets.back().dataRules = target.dataRules;
        }
        // Files and batches are passed on unread.
        m_personal = kMaybePersonal;
    } else {
        for (const ProviderRuntime& provider : m_runtime->providers) {
            if (m_plan.targets.empty() && canKeep(provider, m_endpoint)) addTarget(provider);
        }
    }
    if (m_plan.targets.empty())
        return gatewayError(Code::NoProviderConfigured,
                            "No provider is set up that could keep this. Name one with ?provider=.");
    m_row.route = m_plan.route.text;
    if (Failure refused = applyDataPolicy(m_plan)) return refused;
    // What is kept is kept by one.
    m_plan.targets.erase(m_plan.targets.begin() + 1, m_plan.targets.end());
    beginPlan();
    return std::nullopt;
}

Result<RelayExchange::Outgoing> KeptExchange::outgoing(Attempt& attempt)
{
    attempt.dialect = &m_dialect;
    attempt.sameDialect = true;
    const provider::CallShape shape{
        attempt.provider.base.path, m_endpoint.operation, m_dialect.id(), {}, false, true};
    std::string path = attempt.provider.kind->path(shape);
    std::string query = m_query;
    if (const std::size_t mark = path.find('?'); mark != std::string::npos) {
        query = path.substr(mark) + (query.empty() ? std::string() : "&" + query.substr(1));
        path.resize(mark);
    }
    if (!m_id.empty()) path.append("/").append(m_id);
    const bool isWhole = m_head.field("range").empty();
    if (isContent() && isWhole && m_endpoint.operation != Operation::Video) {
        m_tally.emplace([this, &provider = attempt.provider](const std::string& model, const Usage& usage) {
            return batchCostOf(usage, provider, model, false);
        });
    }
    Outgoing out;
    out.head.method = m_head.method;
    out.head.target = path.append(m_endpoint.after).append(query);
    if (const auto type = m_head.field("content-type"); !type.empty())
        out.head.fields.emplace_back("Content-Type", std::string(type));
    if (const auto range = m_head.field("range"); !range.empty())
        out.head.fields.emplace_back("Range", std::string(range));
    out.head.fields.emplace_back("Accept", "*/*");
    out.head.fields.emplace_back("User-Agent", "Turnpike");
    out.isEdited = !m_edited.empty();
    out.edited = m_edited;
    return out;
}

Result<std::string> KeptExchange::answerBody(const Attempt& attempt, std::string body)
{
    JsonDocument document;
    if (scanJson(body, document) || document.root != JsonKind::Object)
        return upstreamError(
            Code::UpstreamInvalidResponse, Retry::NextTarget,
            attempt.row.provider +
                " answered with something else than what was asked for. Check the provider's "
                "base_url.");
    // Clients go on from a response by its id, in a body that is passed on as it comes.
    if (m_endpoint.operation == Operation::Response) return body;
    if (m_endpoint.operation == Operation::Batch) readBatchAnswer(attempt.provider, body);
    return withKeptIds(body, document, attempt.row.provider, "http://" + std::string(m_head.field("host")));
}

void KeptExchange::readBatchAnswer(const ProviderRuntime& provider, std::string_view body)
{
    auto use = dialect::readBatchUse(body);
    if (!use) return;
    use->usage.service = ServiceTier::Batch; // so that the row can be priced later
    const dialect::JsonObject batch(body);
    const std::string file = batch.text("output_file_id");
    const Cost cost = batchCostOf(use->usage, provider, use->model, true);
    recordBatch(file.empty() ? batch.text("id") : file, {{use->model, use->usage, cost}});
}

Cost KeptExchange::batchCostOf(const Usage& usage, const ProviderRuntime& provider, const std::string& model,
                               bool isSum) const
{
    const Cost own = m_runtime->batchCostOf(usage, provider, model, isSum);
    return m_wishes.prices ? costAsTold(*m_wishes.prices, usage, own, *m_runtime, m_row.key) : own;
}

void KeptExchange::inspectAnswer(std::string_view bytes)
{
    if (m_tally) m_tally->feed(bytes);
    if (!m_tally || !bytes.empty()) return;
    auto parts = m_tally->finish();
    // The batch, which may be asked about, too, tells of its file as one.
    recordBatch(m_id, m_endpoint.operation == Operation::File ? BatchTally::joined(std::move(parts))
                                                              : std::move(parts));
}

void KeptExchange::recordBatch(const std::string& results, const std::vector<BatchTally::Part>& parts)
{
    for (const BatchTally::Part& part : parts) {
        LogRow row;
        row.id = nextRequestId(nowMicros());
        row.key = m_row.key;
        row.client = m_row.client;
        row.dialect = m_row.dialect;
        row.provider = m_row.provider;
        row.model = part.model;
        row.status = 200;
        row.tags = m_row.tags;
        if (std::find(row.tags.begin(), row.tags.end(), kBatchTag) == row.tags.end())
            row.tags.emplace_back(kBatchTag);
        row.metadataJson = R"({"batch_results":)" + jsonQuoted(keptId(results, m_row.provider)) + "}";
        // The same results are told by the batch and by its file, and asked for again.
        row.once = "batch " + row.provider + " " + results;
        if (parts.size() > 1) row.once += " " + part.model;
        noteUse(row, part.usage, part.cost);
        m_context.rows.record(row);
    }
}

listener::Headers KeptExchange::fieldsOf(const Attempt& attempt, const upstream::ReplyHead& reply) const
{
    return isContent() ? passedAnswerFields(reply, secretsOf(attempt)) : listener::Headers();
}

} // namespace gateway::pipeline
