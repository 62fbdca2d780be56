// SPDX-License-Identifier: GPL-3.0-or-later
// Property: no socket table, link or command line makes its reader crash; what is found in a table is found
// in it after other lines, too; a program's name is short and UTF-8.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/utf8.h"
#include "engine/client_process.h"
#include "fuzz_require.h"

using namespace gateway::engine;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    std::array<ClientSocket, 2> sockets{ClientSocket{40000, 4777}, ClientSocket{1, 2}};
    findInodes(text, sockets);
    std::array<ClientSocket, 2> again{ClientSocket{40000, 4777}, ClientSocket{1, 2}};
    findInodes("  sl  local_address\n" + std::string(text), again);
    FUZZ_REQUIRE(sockets[0].inode == again[0].inode && sockets[1].inode == again[1].inode);
    const std::string link = "socket:[" + std::to_string(size) + "]";
    FUZZ_REQUIRE(socketInode(link) == size);
    static_cast<void>(socketInode(text));
    const auto isNoFile = [](std::string_view) { return false; };
    for (const std::string_view executable : {"/usr/bin/python3", "/usr/bin/node", "/usr/bin/java"}) {
        const std::string name = programName(executable, text, isNoFile);
        FUZZ_REQUIRE(!name.empty() && name.size() <= 70 && gateway::isUtf8(name));
    }
    FUZZ_REQUIRE(gateway::isUtf8(programName(text, text, isNoFile)));
    return 0;
}
