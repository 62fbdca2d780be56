// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_scan.h"
#include "base/sse_scanner.h"
#include "dialect/dialect.h"
#include "fuzz_require.h"

/// What both dialects' fuzz targets check. The first byte of the input says which part of the dialect gets
/// the rest.
namespace gateway::dialect::fuzz {

inline bool isWholeJson(std::string_view text)
{
    JsonDocument document;
    return !scanJson(text, document, 4 * kMaxJsonDepth);
}

/// decode∘encode is the same from the second time on, and what is encoded is valid, whatever came in.
inline void checkRequest(const Dialect& dialect, std::string_view body, const PathFacts& path)
{
    JsonDocument document;
    if (scanJson(body, document) || document.root != JsonKind::Object) return;
    if (const auto facts = dialect.facts(document, path)) {
        const auto edited = dialect.edit(
            body, document, {"new/model", true, "{\"temperature\":0.5}", "{\"added\":1}", {"stop"}});
        FUZZ_REQUIRE(edited.ok() && isWholeJson(*edited));
    }
    auto request = dialect.decodeRequest(body, path);
    if (!request) return;
    for (const Dialect* other : allDialects()) {
        Request copy = *request;
        FUZZ_REQUIRE(isWholeJson(other->encodeRequest(copy)));
    }
    // What one dialect cannot say is lost the first time; a decision that hung on it may fall the second
    // time.
    std::string last;
    for (int round = 0; round < 3; ++round) {
        std::string text = dialect.encodeRequest(*request);
        FUZZ_REQUIRE(round < 2 || text == last);
        last = std::move(text);
        request = dialect.decodeRequest(last, path);
        if (!request) return; // all its messages were empty
    }
}

inline void checkAnswer(const Dialect& dialect, std::string_view body)
{
    FUZZ_REQUIRE(dialect.readError(body).message.size() <= 4096);
    JsonDocument document;
    if (scanJson(body, document) || document.root != JsonKind::Object) return;
    const Usage usage = dialect.readUsage(document);
    FUZZ_REQUIRE(usage.inputTokens >= 0 && usage.outputTokens >= 0 && usage.cacheReadTokens >= 0);
    FUZZ_REQUIRE(usage.cacheReadTokens + usage.cacheWriteTokens <= usage.inputTokens);
    FUZZ_REQUIRE(isWholeJson(dialect.addCost(body, document, Money::fromNanos(1))));
    const auto completion = dialect.decodeCompletion(body);
    if (!completion) return;
    for (const Dialect* other : allDialects()) {
        FUZZ_REQUIRE(isWholeJson(other->encodeCompletion(*completion, {})));
    }
}

/// Blocks never overlap, their indexes count up, and nothing follows the end.
inline void checkOrder(const std::vector<Event>& events)
{
    int next = 0;
    bool open = false;
    for (std::size_t i = 0; i < events.size(); ++i) {
        const bool last = i + 1 == events.size();
        if (const auto* begun = std::get_if<BlockStarted>(&events[i])) {
            FUZZ_REQUIRE(!open && begun->index == next);
            open = true;
        } else if (const auto* ended = std::get_if<BlockEnded>(&events[i])) {
            FUZZ_REQUIRE(open && ended->index == next);
            open = false;
            ++next;
        } else if (std::holds_alternative<TextDelta>(events[i]) || std::holds_alternative<Cited>(events[i]) ||
                   std::holds_alternative<ArgumentsDelta>(events[i])) {
            FUZZ_REQUIRE(open);
        } else if (std::holds_alternative<Finished>(events[i])) {
            FUZZ_REQUIRE(!open);
        }
        FUZZ_REQUIRE(last ==
                     (std::holds_alternative<Ended>(events[i]) || std::holds_alternative<Failed>(events[i])));
    }
}

struct StreamResult {
    std::vector<Event> events;
    std::string metered;
};

inline StreamResult readStream(const Dialect& dialect, std::string_view stream, std::size_t cut)
{
    FrameScanner scanner(dialect.framing());
    const auto decoder = dialect.eventDecoder();
    const auto meter =
        dialect.meter({false, false, [](const Usage&) { return std::optional(Money::fromNanos(1)); }});
    StreamResult result;
    const auto read = [&](const SseEvent& event) {
        decoder->read(event, result.events);
        const auto reading = meter->read(event);
        result.metered +=
            reading.act == StreamMeter::Act::Replace ? reading.replacement : std::string(event.raw);
    };
    scanner.feed(stream.substr(0, cut), read);
    scanner.feed(stream.substr(cut), read);
    decoder->close(result.events);
    return result;
}

/// Cut in two, a stream says the same; both encoders make streams of it that can be read again.
inline void checkStream(const Dialect& dialect, std::string_view stream)
{
    const StreamResult whole = readStream(dialect, stream, stream.size());
    const StreamResult cut = readStream(dialect, stream, stream.size() / 2);
    checkOrder(whole.events);
    FUZZ_REQUIRE(whole.events.size() == cut.events.size() && whole.metered == cut.metered);
    for (const Dialect* other : allDialects()) {
        const auto encoder = other->eventEncoder({}, {});
        std::string out;
        for (const Event& event : whole.events) {
            encoder->write(event, out);
        }
        const StreamResult again = readStream(*other, out, out.size());
        checkOrder(again.events);
        FUZZ_REQUIRE(std::holds_alternative<Ended>(again.events.back()) ==
                     std::holds_alternative<Ended>(whole.events.back()));
    }
}

inline void check(const Dialect& dialect, std::string_view input, const PathFacts& path = {})
{
    if (input.empty()) return;
    const std::string_view rest = input.substr(1);
    switch (static_cast<unsigned char>(input.front()) % 3) {
    case 0:
        checkRequest(dialect, rest, path);
        break;
    case 1:
        checkAnswer(dialect, rest);
        break;
    default:
        checkStream(dialect, rest);
    }
}

} // namespace gateway::dialect::fuzz
