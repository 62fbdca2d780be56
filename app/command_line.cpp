// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/command_line.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "app/data_paths.h"

namespace app {

namespace {

using gateway::clientError;
using gateway::Code;
using gateway::Error;
using gateway::LogLevel;
using gateway::Result;

const std::vector<OptionSpec>& commonOptions()
{
    static const std::vector<OptionSpec> options = {
        {"config", "FILE", "configuration file (default: $XDG_CONFIG_HOME/turnpike/config.json)"},
        {"data", "DIR", "folder of the request log (default: $XDG_DATA_HOME/turnpike)"},
        {"port", "N", "port for this run instead of the configured one; 0: any free one"},
        {"log-level", "LEVEL", "trace, debug, info, warn or error"},
        {"json", "", "machine-readable output"},
        {"version", "", "print the version and exit"},
        {"help", "", "print this text and exit"},
    };
    return options;
}

Error wrong(std::string message)
{
    return clientError(Code::InvalidRequest, std::move(message));
}

const OptionSpec* findOption(const std::vector<OptionSpec>& options, std::string_view name)
{
    const auto found =
        std::find_if(options.begin(), options.end(), [name](const auto& row) { return row.name == name; });
    return found == options.end() ? nullptr : &*found;
}

bool isOption(std::string_view word)
{
    return word.size() > 1 && word.front() == '-';
}

/// The words that are no options and no option's value, so that a subcommand can be told before options are
/// read.
std::vector<std::string> plainWords(const std::vector<std::string>& arguments,
                                    const std::vector<CommandSpec>& commands)
{
    const auto takesValue = [&commands](std::string_view name) {
        const OptionSpec* option = findOption(commonOptions(), name);
        for (const CommandSpec& command : commands) {
            if (!option) option = findOption(command.options, name);
        }
        return option && !option->value.empty();
    };
    std::vector<std::string> words;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& word = arguments[i];
        if (!isOption(word))
            words.push_back(word);
        else if (word.find('=') == std::string::npos && word.starts_with("--") && takesValue(word.substr(2)))
            ++i;
    }
    return words;
}

/// Finds the subcommand and takes its words off the front of `words`.
Result<const CommandSpec*> takeCommand(std::vector<std::string>& words,
                                       const std::vector<CommandSpec>& commands)
{
    if (words.empty()) return &commands.front();
    // The longer name first: "questions answer" is a command of its own beside "questions".
    for (const std::ptrdiff_t count : {2, 1}) {
        if (words.size() < static_cast<std::size_t>(count)) continue;
        const std::string name = count == 2 ? words[0] + " " + words[1] : words[0];
        for (const CommandSpec& command : commands) {
            if (command.name != name) continue;
            words.erase(words.begin(), words.begin() + count);
            return &command;
        }
    }
    std::string verbs;
    for (const CommandSpec& command : commands) {
        if (command.name.starts_with(words[0] + " "))
            verbs += (verbs.empty() ? "" : ", ") + std::string(command.name);
    }
    if (!verbs.empty()) return wrong("Say what to do: " + verbs + ".");
    return wrong("There is no command \"" + words[0] + "\"; see --help.");
}

template <class Number>
std::optional<Number> parseNumber(std::string_view text)
{
    Number value{};
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (fault != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
    return value;
}

std::optional<LogLevel> parseLogLevel(std::string_view text)
{
    constexpr std::array kNames = {std::pair{std::string_view("trace"), LogLevel::Trace},
                                   std::pair{std::string_view("debug"), LogLevel::Debug},
                                   std::pair{std::string_view("info"), LogLevel::Info},
                                   std::pair{std::string_view("warn"), LogLevel::Warn},
                                   std::pair{std::string_view("error"), LogLevel::Error}};
    for (const auto& [name, level] : kNames) {
        if (name == text) return level;
    }
    return std::nullopt;
}

/// Moves the common options to their own fields.
std::optional<Error> takeCommon(CommandLine& line)
{
    line.json = line.has("json");
    line.help = line.has("help");
    line.version = line.has("version");
    if (line.help || line.version) return std::nullopt;
    line.configPath = line.has("config") ? line.value("config") : defaultConfigPath();
    line.dataDir = line.has("data") ? line.value("data") : defaultDataDir();
    if (line.configPath.empty() || line.dataDir.empty()) return wrong("--config and --data need a path.");
    if (line.has("port")) {
        line.port = parseNumber<std::uint16_t>(line.value("port"));
        if (!line.port) return wrong("--port needs a number from 0 to 65535.");
    }
    if (line.has("log-level")) {
        const auto level = parseLogLevel(line.value("log-level"));
        if (!level) return wrong("--log-level needs trace, debug, info, warn or error.");
        line.logLevel = *level;
    }
    return std::nullopt;
}

/// Reads the option at `index` of the arguments, and its value.
std::optional<Error> takeOption(const std::vector<std::string>& arguments, std::size_t& index,
                                CommandLine& line)
{
    std::string name = arguments[index];
    if (name == "-h") name = "--help";
    if (name == "-V") name = "--version";
    const auto equals = name.find('=');
    std::optional<std::string> value;
    if (equals != std::string::npos) {
        value = name.substr(equals + 1);
        name.resize(equals);
    }
    const std::string_view bare = std::string_view(name).substr(name.starts_with("--") ? 2 : 0);
    const OptionSpec* option = findOption(commonOptions(), bare);
    if (!option && line.command) option = findOption(line.command->options, bare);
    if (!option) return wrong("There is no option " + name + " here; see --help.");
    if (option->later) return wrong(name + " is not in this version of Turnpike.");
    if (line.has(bare) && !option->repeats) return wrong(name + " is given twice.");
    if (option->value.empty()) {
        if (value) return wrong(name + " takes no value.");
    } else if (!value) {
        if (index + 1 == arguments.size())
            return wrong(name + " needs a value: " + std::string(option->value) + ".");
        value = arguments[++index];
    }
    line.options.emplace(bare, value.value_or(""));
    return std::nullopt;
}

std::string optionLines(const std::vector<OptionSpec>& options)
{
    constexpr std::size_t kColumn = 24;
    std::string text;
    for (const OptionSpec& option : options) {
        if (option.later) continue;
        std::string row = "  --" + std::string(option.name);
        if (!option.value.empty()) row += " " + std::string(option.value);
        row.resize(std::max(row.size() + 2, kColumn), ' ');
        text += row + std::string(option.help) + "\n";
    }
    return text;
}

} // namespace

std::string CommandLine::value(std::string_view option) const
{
    const auto found = options.find(option);
    return found == options.end() ? std::string() : found->second;
}

std::vector<std::string> CommandLine::values(std::string_view option) const
{
    std::vector<std::string> found;
    const auto [first, last] = options.equal_range(option);
    for (auto each = first; each != last; ++each)
        found.push_back(each->second);
    return found;
}

Result<CommandLine> parseCommandLine(const std::vector<std::string>& arguments,
                                     const std::vector<CommandSpec>& commands)
{
    CommandLine line;
    std::vector<std::string> words = plainWords(arguments, commands);
    const auto asks = [&arguments](std::string_view word) {
        return std::find(arguments.begin(), arguments.end(), word) != arguments.end();
    };
    if (!commands.empty()) {
        auto command = takeCommand(words, commands);
        // Who asks for help shall get it, whatever else stands there.
        if (!command && !asks("--help") && !asks("-h")) return command.error();
        line.command = command ? *command : nullptr;
        // Without a command the help is the program's, not that of the default one.
        const bool alone = arguments.size() == 1 && (asks("--help") || asks("-h"));
        line.help = !command || alone;
        if (alone) line.command = nullptr;
    }
    if (line.help) return line;
    if (line.command && !line.command->run && !asks("--help") && !asks("-h"))
        return wrong("\"" + std::string(line.command->name) + "\" is not in this version of Turnpike.");
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if (!isOption(arguments[i])) continue;
        if (auto problem = takeOption(arguments, i, line)) return *problem;
    }
    if (auto problem = takeCommon(line)) return *problem;
    line.operands = std::move(words);
    if (line.help || line.version) return line;
    const std::size_t least = line.command ? line.command->leastOperands : 0;
    const std::size_t most = line.command ? line.command->mostOperands : 0;
    if (line.operands.size() < least)
        return wrong(std::string(line.command->name) + " needs " + std::string(line.command->operands) + ".");
    if (line.operands.size() > most)
        return wrong("Too many words: \"" + line.operands[most] + "\"; see --help.");
    return line;
}

std::string helpText(std::string_view program, const std::vector<CommandSpec>& commands,
                     const CommandSpec* command)
{
    constexpr std::size_t kColumn = 24;
    std::string text = "Usage: " + std::string(program);
    if (command) {
        text += " " + std::string(command->name) + " [options]";
        if (!command->operands.empty()) text += " " + std::string(command->operands);
        text += "\n\n" + std::string(command->summary) + ".\n";
        if (!command->run) return text + "It is not in this version of Turnpike.\n";
        return text + "\nOptions:\n" + optionLines(command->options) + optionLines(commonOptions());
    }
    text += commands.empty() ? " [options]\n" : " [command] [options]\n\nCommands:\n";
    for (const CommandSpec& row : commands) {
        if (!row.run) continue;
        std::string name = "  " + std::string(row.name);
        if (!row.operands.empty()) name += " " + std::string(row.operands);
        name.resize(std::max(name.size() + 2, kColumn), ' ');
        text += name + std::string(row.summary) + "\n";
    }
    return text + "\nOptions:\n" + optionLines(commonOptions());
}

} // namespace app
