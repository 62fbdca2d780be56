// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace gateway {

/// A name that cannot be mistaken for another kind of name.
template <class Tag>
struct Id {
    std::string text;

    Id() = default;
    explicit Id(std::string value) : text(std::move(value)) {}
    explicit Id(std::string_view value) : text(value) {}
    explicit Id(const char* value) : text(value) {}
    [[nodiscard]] bool empty() const { return text.empty(); }
    auto operator<=>(const Id&) const = default;
};

using ProviderId = Id<struct ProviderTag>;
using RouteId = Id<struct RouteTag>;
using VirtualKeyId = Id<struct VirtualKeyTag>;
using ProviderKeyId = Id<struct ProviderKeyTag>;
using BudgetId = Id<struct BudgetTag>;
using GuardrailId = Id<struct GuardrailTag>;
using PresetId = Id<struct PresetTag>;

/// Identifies one exchange: microseconds since 1970 shifted by 12 bits, plus a counter. Grows with time, so
/// it is the log's primary key and its time index in one; its text form ("req_…", base 32) is `x-request-id`.
struct RequestId {
    std::int64_t value = 0;

    auto operator<=>(const RequestId&) const = default;
    [[nodiscard]] std::string text() const;
    [[nodiscard]] std::int64_t microseconds() const { return value >> 12; }
    [[nodiscard]] static RequestId parse(std::string_view text); // value 0 when it is none
};

/// The next id; unique in the process, thread-safe, lock-free.
[[nodiscard]] RequestId nextRequestId(std::int64_t nowMicroseconds);

} // namespace gateway

template <class Tag>
struct std::hash<gateway::Id<Tag>> {
    std::size_t operator()(const gateway::Id<Tag>& id) const { return std::hash<std::string>{}(id.text); }
};
