// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "import/draft.h"
#include "import/file_value.h"

/// The programs whose files are taken over, one function each: from the tree of the file to the draft.
namespace gateway::imports {

void takeLiteLlm(const FileValue& root, Draft& draft);
void takePortkey(const FileValue& root, Draft& draft);
void takeCloudflare(const FileValue& root, Draft& draft);
void takeClaudeCodeRouter(const FileValue& root, Draft& draft);

} // namespace gateway::imports
