// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "scenarios.h"
#include "shallow_json.h"
#include "text.h"
#include "wire.h"

namespace fake {

static constexpr uint64_t kMostEvents = 1'000'000;
static constexpr uint64_t kMostBytes = 256ULL * 1024 * 1024;

/// N pieces that can be told apart, so that a lost one is noticed: "w0 ", "w1 ", …
static Answer counted(uint64_t pieces)
{
    Answer answer;
    pieces = std::min(pieces, kMostEvents);
    answer.textPieces.reserve(pieces);
    for (uint64_t i = 0; i < pieces; ++i)
        answer.textPieces.push_back("w" + std::to_string(i) + " ");
    answer.outputTokens = pieces;
    return answer;
}

static Script paced(const Call& call)
{
    StreamShape shape;
    shape.pauseMs = call.ask.number(1, 20);
    return answerScript(call.ask, counted(call.ask.number(0, 10)), shape);
}

static Script burst(const Call& call)
{
    StreamShape shape;
    shape.coalesced = true;
    return answerScript(call.ask, counted(call.ask.number(0, 100)), shape);
}

static Script big(const Call& call)
{
    static constexpr size_t kPiece = 1024;
    uint64_t size = std::min(call.ask.number(0, 1'000'000), kMostBytes);
    Answer answer;
    for (uint64_t sent = 0; sent < size; sent += kPiece)
        answer.textPieces.emplace_back(std::min<uint64_t>(kPiece, size - sent), 'x');
    answer.outputTokens = size / 4;
    StreamShape shape;
    shape.coalesced = true;
    return answerScript(call.ask, answer, shape);
}

static Script slowFirst(const Call& call)
{
    StreamShape shape;
    shape.firstAfterMs = call.ask.number(0, 1000);
    return answerScript(call.ask, usualAnswer(call.ask), shape);
}

static Script shortened(const Call& call, StreamShape::End end)
{
    StreamShape shape;
    shape.events = call.ask.number(0, 3);
    shape.end = end;
    return answerScript(call.ask, usualAnswer(call.ask), shape);
}

static Script cutStream(const Call& call)
{
    return shortened(call, StreamShape::End::Cut);
}

static Script resetStream(const Call& call)
{
    return shortened(call, StreamShape::End::Reset);
}

static Script hangStream(const Call& call)
{
    return shortened(call, StreamShape::End::Hang);
}

static Script withError(const Call& call, size_t eventsBefore)
{
    if (!call.ask.stream) {
        Script script;
        script.write(errorAnswer(call.ask, 500));
        return script;
    }
    auto events = streamEvents(call.ask, usualAnswer(call.ask));
    events.resize(std::min(events.size(), eventsBefore));
    events.push_back(wordsOf(call.ask).streamError());
    return streamScript(call.ask, events, {});
}

static Script errorStream(const Call& call)
{
    return withError(call, call.ask.number(0, 3));
}

static Script errorFirst(const Call& call)
{
    return withError(call, 0);
}

static Script without(const Call& call, std::initializer_list<EventRole> roles)
{
    Answer answer = usualAnswer(call.ask);
    if (!call.ask.stream) return answerScript(call.ask, answer);
    auto events = streamEvents(call.ask, answer);
    std::erase_if(events, [&](const StreamEvent& event) {
        return std::find(roles.begin(), roles.end(), event.role) != roles.end();
    });
    return streamScript(call.ask, events, {});
}

static Script noDone(const Call& call)
{
    return without(call, {EventRole::End});
}

static Script noFinish(const Call& call)
{
    bool endMarker = !call.ask.arguments.empty() && call.ask.arguments[0] == "done";
    if (endMarker) return without(call, {EventRole::Finish, EventRole::Usage});
    return without(call, {EventRole::Finish, EventRole::Usage, EventRole::End});
}

static Script carriageReturns(const Call& call)
{
    StreamShape shape;
    shape.lineEnd = "\r\n";
    return answerScript(call.ask, usualAnswer(call.ask), shape);
}

static Script comments(const Call& call)
{
    StreamShape shape;
    shape.comments = true;
    return answerScript(call.ask, usualAnswer(call.ask), shape);
}

static Script cut(const Call& call)
{
    size_t size = std::clamp<uint64_t>(call.ask.number(0, 1), 1, 1'000'000);
    uint64_t pause = call.ask.number(1, 0);
    std::string wire;
    for (const Step& step : answerScript(call.ask, usualAnswer(call.ask)).steps)
        wire += step.bytes;
    Script script;
    for (size_t at = 0; at < wire.size(); at += size)
        script.wait(at == 0 ? 0 : pause).write(wire.substr(at, size));
    return script;
}

static Script splitUtf8(const Call& call)
{
    Answer answer;
    answer.textPieces = {"Grüße, ", "世界 ", "🌍 ", "naïve ", "café"};
    if (!call.ask.stream) return answerScript(call.ask, answer);
    Script script;
    script.write(head(call.ask, 200, streamType(call.ask), "transfer-encoding: chunked\r\n"));
    for (const StreamEvent& event : streamEvents(call.ask, answer)) {
        std::string text = eventText(call.ask, event, "\n");
        size_t from = 0;
        for (size_t i = 1; i <= text.size(); ++i) {
            // Each character is cut before each of its later bytes.
            bool inside = i < text.size() && (static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U;
            if (!inside && i < text.size()) continue;
            script.write(chunk(std::string_view(text).substr(from, i - from)));
            from = i;
        }
    }
    script.write(std::string(kLastChunk));
    return script;
}

static Script unknownFields(const Call& call)
{
    Answer answer = usualAnswer(call.ask);
    answer.unknownFields = true;
    return answerScript(call.ask, answer);
}

static Script toolsParallel(const Call& call)
{
    Answer answer = usualAnswer(call.ask);
    if (!answer.calls.empty()) answer.calls = toolCalls(call.ask, 2);
    return answerScript(call.ask, answer);
}

static Script thinking(const Call& call)
{
    Answer answer = usualAnswer(call.ask);
    answer.thinking = "The user greets me. I greet back.";
    answer.outputTokens += kReasoningTokens;
    return answerScript(call.ask, answer);
}

static Script refusal(const Call& call)
{
    Answer answer;
    answer.textPieces = {"I", " cannot", " help", " with", " that."};
    answer.finish = Finish::Refusal;
    return answerScript(call.ask, answer);
}

/// Ends for what was said, after so many words, or with a thought and no word.
static Script blocked(const Call& call)
{
    Answer answer;
    const bool thinks = !call.ask.arguments.empty() && call.ask.arguments.front() == "thinking";
    if (thinks)
        answer.thinking = "The user greets me. May I greet back?";
    else
        answer.textPieces.assign(std::min<size_t>(call.ask.number(0, 0), 1000), "word ");
    answer.finish = Finish::Filtered;
    return answerScript(call.ask, answer);
}

static Script length(const Call& call)
{
    Answer answer;
    answer.textPieces = {"This", " answer", " is", " cut"};
    answer.finish = Finish::Length;
    return answerScript(call.ask, answer);
}

/// JSON of the schema `{"city": string}`; as a tool's arguments where the client asks for it in this way.
static Script structured(const Call& call)
{
    if (call.ask.forcedTool) return answerScript(call.ask, usualAnswer(call.ask));
    Answer answer;
    answer.textPieces = {"{\"", "city", "\":\"", "Paris", "\"}"};
    return answerScript(call.ask, answer);
}

/// One call of a tool that the test names, with arguments in hexadecimal digits.
static Script namedCall(const Call& call)
{
    Answer answer = usualAnswer(call.ask);
    if (!answer.calls.empty() && call.ask.arguments.size() == 2) {
        answer.calls.front().name = call.ask.arguments[0];
        answer.calls.front().argumentPieces = {hexDecoded(call.ask.arguments[1])};
    }
    return answerScript(call.ask, answer);
}

/// What stands between "<<" and ">>" in the request, as it came here.
static std::string saidText(const Call& call)
{
    const std::string_view body = call.http.body;
    const size_t begin = body.rfind("<<");
    if (begin == body.npos) return {};
    const size_t end = body.find(">>", begin);
    if (end == body.npos) return {};
    return stringValue("\"" + std::string(body.substr(begin + 2, end - begin - 2)) + "\"");
}

static std::vector<std::string> inPieces(const std::string& text, uint64_t size)
{
    std::vector<std::string> pieces;
    for (size_t at = 0; at < text.size(); at += std::max<uint64_t>(1, size))
        pieces.push_back(text.substr(at, std::max<uint64_t>(1, size)));
    return pieces;
}

/// Says it again, in pieces of so many bytes.
static Script repeatedText(const Call& call)
{
    Answer answer;
    answer.textPieces = inPieces(saidText(call), call.ask.number(0, 1000));
    return answerScript(call.ask, answer);
}

/// Calls the first tool with it.
static Script repeatedCall(const Call& call)
{
    Answer answer = usualAnswer(call.ask);
    if (answer.calls.empty()) return answerScript(call.ask, answer);
    std::string json = R"({"said":")";
    for (const char c : saidText(call)) {
        if (c == '"' || c == '\\') json.push_back('\\');
        json.push_back(c);
    }
    answer.calls.front().argumentPieces = inPieces(json + R"("})", call.ask.number(0, 1000));
    return answerScript(call.ask, answer);
}

