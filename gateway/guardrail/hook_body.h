// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "guardrail/check_kind.h"

namespace gateway::guardrail {

/// A server of the user's own that a check posts to, and what it says in the head.
struct HookAddress {
    std::string url;
    std::vector<std::pair<std::string, std::string>> fields = {};
    std::chrono::milliseconds timeout{3000};

    /// From the parameters that hookParameters() names.
    [[nodiscard]] static Result<HookAddress> parse(const Parameters& parameters);
};

[[nodiscard]] std::vector<Parameter> hookParameters();

/// What such a server is posted, in the shape of Portkey's gateway: {"request":{"text","json",…},
/// "response":…,"eventType",…}.
[[nodiscard]] std::string hookBody(const Subject& subject);

/// A check that posts to such an address, whatever it makes of the reply.
class HookCheck : public Check {
public:
    explicit HookCheck(HookAddress address) : m_address(std::move(address)) {}

    [[nodiscard]] std::string_view address() const override { return m_address.url; }
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> fields() const override
    {
        return m_address.fields;
    }
    [[nodiscard]] std::optional<Inquiry> inquiry(const Subject& subject) const override
    {
        return Inquiry{{}, hookBody(subject), m_address.timeout};
    }

private:
    HookAddress m_address;
};

} // namespace gateway::guardrail
