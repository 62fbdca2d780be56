// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "answer.h"
#include "script.h"

namespace fake {

/// Head of an answer: status line and the dialect's usual fields; the caller adds the framing field, each
/// line with its line end. The empty line is added here.
std::string head(const Ask& ask, unsigned status, std::string_view contentType, std::string_view fields);
std::string lengthField(size_t length);
/// A whole answer with Content-Length.
std::string whole(const Ask& ask, unsigned status, std::string_view contentType, std::string_view body,
                  std::string_view fields = {});
std::string chunk(std::string_view bytes);
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

std::string plainBody(const Ask& ask, const Answer& answer);
std::string errorBody(const Ask& ask, unsigned status, std::string_view message);
std::string errorAnswer(const Ask& ask, unsigned status);
std::vector<StreamEvent> streamEvents(const Ask& ask, const Answer& answer);

/// How the events of a stream go out.
struct StreamShape {
    enum class End : uint8_t { Clean, Cut, Reset, Hang };
    size_t events = std::numeric_limits<size_t>::max(); // Only the first so many.
    uint64_t firstAfterMs = 0;
    uint64_t pauseMs = 0;
    bool coalesced = false; // All in writes of about 64 KB, but each event a chunk of its own.
    bool comments = false;
    std::string_view lineEnd = "\n";
    End end = End::Clean;
};
std::string_view streamType(const Ask& ask);
std::string eventText(const Ask& ask, const StreamEvent& event, std::string_view lineEnd);
Script streamScript(const Ask& ask, const std::vector<StreamEvent>& events, const StreamShape& shape);

/// The answer as the request wants it, streamed or plain; `shape` is for the stream.
Script answerScript(const Ask& ask, const Answer& answer, const StreamShape& shape = {});

/// One shot encoders for content codings; brotli is stored, not compressed.
std::string gzipped(std::string_view text);
std::string brotliStored(std::string_view text);
/// 1 GiB of zeros as gzip: head, a block to be repeated, tail.
struct GzipBomb {
    std::string head;
    std::string block;
    uint64_t repeat;
    std::string tail;
};
const GzipBomb& gzipBomb();

} // namespace fake
