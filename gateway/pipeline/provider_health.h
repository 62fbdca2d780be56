// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "gateway/result.h"
#include "gateway/snapshot.h"

#include "pipeline/runtime.h"
#include "upstream/reply_head.h"

namespace gateway::pipeline {

/// Shuffles keys so that each is first as often as its weight says.
void orderByWeight(std::vector<const ProviderKeyRuntime*>& keys, std::minstd_rand& random);

/// The keys to try, in order; one null where the provider needs none. A session stays on its key: providers
/// keep caches of prompts per account. Error: none can be read.
[[nodiscard]] Result<std::vector<const ProviderKeyRuntime*>>
usableKeys(const Runtime& runtime, const ProviderRuntime& provider, const std::string& session,
           const RateNeed& need, std::minstd_rand& random);

/// All its keys that can be read were refused lately or are rate-limited.
[[nodiscard]] bool keysAreAside(const ProviderRuntime& provider, std::int64_t nowMicros);
/// The same, or their rate has no room for such a request, as the provider said.
[[nodiscard]] bool keysLackRoom(const ProviderRuntime& provider, const RateNeed& need,
                                std::int64_t nowMicros);

/// It has keys to choose among, and of one the provider said how many tokens are left of its rate for now.
[[nodiscard]] bool tokensMatter(const ProviderRuntime& provider, std::int64_t nowMicros);

/// Another key of the same provider may do better: this one was refused, is out of money or over its rate.
/// `status`: the provider's.
[[nodiscard]] bool isKeysFault(const Error& failure, int status);

/// Sets a key aside for what a failure says of it: until it is tested, or until its rate is free again. Where
/// the provider does not say when that is, for five seconds, as peers do.
void learnOfKey(KeyHealth& health, const Error& failure, int status);

/// What any reply tells of the rate of the key that it was for.
void noteRate(KeyHealth& health, std::string_view model, const upstream::ReplyHead& reply,
              std::int64_t nowMicros);

/// What a good answer tells of the provider and the key that gave it.
void noteSuccess(const Runtime& runtime, const LogRow& row);

} // namespace gateway::pipeline
