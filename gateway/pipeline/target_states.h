// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "routing/target_state.h"

namespace gateway::pipeline {

/// A provider and its model, found without making strings of what is looked for.
struct TargetName {
    std::string provider, model;
    bool operator==(const TargetName&) const = default;
};
struct TargetNameHash {
    using is_transparent = void;
    [[nodiscard]] std::size_t operator()(std::string_view provider, std::string_view model) const
    {
        const std::hash<std::string_view> hash;
        return hash(provider) * 31 + hash(model);
    }
    [[nodiscard]] std::size_t operator()(const TargetName& name) const
    {
        return operator()(name.provider, name.model);
    }
    [[nodiscard]] std::size_t operator()(const std::pair<std::string_view, std::string_view>& name) const
    {
        return operator()(name.first, name.second);
    }
};
struct TargetNameEqual {
    using is_transparent = void;
    [[nodiscard]] bool operator()(const TargetName& left, const TargetName& right) const
    {
        return left == right;
    }
    [[nodiscard]] bool operator()(const std::pair<std::string_view, std::string_view>& left,
                                  const TargetName& right) const
    {
        return left.first == right.provider && left.second == right.model;
    }
    [[nodiscard]] bool operator()(const TargetName& left,
                                  const std::pair<std::string_view, std::string_view>& right) const
    {
        return operator()(right, left);
    }
};
template <class T>
using TargetMap = std::unordered_map<TargetName, T, TargetNameHash, TargetNameEqual>;

/// What was learned about the targets of all routes that there are or were, and how often each route was
/// asked. Lives on the owner's thread, which gives each runtime its share; what it gives is for any thread.
class TargetStates {
public:
    [[nodiscard]] std::shared_ptr<routing::TargetState> stateOf(const std::string& provider,
                                                                const std::string& model);
    [[nodiscard]] std::shared_ptr<std::atomic<std::uint64_t>> turnsOf(const std::string& route);

private:
    TargetMap<std::shared_ptr<routing::TargetState>> m_states;
    std::unordered_map<std::string, std::shared_ptr<std::atomic<std::uint64_t>>> m_turns;
};

} // namespace gateway::pipeline
