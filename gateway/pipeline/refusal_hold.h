// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "gateway/error.h"

#include "pipeline/stream_pass.h"

namespace gateway::pipeline {

/// The failure of a provider that answered, but not to what was said.
[[nodiscard]] Error refusedContent(const std::string& provider);

/// Holds a stream back until its first text, call or picture, so that another target can take over where the
/// provider refuses what was said: then it fails with refusedContent(). What is thought before is held back,
/// too, and all of it goes out at once. IO thread only.
[[nodiscard]] std::unique_ptr<StreamPass>
holdingRefusals(std::unique_ptr<StreamPass> pass, const dialect::Dialect& provider, std::string providerName);

} // namespace gateway::pipeline
