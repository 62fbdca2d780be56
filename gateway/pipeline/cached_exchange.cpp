// SPDX-License-Identifier: GPL-3.0-or-later
// Answers that were given before: found by what is asked, given whole or as a stream, in any dialect.
#include <algorithm>
#include <array>
#include <utility>

#include <boost/asio/post.hpp>

#include "base/json_cursor.h"
#include "base/strings.h"
#include "base/wall_clock.h"
#include "cache/canonical_json.h"
#include "dialect/completion_events.h"
#include "dialect/content_text.h"
#include "net/offload.h"
#include "pipeline/cache_question.h"
#include "pipeline/generate_exchange.h"
#include "pipeline/ledger.h"
#include "pipeline/request_situation.h"

namespace gateway::pipeline {

namespace {

constexpr std::int64_t kUsualSeconds = 3600; // where neither route nor request says it
constexpr std::size_t kLongQuestion = std::size_t{16} << 10;
constexpr std::size_t kShownPrompt = 300;

std::string_view bytesOf(const Sha256& digest)
{
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

/// Everything the provider's stream said, as events.
std::vector<Event> eventsIn(const dialect::Dialect& from, std::string_view bytes)
{
    std::vector<Event> events;
    const auto decoder = from.eventDecoder();
    FrameScanner scanner(from.framing());
    const auto take = [&](const SseEvent& event) {
        decoder->read(event, events);
        return true;
    };
    if (scanner.feed(bytes, take)) scanner.finish(take);
    decoder->close(events);
    return events;
}

Result<Completion> completionIn(const cache::CachedAnswer& answer)
{
    const dialect::Dialect& from = dialect::dialectOf(answer.dialect);
    if (!answer.isStream) return from.decodeCompletion(answer.reply);
    const std::vector<Event> events = eventsIn(from, answer.reply);
    for (const Event& each : events) {
        if (const auto* failed = std::get_if<Failed>(&each)) return failed->error;
    }
    return dialect::completionOf(events);
}

/// Nothing that was cut short, refused, or has to be gone on with.
bool isGood(const Completion& completion)
{
    constexpr std::array kGood{Finish::Stop, Finish::ToolCalls, Finish::StopSequence};
    return !completion.refused && !completion.parts.empty() &&
           std::find(kGood.begin(), kGood.end(), completion.finish) != kGood.end();
}

} // namespace

bool GenerateExchange::isNeverKept(const CacheConfig& config) const
{
    const auto is = [&](const char* word) { return contains(config.never, word); };
    if (is("tools") && m_facts.hasTools) return true;
    if (is("images") && m_facts.hasImages) return true;
    if (!is("temperature")) return false;
    const JsonMember* plain = m_document.find("temperature");
    const JsonMember* rules = m_document.find("generationConfig"); // Gemini's
    const std::string_view value =
        plain ? plain->value : memberValue(rules ? rules->value : std::string_view(), "temperature");
    return value.find_first_of("123456789") != std::string_view::npos;
}

bool GenerateExchange::beginCache()
{
    const bool isKind = m_endpoint.operation == Operation::Chat || m_endpoint.operation == Operation::Embed;
    if (!isKind || m_apart || m_forGuardrail || m_facts.isEmpty || !m_fileHolder.empty()) return false;
    CacheTurn turn;
    turn.wishes = readCacheWishes(m_head);
    if (const JsonMember* own = m_document.find("cache")) addBodyWishes(own->value, turn.wishes);
    if (!m_wishes.config.empty()) addConfigWishes(m_wishes.config, turn.wishes);
    const RouteConfig* route =
        m_plan.route.empty() ? nullptr : m_runtime->config->findRoute(m_plan.route.text);
    turn.config = route && route->cache ? &*route->cache : nullptr;
    const bool isOn = turn.wishes.isAsked || turn.wishes.isOnly || (turn.config && turn.config->exact);
    if (!isOn || turn.wishes.isOff()) return false;
    // What is gone on from or kept at the provider is more than the body says.
    if (m_turn && (goesOnFromKept() || m_document.find("conversation") || m_document.find("background")))
        return false;
    if (turn.config && isNeverKept(*turn.config)) return false;
    turn.ttlSeconds =
        turn.wishes.ttlSeconds.value_or(turn.config ? std::int64_t{turn.config->ttlSeconds} : kUsualSeconds);
    turn.scope = cacheScope(turn);
    std::string text = turn.scope;
    text.append(dialectName(m_dialect.id())).append(1, '\0').append(m_endpoint.rest).append(1, '\0');
    text.append(m_facts.stream ? "s" : "w").append(m_facts.jsonArray ? "a" : "e");
    text.append(m_path.batch ? "b" : "o").append(bytesOf(sha256(m_body)));
    turn.raw = sha256(text);
    m_cacheTurn = std::move(turn);
    return true;
}

/// Whoever differs in any of this must not get the other's answer.
std::string GenerateExchange::cacheScope(const CacheTurn& turn) const
{
    const bool isShared = turn.config && turn.config->scope == "shared";
    std::string text = "1";
    const auto add = [&text](std::string_view part) { text.append(1, '\0').append(part); };
    add(isShared ? std::string_view() : std::string_view(m_row.key));
    add(turn.wishes.space);
    add(m_endpoint.operation == Operation::Embed ? "embed" : "chat");
    add(m_plan.route.text);
    add(m_facts.model);
    add(m_wishes.config);
    add(m_wishes.route);
    add(m_head.field("anthropic-beta"));
    add(m_head.field("x-turnpike-data-policy"));
    const RouteRuntime* route = m_plan.route.empty() ? nullptr : m_runtime->findRoute(m_plan.route.text);
    if (route) add(bytesOf(route->cacheMark));
    const bool isPreset = m_facts.model.starts_with("preset/");
    if (isPreset) add(bytesOf(m_runtime->presetsMark));
    const RouteConfig* config = route ? m_runtime->config->findRoute(m_plan.route.text) : nullptr;
    if (isPreset || (config && config->decorate)) {
        // Added texts may name these.
        add(m_row.metadataJson);
        add(m_row.key);
        add(m_row.client);
    }
    // A rule of a route may look at these, and lead elsewhere.
    if (m_runtime->readsHead) add(fieldsWithSay());
    add({});
    return text;
}

Sha256 GenerateExchange::cacheKey() const
{
    const CacheTurn& turn = *m_cacheTurn;
    std::string text = turn.scope;
    if (!turn.wishes.key.empty())
        text.append("key:").append(turn.wishes.key);
    else
        text.append(questionText(m_dialect, m_path, m_body));
    return sha256(text);
}

net::Task<std::shared_ptr<const cache::CachedAnswer>> GenerateExchange::findCached(const Sha256& key)
{
    AnswerCache& kept = m_context.shared.cache;
    auto found = kept.table.find(key, nowSeconds(), m_cacheTurn->wishes.maxAge);
    if (found.answer || !found.isKnown) co_return found.answer;
    auto read = co_await net::offload(m_context.pool, m_context.context, [&kept, key] {
        cache::AnswerDisk* const disk = kept.disk.load();
        auto answer = disk ? disk->read(key) : nullptr;
        if (answer)
            kept.table.warm(answer);
        else
            kept.table.forget(key);
        return answer;
    });
    co_return read;
}

net::Task<Result<bool>> GenerateExchange::answerFromCache()
{
    CacheTurn& turn = *m_cacheTurn;
    AnswerCache& kept = m_context.shared.cache;
    const auto alias = kept.table.aliasOf(turn.raw);
    if (alias) {
        turn.key = alias->key;
    } else {
        if (m_body.size() < kLongQuestion)
            turn.key = cacheKey();
        else
            turn.key =
                co_await net::offload(m_context.pool, m_context.context, [this] { return cacheKey(); });
        kept.table.noteAlias(turn.raw, {turn.key, nullptr});
    }
    if (m_cancelled) co_return goneError();
    m_row.cache = "miss";
    std::shared_ptr<const cache::CachedAnswer> answer;
    if (turn.wishes.mayRead) answer = co_await findCached(turn.key);
    if (m_cancelled) co_return goneError();
    if (answer) {
        if (Failure refused = co_await admit()) co_return *std::move(refused);
        std::shared_ptr<const cache::ReadyAnswer> ready;
        if (alias) ready = alias->ready; // GCC 12 would free what `?:` gives to a coroutine twice
        Failure failed = co_await giveCached(answer, ready);
        if (failed) co_return *std::move(failed);
        co_return true;
    }
    kept.misses.fetch_add(1, std::memory_order_relaxed);
    if (turn.wishes.isOnly)
        co_return gatewayError(
            Code::NotCached,
            "No answer to this is kept, and the request wants none from a provider "
            "(`x-turnpike-cache: only` or `cache-control: only-if-cached`). Leave that out.");
    co_return false;
}

net::Task<GenerateExchange::Failure>
GenerateExchange::giveCached(std::shared_ptr<const cache::CachedAnswer> answer,
                             std::shared_ptr<const cache::ReadyAnswer> ready)
{
    AnswerCache& kept = m_context.shared.cache;
    m_readsAlong = true;
    m_row.cache = "hit";
    m_row.provider = answer->provider;
    m_row.model = answer->model;
    noteUse(m_row, answer->usage, {Money(), CostSource::Computed});
    m_row.savedNanos = answer->costNanos;
    const bool isPaced = m_cacheTurn->config && m_cacheTurn->config->replay == "recorded" && m_facts.stream;
    const bool isReady = ready && !guardsAnswers() && !m_turn && !isPaced && ready->of.lock() == answer;
    Failure failed;
    if (isReady)
        co_await giveReady(*answer, ready->bytes(*answer));
    else if (m_facts.stream)
        failed = co_await giveStream(answer);
    else
        failed = co_await giveWhole(answer);
    if (failed) co_return failed;
    kept.hits.fetch_add(1, std::memory_order_relaxed);
    kept.savedNanos.fetch_add(answer->costNanos, std::memory_order_relaxed);
    kept.savedMicros.fetch_add(std::max<std::int64_t>(0, answer->tookMicros - m_row.total),
                               std::memory_order_relaxed);
    kept.table.noteHit(answer->key, nowSeconds());
    if (cache::AnswerDisk* const disk = kept.disk.load())
        boost::asio::post(m_context.pool,
                          [disk, answer] { disk->noteHit(answer->key, nowSeconds(), answer->costNanos); });
    co_return std::nullopt;
}

listener::Answer GenerateExchange::cachedHead(const cache::CachedAnswer& answer) const
{
    listener::Answer head;
    head.headers = answerHeaders(true);
    head.headers.emplace_back("x-turnpike-saved-usd", Money::fromNanos(answer.costNanos).toString());
    head.headers.emplace_back("age", std::to_string(std::max<std::int64_t>(0, nowSeconds() - answer.madeAt)));
    if (m_facts.stream) head.contentType = m_dialect.streamType(m_facts.jsonArray);
    return head;
}

net::Task<void> GenerateExchange::giveReady(const cache::CachedAnswer& answer, const std::string& bytes)
{
    m_row.firstToken = micros();
    settleLimits(); // so that the head tells what is left after it
    listener::Answer head = cachedHead(answer);
    if (m_facts.stream) {
        record(200, nullptr);
        const bool sent = co_await m_responder->begin(head, bytes);
        if (sent) co_await m_responder->finish({});
        co_return;
    }
    head.body = bytes;
    m_answerBody = m_runtime->config->server.logBodies == LogBodies::All ? bytes : std::string();
    recordWithAnswer(200, nullptr);
    co_await m_responder->send(head);
}

/// The next one that asks in the same words gets these bytes.
void GenerateExchange::noteReady(const std::shared_ptr<const cache::CachedAnswer>& answer,
                                 const std::string& bytes)
{
    if (guardsAnswers() || m_turn) return;
    auto ready = std::make_shared<cache::ReadyAnswer>();
    ready->of = answer;
    ready->isOwn = bytes != answer->reply;
    if (ready->isOwn) ready->own = bytes;
    m_context.shared.cache.table.noteAlias(m_cacheTurn->raw, {m_cacheTurn->key, std::move(ready)});
}

dialect::ToolNames GenerateExchange::toolNamesOf(const dialect::Dialect& dialect)
{
    const auto rule = dialect.toolNameRule();
    const auto request = m_facts.hasTools && rule ? canonical() : Result<const Request*>(nullptr);
    if (!request || !request.value()) return {};
    Request copy = *request.value();
    return dialect::ToolNames(copy, *rule);
}

/// As the client is to have it, but for what guardrails make of it.
Result<std::string> GenerateExchange::cachedBody(const cache::CachedAnswer& answer)
{
    const dialect::Dialect& from = dialect::dialectOf(answer.dialect);
    const bool same = answer.dialect == m_dialect.id();
    if (same && !answer.isStream) return answer.reply;
    if (m_endpoint.operation == Operation::Embed) {
        if (!m_embedRequest) {
            auto read = m_dialect.embedding()->decodeRequest(m_body, m_path);
            if (!read) return read.error();
            m_embedRequest = std::move(read.value());
        }
        return translatedAnswer({from, {}, answer.provider, answer.model}, answer.reply);
    }
    std::ignore = canonical(); // answers repeat some of it
    const dialect::ToolNames names = toolNamesOf(from);
    if (!answer.isStream) return translatedAnswer({from, names, answer.provider, answer.model}, answer.reply);
    auto completion = completionIn(answer);
    if (!completion) return completion.error();
    names.restore(completion.value());
    return m_dialect.encodeCompletion(completion.value(), completionContext(answer.model));
}

net::Task<GenerateExchange::Failure>
GenerateExchange::giveWhole(const std::shared_ptr<const cache::CachedAnswer>& answer)
{
    std::string plain;
    Result<std::string> body = co_await net::offload(m_context.pool, m_context.context, [&] {
        auto made = cachedBody(*answer);
        if (made) plain = *made;
        return made ? guardedAnswer(std::move(made.value())) : made;
    });
    if (m_cancelled) co_return goneError();
    if (!body) co_return body.error();
    if (Failure refused = co_await askAboutAnswer(body.value())) co_return refused;
    noteReady(answer, plain);
    co_await giveReady(*answer, body.value());
    co_return std::nullopt;
}

/// A kept whole answer as a stream in the client's dialect.
Result<std::string> GenerateExchange::cachedStream(const cache::CachedAnswer& answer)
{
    std::ignore = canonical();
    auto completion = completionIn(answer);
    if (!completion) return completion.error();
    toolNamesOf(dialect::dialectOf(answer.dialect)).restore(completion.value());
    dialect::CompletionContext context = completionContext(answer.model);
    context.includeUsage = true; // whoever did not ask for it does not get it further on
    context.jsonArray = false;
    const auto encoder = m_dialect.eventEncoder(context, nullptr);
    std::string bytes;
    for (const Event& each : dialect::eventsOf(completion.value()))
        encoder->write(each, bytes);
    return bytes;
}

/// False: the client has left.
net::Task<bool> GenerateExchange::feedCached(const cache::CachedAnswer& answer, std::string_view bytes,
                                             StreamPass& pass, const dialect::Dialect& from, std::string& out)
{
    FrameScanner scanner(from.framing());
    const auto take = [&](const SseEvent& event) {
        pass.take(event, out);
        return !pass.ended() && !pass.failure();
    };
    const bool isPaced = m_cacheTurn->config && m_cacheTurn->config->replay == "recorded";
    std::vector<cache::CachedAnswer::Step> steps;
    if (isPaced && answer.isStream) steps = answer.steps;
    if (steps.empty()) steps.push_back({0, static_cast<std::uint32_t>(bytes.size())});
    for (const auto& step : steps) {
        if (step.afterMs > 0) {
            const bool goesOn = co_await pause(milliseconds(step.afterMs));
            if (!goesOn) co_return false;
        }
        if (pass.ended() || pass.failure()) break;
        std::ignore = scanner.feed(bytes.substr(0, step.bytes), take);
        bytes.remove_prefix(std::min<std::size_t>(step.bytes, bytes.size()));
        if (!isPaced || out.empty() || !pass.committed()) continue;
        bool isTaken = false;
        if (m_begun) {
            isTaken = co_await m_responder->write(out);
        } else {
            m_begun = true;
            m_row.firstToken = micros();
            const listener::Answer head = cachedHead(answer);
            isTaken = co_await m_responder->begin(head, out);
        }
        if (!isTaken) co_return false;
        out.clear();
    }
    if (!pass.ended() && !pass.failure()) {
        scanner.finish(take);
        pass.close(out);
    }
    co_return true;
}

net::Task<GenerateExchange::Failure>
GenerateExchange::giveStream(const std::shared_ptr<const cache::CachedAnswer>& answer)
{
    std::string made;
    if (!answer->isStream) {
        auto stream =
            co_await net::offload(m_context.pool, m_context.context, [&] { return cachedStream(*answer); });
        if (m_cancelled) co_return goneError();
        if (!stream) co_return stream.error();
        made = std::move(stream.value());
    }
    const dialect::Dialect& from = answer->isStream ? dialect::dialectOf(answer->dialect) : m_dialect;
    const bool same = from.id() == m_dialect.id();
    if (!same) std::ignore = canonical();
    const dialect::ToolNames names = same ? dialect::ToolNames() : toolNamesOf(from);
    const auto pass = passFrom({from, names, answer->provider, answer->model}, same,
                               [](const Usage&) { return std::optional(Money()); });
    std::string out;
    const std::string_view bytes = answer->isStream ? answer->reply : made;
    const bool isThere = co_await feedCached(*answer, bytes, *pass, from, out);
    if (!isThere || m_cancelled) co_return goneError();
    if (pass->waits()) {
        auto asks = pass->asks();
        co_await askFor(std::move(asks), true);
        if (m_cancelled) co_return goneError();
        pass->goOn(out);
    }
    const Failure failure = pass->failure();
    if (failure && !m_begun && !pass->committed()) co_return failure;
    if (failure) pass->fail(*failure, out);
    if (!m_begun) {
        if (!failure) noteReady(answer, out);
        co_await giveReady(*answer, out);
        co_return std::nullopt;
    }
    record(200, failure ? &*failure : nullptr);
    co_await m_responder->finish(out);
    co_return std::nullopt;
}

net::Task<void> GenerateExchange::keepStream(const Attempt& attempt)
{
    if (!keepsAnswers() || !attempt.recording || attempt.recording->isTooLong()) co_return;
    co_await keepAnswer(attempt, attempt.recording->takeBytes(), attempt.recording->takeSteps());
}

net::Task<void> GenerateExchange::keepAnswer(const Attempt& attempt, std::string reply,
                                             std::vector<cache::CachedAnswer::Step> steps)
{
    if (reply.size() > AnswerRecording::kMost || !attempt.dialect) co_return;
    auto answer = std::make_shared<cache::CachedAnswer>();
    answer->key = m_cacheTurn->key;
    answer->dialect = attempt.dialect->id();
    answer->isStream = m_facts.stream;
    answer->reply = std::move(reply);
    answer->steps = std::move(steps);
    const bool isShared = m_cacheTurn->config && m_cacheTurn->config->scope == "shared";
    answer->owner = isShared ? std::string() : m_row.key;
    answer->route = m_plan.route.text;
    answer->asked = m_row.requestedModel;
    answer->provider = attempt.row.provider;
    answer->model = attempt.target.model;
    answer->usage = m_settled;
    answer->costNanos = priced(attempt, m_settled).value_or(Money()).nanos();
    answer->tookMicros = micros();
    answer->madeAt = nowSeconds();
    answer->expiresAt = answer->madeAt + m_cacheTurn->ttlSeconds;
    AnswerCache& kept = m_context.shared.cache;
    std::vector<Sha256> gone;
    // Before the client has all of it: whoever asks the same from now on finds it.
    const bool isKept = co_await net::offload(m_context.pool, m_context.context, [&] {
        if (m_endpoint.operation == Operation::Chat) {
            const auto completion = completionIn(*answer);
            if (!completion || !isGood(completion.value())) return false;
            const auto request = canonical();
            if (request) answer->prompt = shortened(lastUserText(*request.value()), kShownPrompt);
        }
        gone = kept.table.keep(answer);
        return true;
    });
    if (!isKept) co_return;
    constexpr std::uint64_t kSweepEvery = 256;
    const bool isSweep = kept.kept.fetch_add(1, std::memory_order_relaxed) % kSweepEvery == 0;
    boost::asio::post(m_context.pool, [&kept, answer, isSweep, gone = std::move(gone)]() mutable {
        const auto over = isSweep ? kept.table.takeExpired(nowSeconds()) : std::vector<Sha256>();
        gone.insert(gone.end(), over.begin(), over.end());
        cache::AnswerDisk* const disk = kept.disk.load();
        if (!disk) return;
        disk->write(*answer);
        // Purged while it waited here: it must not come back with the next start.
        if (!kept.table.noteOf(answer->key)) gone.push_back(answer->key);
        disk->remove(gone);
    });
}

std::string wordsOf(const cache::CachedAnswer& answer)
{
    const auto completion = completionIn(answer);
    std::string words;
    if (completion) {
        words = dialect::joinedText(completion.value().parts);
        for (const Part& part : completion.value().parts) {
            const auto* call = std::get_if<ToolCallPart>(&part);
            if (!call) continue;
            if (!words.empty()) words += "\n\n";
            words += call->name + '(' + call->argumentsJson + ')';
        }
    }
    return words.empty() ? answer.reply : words;
}

} // namespace gateway::pipeline
