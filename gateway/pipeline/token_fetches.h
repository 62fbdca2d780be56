// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "gateway/result.h"
#include "gateway/secrets.h"

#include "base/sha256.h"
#include "net/task.h"

namespace gateway::pipeline {

struct KeyHealth;

/// An exchange of a key for a token that is under way, and who waits for it.
struct TokenFetch {
    Sha256 key{};
    std::vector<std::shared_ptr<net::Signal>> waiting;
    Result<Secret> result{Secret()}; // set before anyone is woken
    bool done = false;
};

/// Those of one IO thread: all who need the same token at once get it from one call.
using TokenFetches = std::unordered_map<const KeyHealth*, std::shared_ptr<TokenFetch>>;

} // namespace gateway::pipeline
