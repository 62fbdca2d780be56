// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/port_holder.h"

#include <cstdio>
#include <fstream>
#include <optional>
#include <sstream>
#include <unistd.h>
#include <vector>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QString>

namespace app {

namespace {

/// Inodes of the sockets that listen on the port, from one of the kernel's tables.
void addListeners(const char* table, std::uint16_t port, std::vector<std::string>& inodes)
{
    constexpr unsigned kListening = 0x0A;
    std::ifstream file(table);
    std::string line;
    std::getline(file, line);
    while (std::getline(file, line)) {
        std::istringstream columns(line);
        std::string slot, local, remote, state, queues, timer, retries, user, timeout, inode;
        columns >> slot >> local >> remote >> state >> queues >> timer >> retries >> user >> timeout >> inode;
        unsigned localPort = 0;
        unsigned stateCode = 0;
        const auto colon = local.rfind(':');
        if (colon == std::string::npos || std::sscanf(local.c_str() + colon + 1, "%x", &localPort) != 1)
            continue;
        if (std::sscanf(state.c_str(), "%x", &stateCode) != 1) continue;
        if (localPort == port && stateCode == kListening) inodes.push_back("socket:[" + inode + "]");
    }
}

enum class Holds { Undecided, Yes, No, Hidden };

Holds holdsSocket(const QString& process, const std::vector<std::string>& sockets)
{
    const QString folder = "/proc/" + process + "/fd";
    if (access(folder.toLocal8Bit().constData(), R_OK | X_OK) != 0) return Holds::Hidden;
    for (const QString& entry :
         QDir(folder).entryList(QDir::AllEntries | QDir::System | QDir::NoDotAndDotDot)) {
        char goal[256];
        const ssize_t size = readlink((folder + "/" + entry).toLocal8Bit().constData(), goal, sizeof goal);
        if (size <= 0) continue;
        const std::string_view link(goal, static_cast<std::size_t>(size));
        for (const std::string& socket : sockets) {
            if (link == socket) return Holds::Yes;
        }
    }
    return Holds::No;
}

std::string named(const QString& process)
{
    QFile name("/proc/" + process + "/comm");
    const QString text =
        name.open(QIODevice::ReadOnly) ? QString::fromUtf8(name.readAll()).trimmed() : QString();
    return (text + " (pid " + process + ")").toStdString();
}

} // namespace

std::string portHolder(std::uint16_t port)
{
    std::vector<std::string> sockets;
    addListeners("/proc/net/tcp", port, sockets);
    addListeners("/proc/net/tcp6", port, sockets);
    if (sockets.empty()) return {};
    std::string hidden;
    for (const QString& process : QDir("/proc").entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        if (!process.front().isDigit()) continue;
        const Holds holds = holdsSocket(process, sockets);
        if (holds == Holds::Yes) return named(process);
        // Our own programs do not let others look into them, so their name has to do.
        if (holds == Holds::Hidden && process.toLongLong() != getpid() &&
            named(process).starts_with("turnpike"))
            hidden = named(process);
    }
    return hidden.empty() ? "another program" : hidden;
}

} // namespace app
