// SPDX-License-Identifier: GPL-3.0-or-later
#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "gateway/config_io.h"

#include "base/strings.h"
#include "config/config_limits.h"
#include "config/whole_file.h"

namespace gateway {

Result<std::string> readConfigFile(const std::string& path)
{
    const auto text = readWholeFile(path, config::kMaxFileBytes);
    if (!text) return text.error();
    if (!text.value()) return std::string();
    // What a loss of power leaves of a file. Taking it for one that says nothing would forget every key.
    if (trimmed(*text.value()).empty())
        return clientError(Code::InvalidRequest,
                           path + " is empty. Put its text back, or write {} to begin with the defaults.");
    return *text.value();
}

Outcome writeConfigFile(const std::string& path, std::string_view text)
{
    if (Outcome made = makeFolder(folderOf(path)); !made) return made;
    const Result<std::string> previous = readConfigFile(path);
    if (previous && !previous->empty() && *previous != text && parseConfig(*previous).usable()) {
        if (Outcome kept = replaceFile(path + ".bak", *previous); !kept) return kept;
    }
    return replaceFile(path, text);
}

Outcome keepConfigCopy(const std::string& path, std::string_view text)
{
    const std::string copy = path + ".bak";
    const Result<std::string> kept = readConfigFile(copy);
    if (kept && *kept == text) return Done{};
    return replaceFile(copy, text);
}

ConfigFileLock::ConfigFileLock(const std::string& path)
{
    const std::string folder = folderOf(path);
    if (!makeFolder(folder)) return;
    // The folder, not the file: the file is replaced while it is held, and a lock file would stay behind.
    m_folder = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    while (m_folder >= 0 && flock(m_folder, LOCK_EX) != 0 && errno == EINTR) {
    }
}

ConfigFileLock::~ConfigFileLock()
{
    if (m_folder >= 0) close(m_folder);
}

} // namespace gateway
