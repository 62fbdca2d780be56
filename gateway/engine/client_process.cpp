// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/client_process.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <dirent.h>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "base/file_descriptor.h"
#include "base/strings.h"
#include "base/utf8.h"

namespace gateway::engine {

namespace {

constexpr std::size_t kMaxTable = std::size_t{8} << 20;
constexpr std::size_t kMaxCommandLine = 4096;
constexpr std::size_t kMaxFolder = 1024;
constexpr int kMaxLevels = 64;

/// The next field of a line; `line` goes on behind it.
std::string_view takeField(std::string_view& line)
{
    const std::size_t begin = std::min(line.find_first_not_of(' '), line.size());
    const std::size_t end = std::min(line.find(' ', begin), line.size());
    const std::string_view field = line.substr(begin, end - begin);
    line.remove_prefix(end);
    return field;
}

template <class Number>
bool readNumber(std::string_view text, Number& into, int base = 10)
{
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), into, base);
    return !text.empty() && parsed.ec == std::errc() && parsed.ptr == text.data() + text.size();
}

/// Words of an address are written as the machine holds them: of 127.0.0.1 the first byte comes last.
bool isLoopbackHex(std::string_view address)
{
    constexpr std::string_view kMapped = "0000000000000000FFFF0000";
    if (address.size() == 8) return address.ends_with("7F");
    if (address.size() != 32) return false;
    return address == "00000000000000000000000001000000" ||
           (address.starts_with(kMapped) && address.ends_with("7F"));
}

/// "0100007F:12A9"; 0: no port of this machine with itself.
std::uint16_t loopbackPort(std::string_view endpoint)
{
    const std::size_t colon = endpoint.find(':');
    std::uint16_t port = 0;
    if (colon == std::string_view::npos || !isLoopbackHex(endpoint.substr(0, colon)) ||
        !readNumber(endpoint.substr(colon + 1), port, 16))
        return 0;
    return port;
}

std::string contentsOf(const std::string& path, std::size_t most)
{
    std::string text;
    const FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file) return text;
    std::array<char, std::size_t{16} * 1024> part{};
    while (text.size() < most) {
        const ssize_t got = read(file.number(), part.data(), std::min(part.size(), most - text.size()));
        if (got <= 0) break;
        text.append(part.data(), static_cast<std::size_t>(got));
    }
    return text;
}

std::string linkTarget(const std::string& path)
{
    std::array<char, 4096> target{};
    const ssize_t size = readlink(path.c_str(), target.data(), target.size());
    return size > 0 ? std::string(target.data(), static_cast<std::size_t>(size)) : std::string();
}

struct CloseFolder {
    void operator()(DIR* folder) const { closedir(folder); }
};
using OpenFolder = std::unique_ptr<DIR, CloseFolder>;

/// Sockets whose process is not known yet; false: none is left.
bool lookInto(int process, const std::string& proc, std::span<ClientSocket> sockets)
{
    const std::string path = proc + "/" + std::to_string(process) + "/fd";
    const OpenFolder folder(opendir(path.c_str()));
    const auto isOpen = [](const ClientSocket& each) { return each.inode != 0 && each.process == 0; };
    std::array<char, 64> target{};
    while (folder) {
        const dirent* const entry = readdir(folder.get());
        if (!entry) break;
        const ssize_t size = readlinkat(dirfd(folder.get()), entry->d_name, target.data(), target.size());
        const std::uint64_t inode =
            size > 0 ? socketInode({target.data(), static_cast<std::size_t>(size)}) : 0;
        if (inode == 0) continue;
        for (ClientSocket& each : sockets) {
            if (isOpen(each) && each.inode == inode) each.process = process;
        }
    }
    return std::any_of(sockets.begin(), sockets.end(), isOpen);
}

bool isRepository(const std::string& folder)
{
    // A worktree or a submodule has a file there.
    struct stat found {};
    const std::string git = folder + "/.git";
    if (stat(git.c_str(), &found) != 0) return false;
    return S_ISREG(found.st_mode) || (S_ISDIR(found.st_mode) && ::access((git + "/HEAD").c_str(), F_OK) == 0);
}

