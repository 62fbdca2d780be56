// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "gateway/result.h"

#include "catalog/presets.h"
#include "import/draft.h"

namespace gateway::imports {

/// The provider that a program means by one of its presets, at the address that the file gives; empty: the
/// preset's own. Error: it needs an address and there is none.
[[nodiscard]] Result<ProviderWish> wishFor(const catalog::Preset& preset, std::string_view address);

/// The provider behind the whole address of a call, as claude-code-router has it.
[[nodiscard]] ProviderWish wishForCall(std::string_view callAddress);

/// What a file says of where a provider is; only what belongs to its kind is looked at.
struct Place {
    std::string_view address; // goes before the others
    std::string_view azureResource, vertexProject, vertexRegion, awsRegion;
};

/// The address that comes of it; empty where it says none, or a part that cannot be one.
[[nodiscard]] std::string addressOf(std::string_view kind, const Place& place);

} // namespace gateway::imports