/// The usual answer with a usage that the test writes, in hexadecimal digits, and who served it.
static Script toldUsage(const Call& call)
{
    Answer answer = usualAnswer(call.ask);
    if (!call.ask.arguments.empty()) answer.usageJson = hexDecoded(call.ask.arguments[0]);
    if (call.ask.arguments.size() > 1) answer.service = call.ask.arguments[1];
    return answerScript(call.ask, answer);
}

/// The usual answer with a usage that is drawn, and written down for GET /__told.
static Script drawnUsage(const Call& call)
{
    Answer answer = usualAnswer(call.ask);
    answer.usageJson = usageText(call.ask.dialect, call.memory.tally.draw(call.ask));
    return answerScript(call.ask, answer);
}

static Script eventTooBig(const Call& call)
{
    static constexpr size_t kBeyondAnyLimit = size_t{9} * 1024 * 1024;
    Answer answer;
    answer.textPieces = {"small",
                         std::string(std::min(call.ask.number(0, kBeyondAnyLimit), kMostBytes), 'x')};
    return answerScript(call.ask, answer);
}

const std::unordered_map<std::string_view, Scenario>& streamScenarios()
{
    static const std::unordered_map<std::string_view, Scenario> table = {
        {"paced", paced},
        {"burst", burst},
        {"big", big},
        {"slow-first", slowFirst},
        {"cut-stream", cutStream},
        {"reset-stream", resetStream},
        {"hang-stream", hangStream},
        {"error-stream", errorStream},
        {"error-first", errorFirst},
        {"no-done", noDone},
        {"no-finish", noFinish},
        {"crlf", carriageReturns},
        {"comments", comments},
        {"cut", cut},
        {"split-utf8", splitUtf8},
        {"unknown-fields", unknownFields},
        {"tools-parallel", toolsParallel},
        {"thinking", thinking},
        {"refusal", refusal},
        {"blocked", blocked},
        {"length", length},
        {"json", structured},
        {"call", namedCall},
        {"repeat", repeatedText},
        {"repeat-call", repeatedCall},
        {"usage", toldUsage},
        {"drawn", drawnUsage},
        {"event-too-big", eventTooBig},
    };
    return table;
}

} // namespace fake
