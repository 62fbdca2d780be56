// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/sha256.h"
#include "cache/cached_answer.h"

namespace gateway::cache {

/// Where answers outlive the program. Calls wait for the disk: a worker's. Any thread.
class AnswerDisk {
public:
    virtual ~AnswerDisk() = default;
    /// Null: it is not there, or cannot be read.
    [[nodiscard]] virtual std::shared_ptr<const CachedAnswer> read(const Sha256& key) = 0;
    virtual void write(const CachedAnswer& answer) = 0;
    virtual void remove(const std::vector<Sha256>& keys) = 0;
    /// Written with what comes next.
    virtual void noteHit(const Sha256& key, std::int64_t now, std::int64_t savedNanos) = 0;
};

} // namespace gateway::cache
