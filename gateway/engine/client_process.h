// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/client_origin.h"

/// Which process of this machine is behind a connection, from what the system tells. Linux alone tells it to
/// this program yet; elsewhere nothing is found.
namespace gateway::engine {

/// One connection of a client, and what was found of it so far.
struct ClientSocket {
    std::uint16_t clientPort = 0, ourPort = 0; // as the client sees them
    std::uint64_t inode = 0;                   // 0: not found, or it is closed
    int process = 0;                           // 0: not found
};

/// Looks for the sockets in the text of /proc/net/tcp or /proc/net/tcp6; connections of the machine with
/// itself alone count.
void findInodes(std::string_view table, std::span<ClientSocket> sockets);

/// The inode in the target of a link such as "socket:[1234]"; 0: it is something else.
[[nodiscard]] std::uint64_t socketInode(std::string_view link);

/// How people call a process: its executable's name or, where that only runs what others wrote (node,
/// python), the script's. No other word of the command line is ever part of it: secrets stand there. `isFile`
/// tells whether a word names a file.
[[nodiscard]] std::string programName(std::string_view executable, std::string_view commandLine,
                                      const std::function<bool(std::string_view)>& isFile);

/// The nearest folder from `folder` upwards that has a `.git`; not above `home`, where it lies in that.
/// Empty: none.
[[nodiscard]] std::string repositoryOf(const std::string& folder, const std::string& home);

/// The processes behind the sockets; those of `first` are looked at before all others. `root`: the folder
/// that `proc` is in, for tests.
void findProcesses(std::span<ClientSocket> sockets, const std::vector<int>& first,
                   const std::string& root = {});
/// What there is to know of a process; all empty where it has ended.
[[nodiscard]] pipeline::OriginFacts originOf(int process, const std::string& root = {});

} // namespace gateway::engine
