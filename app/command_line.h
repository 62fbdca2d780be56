// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/gateway.h"
#include "gateway/result.h"

namespace app {

/// One `--name` that a program or a subcommand takes. `value` is what the help calls its argument; empty: a
/// switch.
struct OptionSpec {
    std::string_view name, value, help;
    bool later = false;   // Known, but not in this version.
    bool repeats = false; // May be given more than once.
};

struct CommandLine;

/// One subcommand. Its name may be of two words ("key create").
struct CommandSpec {
    std::string_view name, operands, summary;
    std::vector<OptionSpec> options;
    std::size_t leastOperands = 0, mostOperands = 0;
    int (*run)(const CommandLine&) = nullptr; // Null: not in this version.
};

/// What a user asked for. Nothing has been touched or read when it is made.
struct CommandLine {
    const CommandSpec* command = nullptr; // Null where the program has no subcommands.
    std::vector<std::string> operands;
    std::multimap<std::string, std::string, std::less<>> options; // without the dashes; "" for switches

    std::string configPath, dataDir; // defaults filled in
    std::optional<std::uint16_t> port;
    gateway::LogLevel logLevel = gateway::LogLevel::Info;
    bool json = false, help = false, version = false;

    [[nodiscard]] bool has(std::string_view option) const { return options.find(option) != options.end(); }
    [[nodiscard]] std::string value(std::string_view option) const;
    /// Of an option that may repeat, in the order in which they were given.
    [[nodiscard]] std::vector<std::string> values(std::string_view option) const;
};

/// `arguments` without the program's name. The first of `commands` is the one that is meant when none is
/// named; with no commands at all only the common options are taken. Error: a sentence for the user.
[[nodiscard]] gateway::Result<CommandLine> parseCommandLine(const std::vector<std::string>& arguments,
                                                            const std::vector<CommandSpec>& commands);

/// Help of the program, or of one subcommand.
[[nodiscard]] std::string helpText(std::string_view program, const std::vector<CommandSpec>& commands,
                                   const CommandSpec* command = nullptr);

} // namespace app
