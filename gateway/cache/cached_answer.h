// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/sha256.h"
#include "exchange/dialect_id.h"
#include "exchange/usage.h"

namespace gateway::cache {

/// An answer as its provider gave it, before any guardrail saw it, with what is known of it. Never changed
/// once it is kept.
struct CachedAnswer {
    Sha256 key = {};                          // of what was asked
    DialectId dialect = DialectId::Undecided; // of `reply`
    bool isStream = false;
    std::string reply; // a whole body, or all bytes of a stream
    /// When the bytes of a stream came.
    struct Step {
        std::uint32_t afterMs = 0; // after the step before
        std::uint32_t bytes = 0;
    };
    std::vector<Step> steps;

    std::string owner;  // name of the virtual key whose it is; empty: everybody's, or there are no keys
    std::string route;  // empty: none
    std::string asked;  // model or route that the client named
    std::string prompt; // the beginning of the last user text, for people
    std::string provider, model;
    Usage usage;
    std::int64_t costNanos = 0;  // of a nano-dollar; what a hit saves
    std::int64_t tookMicros = 0; // until its last byte
    std::int64_t madeAt = 0;     // seconds since 1970
    std::int64_t expiresAt = 0;

    /// What keeping it takes.
    [[nodiscard]] std::int64_t bytes() const
    {
        constexpr std::int64_t kRow = 512;
        return kRow + static_cast<std::int64_t>(reply.size() + steps.size() * sizeof(Step) + prompt.size());
    }
};

/// The bytes of such an answer as one sort of client gets them.
struct ReadyAnswer {
    std::weak_ptr<const CachedAnswer> of; // good for this one only
    std::string own;                      // where they are not its reply as it came
    bool isOwn = false;

    [[nodiscard]] const std::string& bytes(const CachedAnswer& answer) const
    {
        return isOwn ? own : answer.reply;
    }
};

} // namespace gateway::cache
