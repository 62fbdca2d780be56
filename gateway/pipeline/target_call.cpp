// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "base/redaction.h"
#include "base/strings.h"
#include "dialect/content_text.h"
#include "dialect/prompt_edit.h"
#include "net/offload.h"
#include "pipeline/generate_exchange.h"
#include "pipeline/own_body.h"
#include "pipeline/personal_text.h"
#include "pipeline/refusal_hold.h"

namespace gateway::pipeline {

namespace {

constexpr std::size_t kMaxAnswer = 64u << 20;
constexpr std::size_t kLargeTranslation = std::size_t{128}
                                          << 10; // from here on a tree would hold the IO thread up

} // namespace

Result<const Request*> GenerateExchange::canonical()
{
    if (!m_request) {
        const bool kept = goesOnFromKept();
        const Result<std::string> whole = kept ? wholeBody() : std::string();
        if (!whole) return whole.error();
        auto decoded = m_dialect.decodeRequest(kept ? *whole : m_body, m_path);
        if (!decoded) return decoded.error();
        m_request = std::move(decoded.value());
    }
    return &*m_request;
}

net::Task<void> GenerateExchange::readForRules()
{
    if (m_body.size() < kLargeTranslation && !goesOnFromKept()) co_return;
    co_await net::offload(m_context.pool, m_context.context, [this] { return canonical().ok(); });
}

guardrail::EntitySet GenerateExchange::lookForPersonal() const
{
    if (!goesOnFromKept()) return TargetExchange::lookForPersonal();
    const Result<std::string> whole = wholeBody();
    return whole ? personalIn(*whole) : kMaybePersonal;
}

bool GenerateExchange::isQuickToRead() const
{
    return !goesOnFromKept() && TargetExchange::isQuickToRead();
}

const dialect::Dialect& GenerateExchange::dialectFor(const Attempt& attempt) const
{
    const provider::Kind& kind = *attempt.provider.kind;
    const std::string& model = attempt.target.model;
    // Some models answer one of their provider's dialects only.
    const auto* row = m_runtime->catalogRow(attempt.provider, model);
    if (row && row->mode == catalog::ModelMode::Responses && kind.speaks(DialectId::OpenAiResponses, model))
        return dialect::dialectOf(DialectId::OpenAiResponses);
    if (kind.speaks(m_dialect.id(), model)) return m_dialect;
    return dialect::dialectOf(kind.dialect(model));
}

provider::CallShape GenerateExchange::shapeOf(const Attempt& attempt) const
{
    return {attempt.provider.base.path, m_endpoint.operation, attempt.dialect->id(),
            attempt.target.model,       m_facts.stream,       !attempt.sameDialect || m_path.batch};
}

dialect::BodyEdit GenerateExchange::editFor(const Attempt& attempt) const
{
    dialect::BodyEdit edit;
    if (attempt.dialect->modelInBody()) edit.model = attempt.target.model;
    const std::optional<Quirks>& quirks = attempt.provider.quirks;
    const bool chat =
        m_endpoint.operation == Operation::Chat && attempt.dialect->id() == DialectId::OpenAiChat;
    if (chat && quirks && *quirks != Quirks()) edit.quirks = &*quirks;
    edit.addUsage = m_facts.stream && !m_facts.includeUsage && m_dialect.asksForUsage() &&
                    !(edit.quirks && edit.quirks->noStreamOptions);
    edit.overrideJson = attempt.target.overrideJson;
    provider::BodyRules rules = attempt.provider.kind->bodyRules(shapeOf(attempt));
    edit.serverJson = std::move(rules.addJson);
    edit.remove = std::move(rules.remove);
    // What chooses among targets was for us; OpenAI refuses a body with members that it does not know.
    if (!m_facts.fallbackModels.empty()) edit.remove.emplace_back("models");
    if (m_document.find("cache")) edit.remove.emplace_back("cache"); // LiteLLM's clients mean us
    if (m_document.find("provider") && attempt.provider.catalogKind != "openrouter")
        edit.remove.emplace_back("provider");
    return edit;
}

bool GenerateExchange::asItCame(const Attempt& attempt, const dialect::BodyEdit& edit) const
{
    return attempt.sameDialect && !changesBody(attempt.target) && !edit.addUsage && !edit.changesMembers() &&
           !m_facts.needsEdit && (!m_dialect.modelInBody() || attempt.target.model == m_facts.model) &&
           (!edit.quirks || m_dialect.suits(m_document, *edit.quirks));
}

net::Task<Result<std::string>> GenerateExchange::bodyFor(Attempt& attempt, const dialect::BodyEdit& edit)
{
    if (attempt.sameDialect) {
        if (!changesBody(attempt.target) || m_body.size() < kLargeTranslation)
            co_return editedBody(attempt, edit);
        co_return co_await net::offload(m_context.pool, m_context.context,
                                        [this, &attempt, &edit] { return editedBody(attempt, edit); });
    }
    // What a short request goes on from may be large.
    if (m_body.size() < kLargeTranslation && !goesOnFromKept()) co_return translatedBody(attempt, edit);
    // This exchange waits, so that its own members are the worker's alone; what else it reads never changes.
    co_return co_await net::offload(m_context.pool, m_context.context,
                                    [this, &attempt, &edit] { return translatedBody(attempt, edit); });
}

Result<std::string> GenerateExchange::editedBody(Attempt& attempt, const dialect::BodyEdit& edit)
{
    OwnBody own;
    const bool changes = changesBody(attempt.target);
    auto problem = changes ? makeBodyFor(attempt, m_body, m_document, own) : std::nullopt;
    if (problem) return *std::move(problem);
    auto body = m_dialect.edit(changes ? own.text : m_body, changes ? own.document : m_document, edit);
    if (body && !own.cachePrefix.empty() && m_dialect.id() == DialectId::AnthropicMessages)
        body = dialect::withCacheMarks(body.value(), own.cachePrefix);
    if (auto refused = body ? refusedDrop(attempt) : std::nullopt) return *std::move(refused);
    return body;
}

Result<Request> GenerateExchange::requestFor(Attempt& attempt)
{
    auto request = canonical(); // answers are encoded by it, whatever the target gets
    if (!request) return request.error();
    if (!changesBody(attempt.target)) return *request.value();
    const Result<std::string> whole = wholeBody();
    if (!whole) return whole.error();
    JsonDocument document;
    if (const auto problem = scanJson(*whole, document)) return jsonError(*problem);
    OwnBody own;
    if (auto problem = makeBodyFor(attempt, *whole, document, own)) return *std::move(problem);
    auto decoded = m_dialect.decodeRequest(own.text, m_path);
    if (decoded && !own.cachePrefix.empty() && own.text.size() >= dialect::kLeastCached)
        dialect::markForCache(*decoded, own.cachePrefix);
    return decoded;
}

Result<EmbedRequest> GenerateExchange::embedRequestFor(Attempt& attempt)
{
    const dialect::EmbeddingShape& from = *m_dialect.embedding();
    if (!m_embedRequest) {
        auto decoded = from.decodeRequest(m_body, m_path);
        if (!decoded) return decoded.error();
        m_embedRequest = std::move(decoded.value());
    }
    if (!changesBody(attempt.target)) return *m_embedRequest;
    OwnBody own;
    if (auto problem = makeBodyFor(attempt, m_body, m_document, own)) return *std::move(problem);
    return from.decodeRequest(own.text, m_path);
}

Result<std::string> GenerateExchange::encodedRequest(Attempt& attempt)
{
    auto request = requestFor(attempt);
    if (!request) return request.error();
    Request& copy = *request;
    copy.model = attempt.target.model;
    copy.stream = m_facts.stream;
    if (copy.stream) copy.includeUsage = true;
    // Agents ask for more than some models can give, and their providers refuse that.
    const auto* row = m_runtime->catalogRow(attempt.provider, attempt.target.model);
    if (row && row->maxOutput && copy.maxTokens) copy.maxTokens = std::min(*copy.maxTokens, *row->maxOutput);
    // Anthropic's API has no limit of its own; Codex sends none, and must not be cut off early.
    if (row && row->maxOutput && copy.stream && attempt.dialect->id() == DialectId::AnthropicMessages &&
        !copy.maxTokens)
        copy.maxTokens = row->maxOutput;
    if (m_mended) m_mended->appendTo(copy);
    if (attempt.provider.quirks) copy.quirks = &*attempt.provider.quirks;
    const auto rule = attempt.dialect->toolNameRule();
    attempt.toolNames = rule ? dialect::ToolNames(copy, *rule) : dialect::ToolNames();
    std::string body = attempt.dialect->encodeRequest(copy);
    // A dialect that can ask for them has taken the wish.
    if (copy.wantsImages) dialect::noteDropped(copy.dropped, "modalities");
    attempt.dropped = std::move(copy.dropped);
    return body;
}

Result<std::string> GenerateExchange::encodedEmbedRequest(Attempt& attempt)
{
    const dialect::EmbeddingShape* from = m_dialect.embedding();
    const dialect::EmbeddingShape* to = attempt.dialect->embedding();
    if (!from || !to)
        return gatewayError(Code::InvalidRequest, "`" + attempt.row.provider + "` has no embeddings.");
    auto request = embedRequestFor(attempt);
    if (!request) return request.error();
    EmbedRequest& copy = *request;
    if (!copy.tokensJson.empty() && !to->takesTokens()) {
        Error error = clientError(
            Code::InvalidRequest,
            "`" + attempt.row.provider + "` cannot embed token numbers. Send the input as text.", "input");
        error.retry = Retry::NextTarget;
        return error;
    }
    copy.model = attempt.target.model;
    std::string body = to->encodeRequest(copy);
    attempt.dropped = std::move(copy.dropped);
    return body;
}

Result<std::string> GenerateExchange::translatedBody(Attempt& attempt, const dialect::BodyEdit& edit)
{
    auto body =
        m_endpoint.operation == Operation::Embed ? encodedEmbedRequest(attempt) : encodedRequest(attempt);
    if (!body) return body;
    if (edit.changesMembers() || edit.quirks) {
        JsonDocument document;
        if (scanJson(body.value(), document))
            return gatewayError(Code::Internal, "The translated request is not valid JSON.");
        dialect::BodyEdit members = edit;
        members.addUsage = false;
        auto edited = attempt.dialect->edit(body.value(), document, members);
        if (!edited) return edited;
        body = std::move(edited.value());
    }
    if (auto refused = refusedDrop(attempt)) return *std::move(refused);
    return body;
}

GenerateExchange::Failure GenerateExchange::refusedDrop(const Attempt& attempt) const
{
    if (attempt.dropped.empty() || attempt.target.unsupported != Unsupported::Error) return std::nullopt;
    Error error = clientError(Code::InvalidRequest,
                              "`" + attempt.row.provider + "` cannot do what the request asks for with `" +
                                  joined(attempt.dropped, "`, `") +
                                  "`, and the route refuses that (unsupported: error).",
                              attempt.dropped.front());
    error.retry = Retry::NextTarget;
    return error;
}

GenerateExchange::CallHead GenerateExchange::callHead(const Attempt& attempt, std::string_view body) const
{
    CallHead call{"POST", attempt.provider.kind->path(shapeOf(attempt)), {}, body};
    call.fields.reserve(12);
    call.fields.emplace_back("Content-Type", "application/json");
    call.fields.emplace_back("Content-Length", std::to_string(body.size()));
    call.fields.emplace_back("Accept",
                             m_facts.stream ? attempt.dialect->streamType(false) : "application/json");
    call.fields.emplace_back("Accept-Encoding", "identity"); // the cheapest to scan
    call.fields.emplace_back("User-Agent", "Turnpike");
    return call;
}

net::Task<GenerateExchange::Failure> GenerateExchange::callUpstream(Attempt& attempt)
{
    std::string edited;
    std::string_view body = m_body;
    attempt.dropped.clear();
    dialect::BodyEdit edit = editFor(attempt);
    edit.dropped = &attempt.dropped;
    if (!asItCame(attempt, edit)) {
        auto made = co_await bodyFor(attempt, edit);
        if (!made) co_return made.error();
        if (isOver(attempt)) co_return goneError();
        edited = std::move(made.value());
        body = edited;
    }
    if (Failure unproven = co_await prove(attempt)) co_return unproven;
    upstream::Call call(m_context.upstream, attempt.provider.base.origin,
                        timeoutsOf(attempt, m_facts.stream));
    const CallGuard guard(m_calls, attempt, call);
    std::string head = headFor(attempt, callHead(attempt, body));
    AwayTime::Wait wait(m_away);
    auto reply = co_await call.exchange(head, body);
    wait.end();
    wipe(head);
    attempt.row.connect = call.times().connected;
    if (isOver(attempt)) co_return goneError();
    if (!reply) co_return reply.error();
    noteReply(attempt, *reply.value());
    if (reply.value()->status < 200 || reply.value()->status > 299)
        co_return co_await readRefusal(call, attempt, *reply.value());
    if (m_facts.stream && keepsAnswers()) attempt.recording = std::make_unique<AnswerRecording>();
    if (m_facts.stream) co_return co_await relayStream(call, attempt, *reply.value());
    co_return co_await answerWhole(call, attempt, *reply.value());
}

Result<std::string> GenerateExchange::clientBody(Attempt& attempt, std::string body)
{
    JsonDocument document;
    const auto problem = scanJson(body, document);
    if (problem || document.root != JsonKind::Object ||
        !attempt.dialect->isAnswer(document, m_endpoint.operation)) {
        const auto read = problem ? dialect::Dialect::ProviderError{} : attempt.dialect->readError(body);
        return upstreamError(Code::UpstreamInvalidResponse, Retry::NextTarget,
                             attempt.row.provider + " answered with something that is no completion" +
                                 (read.message.empty()
                                      ? std::string(". Check the provider's base_url.")
                                      : ": " + withoutSecrets(read.message, secretsOf(attempt))));
    }
    if (m_endpoint.operation == Operation::CountTokens) return body;
    const Usage usage = attempt.dialect->readUsage(document);
    m_silent = !usage.known;
    settleOrEstimate(attempt, usage, body.size());
    if (m_endpoint.operation == Operation::Chat && hasFallback(attempt.target, "content_refused")) {
        const auto completion = attempt.dialect->decodeCompletion(body);
        if (completion && (completion->refused || completion->finish == Finish::ContentFilter)) {
            m_unusedNanos = m_row.costNanos; // it has its price all the same
            return refusedContent(attempt.row.provider);
        }
    }
    if (attempt.sameDialect) return guardedAnswer(std::move(body));
    auto answer = translatedAnswer(
        {*attempt.dialect, attempt.toolNames, attempt.row.provider, attempt.target.model}, body);
    return answer ? guardedAnswer(std::move(answer.value())) : answer;
}

Result<std::string> GenerateExchange::translatedAnswer(const AnswerSource& from, std::string_view body) const
{
    if (m_endpoint.operation == Operation::Embed) {
        auto answer = from.dialect.embedding()->decodeAnswer(body);
        if (!answer) return answer.error();
        // Clients pair vectors with inputs by their place: one too few would shift all behind it.
        const std::size_t wanted = m_embedRequest->texts.size();
        if (wanted != 0 && answer->vectors.size() != wanted)
            return upstreamError(Code::UpstreamInvalidResponse, Retry::NextTarget,
                                 std::string(from.provider) + " answered " + std::to_string(wanted) +
                                     " inputs with " + std::to_string(answer->vectors.size()) +
                                     " embeddings.");
        answer->model = std::string(from.model);
        return m_dialect.embedding()->encodeAnswer(answer.value(), *m_embedRequest);
    }
    auto completion = from.dialect.decodeCompletion(body);
    if (!completion) return completion.error();
    from.toolNames.restore(completion.value());
    for (Part& part : completion->parts) {
        const auto* image = std::get_if<ImagePart>(&part);
        if (image && !m_dialect.answersWith(*image)) part = TextPart{dialect::imageInWords(*image), {}};
    }
    return m_dialect.encodeCompletion(completion.value(), completionContext(std::string(from.model)));
}

net::Task<GenerateExchange::Failure> GenerateExchange::answerWhole(upstream::Call& call, Attempt& attempt,
                                                                   const upstream::ReplyHead&)
{
    AwayTime::Wait wait(m_away);
    auto received = co_await call.receiveAll(kMaxAnswer);
    wait.end();
    if (!received) co_return received.error();
    attempt.received = true;
    if (!claim(attempt)) co_return goneError();
    attempt.row.firstByte = micros() - attempt.row.startedAfter;
    m_row.firstToken = micros();
    Result<std::string> body = std::string();
    std::string reply = keepsAnswers() ? received.value() : std::string();
    const bool decodes =
        !attempt.sameDialect || hasFallback(attempt.target, "content_refused") || guardsAnswers();
    if (!decodes || received.value().size() < kLargeTranslation)
        body = clientBody(attempt, std::move(received.value()));
    else
        body = co_await net::offload(m_context.pool, m_context.context, [this, &attempt, &received] {
            return clientBody(attempt, std::move(received.value()));
        });
    if (!body) co_return body.error();
    if (Failure refused = co_await askAboutAnswer(body.value())) co_return refused;
    if (m_silent) co_await countWhole(attempt, body.value());
    if (attempt.provider.state) attempt.provider.state->failuresInARow.store(0, std::memory_order_relaxed);
    attempt.row.total = micros() - attempt.row.startedAfter;
    if (keepsAnswers()) co_await keepAnswer(attempt, std::move(reply), {});
    note(attempt);
    listener::Answer answer;
    answer.body = std::move(body.value());
    settleLimits(); // so that the head tells what is left after it
    answer.headers = answerHeaders(true);
    m_answerBody = m_runtime->config->server.logBodies == LogBodies::All ? answer.body : std::string();
    recordWithAnswer(200, nullptr);
    co_await m_responder->send(answer);
    co_return std::nullopt;
}

} // namespace gateway::pipeline
