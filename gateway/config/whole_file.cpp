// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/whole_file.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_descriptor.h"

namespace gateway {

namespace {

Error fileError(const std::string& what, const std::string& path, int number)
{
    return gatewayError(Code::Internal, what + " " + path + ": " + std::strerror(number) + ".");
}

std::string temporaryName(const std::string& path)
{
    std::array<unsigned char, 8> bytes{};
    std::string name = path + ".tmp-";
    // Without random bytes the name is only easier to guess; O_EXCL still refuses one that exists.
    if (getrandom(bytes.data(), bytes.size(), 0) < 0) name += std::to_string(getpid());
    for (const unsigned char byte : bytes) {
        name += "0123456789abcdef"[byte >> 4];
        name += "0123456789abcdef"[byte & 15U];
    }
    return name;
}

bool writeAll(int file, std::string_view text)
{
    while (!text.empty()) {
        const ssize_t count = ::write(file, text.data(), text.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

Outcome writeWhole(const std::string& path, std::string_view text)
{
    const FileDescriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file) return fileError("Cannot write", path, errno);
    // The mode is set again because an access list of the folder may have widened it.
    if (fchmod(file.number(), 0600) != 0 || !writeAll(file.number(), text) || fsync(file.number()) != 0) {
        const int number = errno;
        unlink(path.c_str());
        return fileError("Cannot write", path, number);
    }
    return Done{};
}

/// A program that was killed while it wrote leaves its temporary file behind.
void removeLeftovers(const std::string& path)
{
    namespace fs = std::filesystem;
    const std::string begin = fs::path(path).filename().string() + ".tmp-";
    const auto old = fs::file_time_type::clock::now() - std::chrono::minutes(1);
    std::error_code code;
    for (fs::directory_iterator each(folderOf(path), code), end; !code && each != end; each.increment(code)) {
        std::error_code ignored;
        if (each->path().filename().string().starts_with(begin) && each->last_write_time(ignored) < old &&
            !ignored)
            unlink(each->path().c_str());
    }
}

} // namespace

std::string folderOf(const std::string& path)
{
    const auto slash = path.rfind('/');
    if (slash == std::string::npos) return ".";
    return slash == 0 ? "/" : path.substr(0, slash);
}

Outcome makeFolder(const std::string& folder)
{
    for (auto end = folder.find('/', 1);; end = folder.find('/', end + 1)) {
        const std::string part = folder.substr(0, end);
        if (mkdir(part.c_str(), 0700) != 0 && errno != EEXIST)
            return fileError("Cannot make the folder", part, errno);
        if (end == std::string::npos) return Done{};
    }
}

Outcome replaceFile(const std::string& path, std::string_view text)
{
    removeLeftovers(path);
    const std::string temporary = temporaryName(path);
    if (Outcome written = writeWhole(temporary, text); !written) return written;
    if (rename(temporary.c_str(), path.c_str()) != 0) {
        const int number = errno;
        unlink(temporary.c_str());
        return fileError("Cannot replace", path, number);
    }
    const std::string folder = folderOf(path);
    const FileDescriptor directory(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory || fsync(directory.number()) != 0)
        return fileError("Cannot save the folder", folder, errno);
    return Done{};
}

Result<std::optional<std::string>> readWholeFile(const std::string& path, std::size_t maxBytes)
{
    const FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file && errno == ENOENT) return std::optional<std::string>();
    if (!file) return fileError("Cannot read", path, errno);
    struct stat info = {};
    if (fstat(file.number(), &info) != 0) return fileError("Cannot read", path, errno);
    if (!S_ISREG(info.st_mode))
        return gatewayError(Code::Internal, "Cannot read " + path + ": it is not a file.");
    std::string text;
    std::array<char, 16 * 1024> block;
    for (;;) {
        const ssize_t count = read(file.number(), block.data(), block.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return fileError("Cannot read", path, errno);
        if (count == 0) break;
        text.append(block.data(), static_cast<std::size_t>(count));
        if (text.size() > maxBytes)
            return gatewayError(Code::Internal, "Cannot read " + path + ": it is larger than " +
                                                    std::to_string(maxBytes >> 20) + " MiB.");
    }
    return std::optional<std::string>(std::move(text));
}

} // namespace gateway