bool isWithin(const std::string& folder, const std::string& outer)
{
    return folder.starts_with(outer) && (folder.size() == outer.size() || folder[outer.size()] == '/');
}

std::string homeFolder()
{
    const char* const home = std::getenv("HOME");
    std::string path = home ? home : "";
    while (path.ends_with('/'))
        path.pop_back();
    return path;
}

} // namespace

void findInodes(std::string_view table, std::span<ClientSocket> sockets)
{
    while (!table.empty()) {
        const std::size_t end = std::min(table.find('\n'), table.size());
        std::string_view line = table.substr(0, end);
        table.remove_prefix(std::min(end + 1, table.size()));
        takeField(line); // the line's number
        const std::uint16_t from = loopbackPort(takeField(line));
        const std::uint16_t to = from ? loopbackPort(takeField(line)) : 0;
        if (to == 0) continue;
        for (ClientSocket& each : sockets) {
            if (each.inode != 0 || each.clientPort != from || each.ourPort != to) continue;
            // State, queues, timer, resends, user and time-out stand between.
            std::string_view rest = line;
            for (int skipped = 0; skipped < 6; ++skipped)
                takeField(rest);
            if (!readNumber(takeField(rest), each.inode)) each.inode = 0;
        }
    }
}

std::uint64_t socketInode(std::string_view link)
{
    constexpr std::string_view kBegin = "socket:[";
    std::uint64_t inode = 0;
    if (!link.starts_with(kBegin) || !link.ends_with(']')) return 0;
    link.remove_prefix(kBegin.size());
    link.remove_suffix(1);
    return readNumber(link, inode) ? inode : 0;
}

std::string repositoryOf(const std::string& folder, const std::string& home)
{
    std::string place = folder;
    while (place.size() > 1 && place.ends_with('/'))
        place.pop_back();
    const bool atHome = !home.empty() && isWithin(place, home);
    for (int level = 0; level < kMaxLevels && place.size() > 1 && place.front() == '/'; ++level) {
        if (isRepository(place)) return place;
        // What lies above somebody's home is not theirs.
        if (atHome && place == home) break;
        place.erase(std::max<std::size_t>(place.rfind('/'), 1));
    }
    return {};
}

void findProcesses(std::span<ClientSocket> sockets, const std::vector<int>& first, const std::string& root)
{
    const std::string proc = root + "/proc";
    for (const char* table : {"/net/tcp", "/net/tcp6"}) {
        const auto isMissing = [](const ClientSocket& each) { return each.inode == 0; };
        if (std::any_of(sockets.begin(), sockets.end(), isMissing))
            findInodes(contentsOf(proc + table, kMaxTable), sockets);
    }
    const auto isFound = [](const ClientSocket& each) { return each.inode != 0; };
    if (std::none_of(sockets.begin(), sockets.end(), isFound)) return;
    for (const int process : first) {
        if (!lookInto(process, proc, sockets)) return;
    }
    // In the order of their numbers: who opened a socket comes before whom it was passed on to.
    const OpenFolder folder(opendir(proc.c_str()));
    while (folder) {
        const dirent* const entry = readdir(folder.get());
        if (!entry) return;
        int process = 0;
        if (!readNumber(std::string_view(entry->d_name), process)) continue;
        if (!lookInto(process, proc, sockets)) return;
    }
}

pipeline::OriginFacts originOf(int process, const std::string& root)
{
    const std::string folder = root + "/proc/" + std::to_string(process);
    pipeline::OriginFacts facts;
    facts.folder = linkTarget(folder + "/cwd");
    const auto isFile = [&facts](std::string_view word) {
        std::error_code none;
        const std::filesystem::path path = std::filesystem::path(facts.folder) / word;
        return std::filesystem::is_regular_file(path, none);
    };
    facts.program =
        programName(linkTarget(folder + "/exe"), contentsOf(folder + "/cmdline", kMaxCommandLine), isFile);
    // A folder that was deleted under it, or whose name nobody can write down.
    if (facts.folder.ends_with(" (deleted)") || !isUtf8(facts.folder) || facts.folder.size() > kMaxFolder)
        facts.folder.clear();
    facts.repository = repositoryOf(facts.folder, homeFolder());
    return facts;
}

} // namespace gateway::engine
