// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/config.h"
#include "gateway/result.h"

#include "access/rate_gate.h"
#include "base/sha256.h"

namespace gateway::access {

/// A key that a client may present, ready to be checked.
struct VirtualKey {
    VirtualKeyId id;
    Sha256 hash{};
    std::vector<std::string> models;   // globs; empty: all
    std::vector<std::string> routes;   // globs; empty: all
    std::vector<std::string> dialects; // names; empty: all
    std::vector<std::string> tags;
    std::optional<std::int64_t> expires; // first microsecond since 1970 UTC at which it is no longer good
    bool paused = false;
    RateLimits limits;
    std::shared_ptr<RateGate> gate; // null where nothing is limited

    [[nodiscard]] bool allowsModel(std::string_view model) const;
    [[nodiscard]] bool allowsRoute(std::string_view route) const;
    /// What the client asked for, and the route that this led to; empty: to no route. Routes that the key
    /// names decide on routes alone; where it names routes and no models, nothing else may be asked.
    [[nodiscard]] bool allows(std::string_view name, std::string_view route) const;
    [[nodiscard]] bool allowsDialect(std::string_view dialect) const;
};

/// All virtual keys of one configuration. Immutable, so any thread may ask it; does not allocate unless it
/// refuses.
class VirtualKeys {
public:
    explicit VirtualKeys(const Config& config);

    /// The key's row, valid as long as this table. Error (401): none presented, unknown, expired or paused;
    /// the text is the same for none and unknown keys of any shape.
    [[nodiscard]] Result<const VirtualKey*> admit(std::string_view presented, std::int64_t nowMicros) const;
    [[nodiscard]] const VirtualKey* find(std::string_view presented) const;
    /// By its name in the configuration; null: there is none.
    [[nodiscard]] const VirtualKey* named(std::string_view id) const;
    [[nodiscard]] bool empty() const { return m_keys.empty(); }
    /// Before any thread sees it.
    void gatesFrom(RateGates& gates);

private:
    std::vector<VirtualKey> m_keys; // ordered by hash
};

/// Compares a presented key with another secret, such as the admin key, in constant time.
[[nodiscard]] bool isSameKey(std::string_view presented, std::string_view secret);

} // namespace gateway::access
