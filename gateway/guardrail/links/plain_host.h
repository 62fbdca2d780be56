// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace gateway::guardrail {

/// A host's name as it is compared: small letters, in punycode, without brackets, a last dot and escapes; an
/// IPv4 address in whatever notation as four numbers.
[[nodiscard]] std::string plainHost(std::string_view host);

} // namespace gateway::guardrail
