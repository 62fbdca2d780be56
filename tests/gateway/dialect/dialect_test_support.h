// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/frame_scanner.h"
#include "base/json_scan.h"
#include "base/sse_scanner.h"
#include "dialect/dialect.h"

/// What the tests of the dialects share: fixtures, and JSON as a tree to compare by.
namespace gateway::dialect::testing {

using Json = nlohmann::json;

inline const Dialect& openAi()
{
    return dialectOf(DialectId::OpenAiChat);
}

inline const Dialect& anthropic()
{
    return dialectOf(DialectId::AnthropicMessages);
}

inline const Dialect& responses()
{
    return dialectOf(DialectId::OpenAiResponses);
}

inline const Dialect& gemini()
{
    return dialectOf(DialectId::Gemini);
}

inline std::string fixture(const std::string& path)
{
    std::ifstream file(std::string(TURNPIKE_FIXTURES) + '/' + path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline JsonDocument scanned(std::string_view text)
{
    JsonDocument document;
    scanJson(text, document);
    return document;
}

inline CompletionContext context(bool includeUsage = true)
{
    CompletionContext made;
    made.id = RequestId{(std::int64_t{1'790'000'000'000'000} << 12) + 7};
    made.model = "smart";
    made.createdSeconds = 1'790'000'000;
    made.includeUsage = includeUsage;
    return made;
}

/// A request whose tool is a custom one.
inline Request withCustomTool(const std::string& name)
{
    Request request;
    Tool& tool = request.tools.emplace_back();
    tool.name = name;
    tool.custom = true;
    return request;
}

/// All of `stream`, fed `step` bytes at a time.
inline std::vector<Event> decoded(const Dialect& dialect, std::string_view stream, std::size_t step)
{
    FrameScanner scanner(dialect.framing());
    const auto decoder = dialect.eventDecoder();
    std::vector<Event> events;
    for (std::size_t at = 0; at < stream.size(); at += step) {
        scanner.feed(stream.substr(at, step), [&](const SseEvent& event) { decoder->read(event, events); });
    }
    decoder->close(events);
    return events;
}

inline std::string encoded(const Dialect& dialect, const std::vector<Event>& events,
                           const CompletionContext& context, const CostOf& costOf = {})
{
    const auto encoder = dialect.eventEncoder(context, costOf);
    std::string out;
    for (const Event& event : events) {
        encoder->write(event, out);
    }
    return out;
}

/// The data of each event; text that is no JSON as a JSON string.
inline std::vector<Json> datas(std::string_view stream)
{
    std::vector<Json> found;
    SseScanner scanner;
    scanner.feed(stream, [&found](const SseEvent& event) {
        Json json = Json::parse(event.data, nullptr, false);
        found.push_back(json.is_discarded() ? Json(std::string(event.data)) : json);
    });
    return found;
}

/// What a client gets of a stream that a meter looks at.
struct Metered {
    std::string out;
    bool ended = false;
    bool failed = false;
};

/// All of `stream`, fed `step` bytes at a time.
inline Metered metered(StreamMeter& meter, std::string_view stream, std::size_t step = SIZE_MAX,
                       Framing framing = Framing::Sse)
{
    FrameScanner scanner(framing);
    Metered result;
    const auto read = [&](const SseEvent& event) {
        const StreamMeter::Reading reading = meter.read(event);
        result.ended = result.ended || reading.ended;
        result.failed = result.failed || reading.failed;
        if (reading.act == StreamMeter::Act::Forward) result.out += event.raw;
        if (reading.act == StreamMeter::Act::Replace) result.out += reading.replacement;
        if (reading.act == StreamMeter::Act::Cut) {
            result.out.append(event.raw.data(), reading.cut.data());
            result.out.append(reading.cut.data() + reading.cut.size(), event.raw.data() + event.raw.size());
        }
    };
    for (std::size_t at = 0; at < stream.size(); at += std::min(step, stream.size()))
        scanner.feed(stream.substr(at, step), read);
    return result;
}

} // namespace gateway::dialect::testing
