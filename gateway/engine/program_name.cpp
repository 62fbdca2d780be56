// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>

#include "base/strings.h"
#include "base/utf8.h"
#include "engine/client_process.h"

namespace gateway::engine {

namespace {

constexpr std::size_t kMaxProgram = 64;
constexpr std::string_view kDeleted = " (deleted)"; // the kernel's mark of a file that was replaced

constexpr std::array<std::string_view, 15> kInterpreters{"node", "nodejs", "python", "pypy", "bun",
                                                         "deno", "ruby",   "perl",   "php",  "java",
                                                         "sh",   "bash",   "dash",   "zsh",  "electron"};
// Behind these stands a program's text, which is no name.
constexpr std::array<std::string_view, 5> kTextFollows{"-c", "-e", "-p", "--eval", "--print"};
// Behind these stands a file that is not the program.
constexpr std::array<std::string_view, 10> kFileFollows{
    "-r", "--require", "--import", "--loader", "-cp", "-classpath", "--class-path", "-I", "-C", "--config"};
// Words of deno and bun that say what to do with the script behind them.
constexpr std::array<std::string_view, 5> kVerbs{"run", "x", "exec", "serve", "task"};

template <std::size_t N>
bool isOneOf(const std::array<std::string_view, N>& words, std::string_view word)
{
    return std::find(words.begin(), words.end(), word) != words.end();
}

std::string_view lastName(std::string_view path)
{
    return path.substr(path.rfind('/') + 1);
}

/// "python3.12" is "python".
std::string_view withoutVersion(std::string_view name)
{
    const std::size_t last = name.find_last_not_of("0123456789.-");
    return last == std::string_view::npos ? name : name.substr(0, last + 1);
}

/// A module of Python or a class of Java: never the value of an option.
bool isDottedName(std::string_view word)
{
    return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
        return isAsciiAlnum(c) || c == '_' || c == '.' || c == '$';
    });
}

std::string shownName(std::string_view name)
{
    return isUtf8(name) ? shortened(name, kMaxProgram) : std::string();
}

/// The script, module or class that the words behind the interpreter's name say; empty: none.
std::string_view scriptIn(const std::vector<std::string_view>& words,
                          const std::function<bool(std::string_view)>& isFile)
{
    std::string_view before;
    for (std::size_t i = 1; i < words.size(); before = words[i++]) {
        const std::string_view word = words[i];
        const bool isOption = word.starts_with('-');
        if (isOneOf(kTextFollows, word)) return {};
        // Python's short options in one word, the last of which is `-c`.
        if (isOption && !word.starts_with("--") && word.size() <= 6 && word.ends_with('c')) return {};
        if (isOption || word.empty()) continue;
        if (isOneOf(kFileFollows, before)) continue;
        if (before == "-m") return isDottedName(word) ? word : std::string_view();
        if (isFile(word)) return lastName(word);
        if (i == 1 && isOneOf(kVerbs, word)) continue;
        const bool isClass = isDottedName(word) && word.find('.') != std::string_view::npos;
        if (withoutVersion(lastName(words[0])) == "java" && isClass) return word;
        if (!before.starts_with('-')) return {}; // else it may be the option's value
    }
    return {};
}

} // namespace

std::string programName(std::string_view executable, std::string_view commandLine,
                        const std::function<bool(std::string_view)>& isFile)
{
    if (executable.ends_with(kDeleted)) executable.remove_suffix(kDeleted.size());
    const std::string_view own = lastName(executable);
    if (!isOneOf(kInterpreters, withoutVersion(own))) return shownName(own);
    while (commandLine.ends_with('\0'))
        commandLine.remove_suffix(1);
    const std::vector<std::string_view> words = splitAt(commandLine, '\0');
    // A program that gave itself a name, as Claude Code does: one word, in place of the whole line.
    if (const std::string_view title = lastName(words.front());
        words.size() == 1 && isDottedName(title) && withoutVersion(title) != withoutVersion(own))
        return shownName(title);
    const std::string name = shownName(scriptIn(words, isFile));
    return name.empty() ? shownName(own) : name;
}

} // namespace gateway::engine
