// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/crc32.h"

#include <zlib.h>

namespace gateway {

uint32_t crc32(std::string_view bytes)
{
    // An empty view may have no address, and zlib answers a null pointer with its start value: zero as well.
    return static_cast<uint32_t>(::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

} // namespace gateway
