// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <optional>
#include <termios.h>
#include <unistd.h>

#include "app/commands/commands.h"
#include "app/commands/config_edit.h"
#include "app/commands/output.h"
#include "app/commands/secret_probe.h"
#include "app/commands/secret_save.h"

namespace app {

using gateway::Code;
using gateway::Outcome;
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

/// NAME, or keychain:NAME as it stands in the configuration.
Result<std::string> keychainName(const std::string& word)
{
    auto ref = gateway::parseSecretRef(word.starts_with("keychain:") ? word : "keychain:" + word);
    if (!ref) return ref.error();
    return ref->name;
}

} // namespace

int runSecretSet(const CommandLine& line)
{
    const Result<std::string> name = keychainName(line.operands.front());
    if (!name) return failWith(name.error(), line.json);
    Result<Secret> secret = readStandardInput();
    if (!secret) return failWith(secret.error(), line.json);
    const Outcome saved = saveSecret(*name, std::move(*secret));
    if (!saved) return failWith(saved.error(), line.json);
    if (line.json)
        printJson({{"name", *name}, {"saved", true}});
    else
        printLine("Saved. Name it in the configuration as \"keychain:" + *name + "\".");
    return kDone;
}

int runSecretDelete(const CommandLine& line)
{
    const Result<std::string> name = keychainName(line.operands.front());
    if (!name) return failWith(name.error(), line.json);
    const Outcome removed = deleteSecret(*name);
    if (!removed) return failWith(removed.error(), line.json);
    if (line.json)
        printJson({{"name", *name}, {"deleted", true}});
    else
        printLine("Deleted.");
    return kDone;
}

int runSecretList(const CommandLine& line)
{
    const auto loaded = loadConfig(line.configPath);
    if (!loaded) return failWith(loaded.error(), line.json);
    const std::vector<SecretProbe> probes = probeSecrets(loaded->config, SavedToo::Yes);
    if (line.json) {
        Json list = Json::array();
        for (const SecretProbe& probe : probes) {
            Json row = {
                {"secret", probe.ref.text()}, {"used_by", probe.usedBy}, {"readable", probe.readable}};
            if (!probe.readable) row["problem"] = probe.problem;
            list.push_back(row);
        }
        printJson(list);
        return kDone;
    }
    if (probes.empty()) {
        complain("no secret is saved or named in the configuration yet");
        return kDone;
    }
    std::vector<std::vector<std::string>> rows;
    rows.reserve(probes.size());
    for (const SecretProbe& probe : probes)
        rows.push_back({probe.ref.text(), probe.usedBy, probe.readable ? "readable" : probe.problem});
    printTable({"SECRET", "USED BY", "STATE"}, rows);
    return kDone;
}

} // namespace app
