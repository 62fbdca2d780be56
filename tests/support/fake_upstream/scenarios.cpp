// SPDX-License-Identifier: GPL-3.0-or-later
#include "scenarios.h"

#include <algorithm>

#include "modal_answers.h"
#include "text.h"
#include "wire.h"

namespace fake {

static Script only(std::string bytes)
{
    Script script;
    script.write(std::move(bytes));
    return script;
}

static Script status(const Call& call)
{
    auto code = static_cast<unsigned>(std::clamp<uint64_t>(call.ask.number(0, 500), 200, 999));
    std::string message = "The fake upstream answers " + std::to_string(code) + ".";
    std::string fields;
    if (call.ask.arguments.size() > 1) fields = "retry-after: " + call.ask.arguments[1] + "\r\n";
    return only(whole(call.ask, code, "application/json", errorBody(call.ask, code, message), fields));
}

static Script quota(const Call& call)
{
    return only(whole(call.ask, 429, "application/json",
                      R"({"error":{"message":"You exceeded your current quota.","type":"insufficient_quota",)"
                      R"("param":null,"code":"insufficient_quota"}})"));
}

static Script tooLong(const Call& call)
{
    return only(whole(call.ask, 400, "application/json",
                      errorBody(call.ask, 400, "This model's maximum context length is 10 tokens.")));
}

static Script refusedPrompt(const Call& call)
{
    return only(whole(call.ask, 400, "application/json",
                      R"({"error":{"message":"The prompt triggered the content management policy.",)"
                      R"("type":"invalid_request_error","param":"prompt","code":"content_filter"}})"));
}

static Script html(const Call& call)
{
    auto code = static_cast<unsigned>(call.ask.number(0, 502));
    return only(whole(call.ask, code, "text/html",
                      "<html><head><title>Gateway</title></head><body><h1>It is down</h1></body></html>\n"));
}

static Script empty(const Call& call)
{
    return only(whole(call.ask, static_cast<unsigned>(call.ask.number(0, 500)), "application/json", ""));
}

static Script flaky(const Call& call)
{
    static constexpr size_t kMostNames = 10'000;
    if (call.memory.failures.size() > kMostNames) call.memory.failures.clear();
    uint64_t& failed = call.memory.failures[call.ask.model];
    if (failed >= call.ask.number(0, 1)) return answerScript(call.ask, usualAnswer(call.ask));
    ++failed;
    return only(errorAnswer(call.ask, static_cast<unsigned>(call.ask.number(1, 503))));
}

static Script slowHead(const Call& call)
{
    Script script;
    script.wait(call.ask.number(0, 1000));
    for (Step& step : answerScript(call.ask, usualAnswer(call.ask)).steps)
        script.steps.push_back(std::move(step));
    return script;
}

static Script resetNow(const Call&)
{
    Script script;
    script.reset();
    return script;
}

static Script closeNow(const Call&)
{
    Script script;
    script.finish();
    return script;
}

static Script silent(const Call&)
{
    Script script;
    script.hang();
    return script;
}

static Script cutHead(const Call&)
{
    Script script;
    script.write("HTTP/1.1 200 OK\r\ncontent-type: applica").finish();
    return script;
}

static Script cutBody(const Call& call)
{
    std::string body = plainBody(call.ask, usualAnswer(call.ask));
    Script script;
    script.write(head(call.ask, 200, "application/json", lengthField(body.size())) +
                 body.substr(0, body.size() / 2));
    script.finish();
    return script;
}

static Script badChunk(const Call& call)
{
    Script script;
    script.write(head(call.ask, 200, call.ask.stream ? "text/event-stream" : "application/json",
                      "transfer-encoding: chunked\r\n") +
                 "zz\r\n{}\r\n0\r\n\r\n");
    script.finish();
    return script;
}

static Script badLength(const Call& call)
{
    std::string body = plainBody(call.ask, usualAnswer(call.ask));
    return only(
        head(call.ask, 200, "application/json", lengthField(body.size()) + lengthField(body.size() + 7)) +
        body);
}

static Script lengthAndChunked(const Call& call)
{
    std::string body = plainBody(call.ask, usualAnswer(call.ask));
    return only(
        head(call.ask, 200, "application/json", lengthField(body.size()) + "transfer-encoding: chunked\r\n") +
        chunk(body) + std::string(kLastChunk));
}

static Script garbage(const Call&)
{
    Script script;
    script.write(std::string("\x00\x01\xff\xfe this is not HTTP\n\n", 22)).finish();
    return script;
}

static Script notJson(const Call& call)
{
    return only(whole(call.ask, 200, "text/plain", "This is a sentence, not JSON."));
}

static Script wrongShape(const Call& call)
{
    if (!call.ask.stream)
        return only(whole(call.ask, 200, "application/json", R"({"answer":42,"list":[1,2]})"));
    std::vector<StreamEvent> events = {{EventRole::Content, {}, R"({"answer":42})"},
                                       {EventRole::Content, {}, R"([1,2,3])"}};
    return streamScript(call.ask, events, {});
}

static Script redirect(const Call& call)
{
    return only(whole(call.ask, static_cast<unsigned>(call.ask.number(0, 302)), "text/plain", "elsewhere",
                      "location: /elsewhere\r\n"));
}

static Script codedPlain(const Call& call, std::string_view coding, std::string (*encode)(std::string_view))
{
    std::string body;
    bool stream = call.ask.stream;
    if (stream) {
        for (const StreamEvent& event : streamEvents(call.ask, usualAnswer(call.ask)))
            body += eventText(call.ask, event, "\n");
    } else {
        body = plainBody(call.ask, usualAnswer(call.ask));
    }
    std::string field = "content-encoding: " + std::string(coding) + "\r\n";
    return only(
        whole(call.ask, 200, stream ? streamType(call.ask) : "application/json", encode(body), field));
}

static Script gzip(const Call& call)
{
    return codedPlain(call, "gzip", gzipped);
}

static Script gzipMembers(const Call& call)
{
    return codedPlain(call, "gzip", [](std::string_view text) {
        return gzipped(text.substr(0, text.size() / 2)) + gzipped(text.substr(text.size() / 2));
    });
}

static Script brotli(const Call& call)
{
    return codedPlain(call, "br", brotliStored);
}

static Script badGzip(const Call& call)
{
    return codedPlain(call, "gzip",
                      [](std::string_view text) { return gzipped(text).replace(12, 8, "\xff\xff\xff\xff"); });
}

static Script bomb(const Call& call)
{
    const GzipBomb& zeros = gzipBomb();
    Script script;
    script.write(head(call.ask, 200, call.ask.stream ? "text/event-stream" : "application/json",
                      "content-encoding: gzip\r\ntransfer-encoding: chunked\r\n") +
                 chunk(zeros.head));
    script.write(chunk(zeros.block), zeros.repeat);
    script.write(chunk(zeros.tail) + std::string(kLastChunk));
    return script;
}

static Script bigHeader(const Call& call)
{
    size_t size = std::min<uint64_t>(call.ask.number(0, 70'000), 16'000'000);
    std::string field = "x-filler: " + std::string(size, 'f') + "\r\n";
    return only(whole(call.ask, 200, "application/json", plainBody(call.ask, usualAnswer(call.ask)), field));
}

static Script manyHeaders(const Call& call)
{
    std::string fields;
    uint64_t count = std::min<uint64_t>(call.ask.number(0, 500), 100'000);
    for (uint64_t i = 0; i < count; ++i)
        fields += "x-field-" + std::to_string(i) + ": 1\r\n";
    return only(whole(call.ask, 200, "application/json", plainBody(call.ask, usualAnswer(call.ask)), fields));
}

static Script interim(const Call& call)
{
    Script script;
    script.write("HTTP/1.1 103 Early Hints\r\nlink: </style.css>; rel=preload\r\n\r\n",
                 std::min<uint64_t>(call.ask.number(0, 1), 100'000));
    for (Step& step : answerScript(call.ask, usualAnswer(call.ask)).steps)
        script.steps.push_back(std::move(step));
    return script;
}

static Script switching(const Call&)
{
    Script script;
    script.write("HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n\r\n")
        .hang();
    return script;
}

static Script statusLine(const Call& call)
{
    std::string line;
    for (const std::string& part : call.ask.arguments)
        line += (line.empty() ? "" : ":") + part;
    // A model's name can hold no space, so an underscore stands for it.
    std::replace(line.begin(), line.end(), '_', ' ');
    std::string body = plainBody(call.ask, usualAnswer(call.ask));
    return only(line + "\r\ncontent-type: application/json\r\n" + lengthField(body.size()) + "\r\n" + body);
}

static Script echoKey(const Call& call)
{
    std::string message = "You sent the key";
    for (const char* name : {"authorization", "x-api-key", "x-goog-api-key"}) {
        std::string_view value = call.http.header(name);
        if (!value.empty()) message.append(" ").append(value);
    }
    auto code = static_cast<unsigned>(call.ask.number(0, 400));
    return only(whole(call.ask, code, "application/json", errorBody(call.ask, code, message)));
}

static Script binary(const Call& call)
{
    const size_t size = std::min<uint64_t>(call.ask.number(0, 100'000), 100'000'000);
    return only(whole(call.ask, 200, "application/octet-stream", countedBytes(size)));
}

static Script cutBinary(const Call& call)
{
    const size_t size = std::min<uint64_t>(call.ask.number(0, 100'000), 100'000'000);
    Script script;
    script.write(head(call.ask, 200, "audio/mpeg", lengthField(size)) + countedBytes(size / 2));
    script.finish();
    return script;
}

static Script closeAfter(const Call& call)
{
    Script script = answerScript(call.ask, usualAnswer(call.ask));
    script.wait(call.ask.number(0, 0)).finish();
    return script;
}

static Script stale(const Call& call)
{
    if (call.earlierOnConnection == 0) return answerScript(call.ask, usualAnswer(call.ask));
    return closeNow(call);
}

static Script staleReset(const Call& call)
{
    if (call.earlierOnConnection == 0) return answerScript(call.ask, usualAnswer(call.ask));
    return resetNow(call);
}

const std::unordered_map<std::string_view, Scenario>& plainScenarios()
{
    static const std::unordered_map<std::string_view, Scenario> table = {
        {"status", status},
        {"too-long", tooLong},
        {"refused-prompt", refusedPrompt},
        {"quota", quota},
        {"html", html},
        {"empty", empty},
        {"flaky", flaky},
        {"slow-head", slowHead},
        {"reset", resetNow},
        {"close", closeNow},
        {"silent", silent},
        {"cut-head", cutHead},
        {"cut-body", cutBody},
        {"bad-chunk", badChunk},
        {"bad-length", badLength},
        {"cl-and-te", lengthAndChunked},
        {"garbage", garbage},
        {"not-json", notJson},
        {"wrong-shape", wrongShape},
        {"redirect", redirect},
        {"gzip", gzip},
        {"gzip-members", gzipMembers},
        {"br", brotli},
        {"bad-gzip", badGzip},
        {"gzip-bomb", bomb},
        {"big-header", bigHeader},
        {"many-headers", manyHeaders},
        {"interim", interim},
        {"informational-switch", switching},
        {"status-line", statusLine},
        {"echo-key", echoKey},
        {"binary", binary},
        {"cut-binary", cutBinary},
        {"close-after", closeAfter},
        {"stale", stale},
        {"stale-reset", staleReset},
    };
    return table;
}

static bool isRefused(const HttpRequest& http)
{
    std::string_view bearer = http.header("authorization");
    if (bearer.starts_with("Bearer ")) bearer.remove_prefix(7);
    for (std::string_view key : {bearer, http.header("x-api-key"), http.header("x-goog-api-key")}) {
        if (key.starts_with("sk-bad")) return true;
    }
    return false;
}

static Script usual(const Call& call)
{
    if (isRefused(call.http)) return only(errorAnswer(call.ask, 401));
    const DialectWords& words = wordsOf(call.ask);
    auto json = [&](const std::string& body) { return only(whole(call.ask, 200, "application/json", body)); };
    switch (call.ask.path) {
    case Path::Completion:
        return answerScript(call.ask, usualAnswer(call.ask));
    case Path::Models:
        return json(words.models());
    case Path::Embeddings:
        if (words.embeddings) return json(words.embeddings(call.ask));
        break;
    case Path::CountTokens:
        if (words.countTokens) return json(words.countTokens());
        break;
    case Path::Unknown:
        break;
    }
    if (auto script = modalAnswer(call)) return std::move(*script);
    return only(errorAnswer(call.ask, 404));
}

Script answerTo(const Call& call)
{
    if (call.ask.scenario.empty()) return usual(call);
    // Content scenarios make no sense for other paths; transport faults do.
    bool completion = call.ask.path == Path::Completion;
    if (completion) {
        auto stream = streamScenarios().find(call.ask.scenario);
        if (stream != streamScenarios().end()) return stream->second(call);
    }
    auto plain = plainScenarios().find(call.ask.scenario);
    return plain == plainScenarios().end() ? usual(call) : plain->second(call);
}

} // namespace fake
