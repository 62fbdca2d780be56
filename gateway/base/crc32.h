// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace gateway {

/// The CRC-32 of zip, gzip and PNG. Finds torn writes; no protection against anyone who means harm.
uint32_t crc32(std::string_view bytes);

} // namespace gateway
