// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

#include "exchange/canonical.h"

namespace gateway::dialect {

/// What a provider takes as the name of a tool: letters and digits of ASCII, and some signs.
struct ToolNameRule {
    std::size_t longest = 64;
    std::string_view signs = "_-";
    bool digitFirst = true; // it may begin with a digit or a sign other than _
};

/// Tools whose names a provider would refuse, under names that it takes. Clients give names of other rules
/// and of twice the length, such as those that agents make of a plugin, a server and its tool. A name becomes
/// the same one in every turn, so that the provider's cache of the prompt still fits.
class ToolNames {
public:
    /// Nothing is renamed.
    ToolNames() = default;
    /// Renames them wherever they stand in the request.
    ToolNames(Request& request, const ToolNameRule& rule);

    /// The client's names again, in what the model answered.
    void restore(Completion& completion) const;
    void restore(Event& event) const;

private:
    void restore(std::string& name) const;

    std::unordered_map<std::string, std::string> m_names; // the client's, by the provider's
};

} // namespace gateway::dialect
