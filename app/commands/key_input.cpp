// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/key_input.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <optional>
#include <string_view>
#include <termios.h>
#include <unistd.h>

namespace app {

using gateway::Code;
using gateway::Result;
using gateway::Secret;

namespace {

/// Turns the terminal's echo off while it lives.
class SilentTerminal {
public:
    SilentTerminal()
    {
        if (tcgetattr(STDIN_FILENO, &m_before) != 0) return;
        termios silent = m_before;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        m_changed = tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0;
    }
    SilentTerminal(const SilentTerminal&) = delete;
    SilentTerminal& operator=(const SilentTerminal&) = delete;
    ~SilentTerminal()
    {
        if (m_changed) tcsetattr(STDIN_FILENO, TCSAFLUSH, &m_before);
    }

private:
    termios m_before{};
    bool m_changed = false;
};

Result<Secret> checkedInput(std::string_view bytes)
{
    constexpr std::string_view kBlank = " \t\r\n";
    if (bytes.find_first_not_of(kBlank) == std::string_view::npos)
        return gateway::clientError(Code::InvalidRequest, "Standard input holds no key.");
    if (auto secret = gateway::secretIn(bytes)) return *std::move(secret);
    return gateway::clientError(Code::InvalidRequest,
                                "A key is one line of text; standard input holds more.");
}

} // namespace

Result<Secret> readStandardInput()
{
    constexpr std::size_t kMost = std::size_t{16} * 1024;
    std::array<char, kMost + 1> bytes;
    std::size_t size = 0;
    const bool typed = isatty(STDIN_FILENO) == 1;
    std::optional<SilentTerminal> silent;
    if (typed) {
        std::cerr << "Key (not shown): " << std::flush;
        silent.emplace();
    }
    while (size < bytes.size()) {
        const ssize_t count = read(STDIN_FILENO, bytes.data() + size, bytes.size() - size);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        size += static_cast<std::size_t>(count);
        if (typed && bytes[size - 1] == '\n') break; // A terminal hands over whole lines.
    }
    if (typed) std::cerr << std::endl;
    auto secret =
        size > kMost
            ? Result<Secret>(gateway::clientError(Code::InvalidRequest, "That is too long for a key."))
            : checkedInput({bytes.data(), size});
    explicit_bzero(bytes.data(), bytes.size());
    return secret;
}

} // namespace app
