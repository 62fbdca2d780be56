// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/program_pages.h"

#ifdef __linux__
#include <cstdint>
#include <sys/mman.h>
#include <unistd.h>
#endif

namespace gateway {

void releasePages(std::string_view text)
{
#ifdef __linux__
    // Whole pages only; at both ends begins what belongs to something else.
    const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
    const auto begin = (reinterpret_cast<std::uintptr_t>(text.data()) + page - 1) / page * page;
    const auto end = (reinterpret_cast<std::uintptr_t>(text.data()) + text.size()) / page * page;
    // These pages are the file's own and unchanged, so that nothing is lost with them.
    if (begin < end) static_cast<void>(madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED));
#else
    static_cast<void>(text);
#endif
}

} // namespace gateway
