// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/kept_exchange.h"

#include <algorithm>

#include "base/json_text.h"
#include "base/strings.h"
#include "dialect/json_object.h"
#include "dialect/span_edit.h"
#include "pipeline/kept_ids.h"
#include "pipeline/passed_fields.h"

namespace gateway::pipeline {

namespace {

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
            if (m_plan.targets.empty() && provider && canKeep(*provider, m_endpoint)) addTarget(*provider);
        }
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
    return withKeptIds(body, document, attempt.row.provider, "http://" + std::string(m_head.field("host")));
}

listener::Headers KeptExchange::fieldsOf(const Attempt& attempt, const upstream::ReplyHead& reply) const
{
    return isContent() ? passedAnswerFields(reply, secretsOf(attempt)) : listener::Headers();
}

} // namespace gateway::pipeline
