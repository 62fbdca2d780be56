// SPDX-License-Identifier: GPL-3.0-or-later
#include "meaning/normal_form.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <utf8proc.h>

namespace gateway::meaning {

std::string normalForm(std::string_view text)
{
    const bool isAscii = std::all_of(text.begin(), text.end(),
                                     [](char each) { return static_cast<unsigned char>(each) < 0x80; });
    if (isAscii) return std::string(text);
    utf8proc_uint8_t* made = nullptr;
    const utf8proc_ssize_t size = utf8proc_map(
        reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
        &made, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT));
    const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(made, &std::free);
    if (size < 0 || !made) return std::string(text);
    return {reinterpret_cast<const char*>(made), static_cast<std::size_t>(size)};
}

} // namespace gateway::meaning
