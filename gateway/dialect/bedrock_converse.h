// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dialect/dialect.h"

namespace gateway::dialect {

/// Amazon Bedrock's Converse and ConverseStream. Only providers speak it: it has no path for clients.
[[nodiscard]] const Dialect& bedrockConverse();

} // namespace gateway::dialect
