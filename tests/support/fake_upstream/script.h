// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "ask.h"
#include "http_request.h"
#include "told_tokens.h"

namespace fake {

/// One thing that a connection does. A Write is one TCP write of its own (`repeat` times).
struct Step {
    enum class Kind : uint8_t { Undecided, Write, Wait, Finish, Reset, Hang };
    Kind kind = Kind::Undecided;
    std::string bytes;
    uint64_t repeat = 1;
    std::chrono::milliseconds wait{0};
};

/// The answer to one request, step by step. Without a Finish, Reset or Hang the connection stays open after
/// it.
class Script {
public:
    Script& write(std::string bytes, uint64_t repeat = 1);
    Script& wait(uint64_t ms);
    Script& finish() { return end(Step::Kind::Finish); }
    /// Waits a little first, so that what was written arrives before the reset discards it.
    Script& reset();
    Script& hang() { return end(Step::Kind::Hang); }
    std::vector<Step> steps;

private:
    Script& end(Step::Kind kind);
};

/// What scenarios remember between requests.
struct Memory {
    std::unordered_map<std::string, uint64_t> failures;
    TokenTally tally;
};

struct Call {
    const HttpRequest& http;
    const Ask& ask;
    Memory& memory;
    uint64_t earlierOnConnection;
};

/// Chooses the scenario that the request names and plays it.
Script answerTo(const Call& call);

} // namespace fake
