// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/result.h"

namespace gateway {

/// The folder that a file lies in.
std::string folderOf(const std::string& path);
/// Makes what is missing of the folder, for its owner alone; what exists keeps its mode.
Outcome makeFolder(const std::string& folder);

/// At any moment `path` holds the old text or the new one, whole, for its owner alone.
Outcome replaceFile(const std::string& path, std::string_view text);

/// The file's text; nothing where there is none. Error: it cannot be read, is no file, or is larger.
Result<std::optional<std::string>> readWholeFile(const std::string& path, std::size_t maxBytes);

} // namespace gateway
