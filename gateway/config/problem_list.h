// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/config_io.h"

namespace gateway::config {

/// Gathers problems up to a number that a person could read; a hostile file must not make a million.
class ProblemList {
public:
    void error(std::string path, std::string message);
    void warn(std::string path, std::string message);
    /// True when one was found at `path` or below it.
    [[nodiscard]] bool touches(std::string_view path) const;
    /// More are dropped; there is no use in looking on.
    [[nodiscard]] bool full() const;
    [[nodiscard]] std::vector<ConfigProblem>& rows() { return m_rows; }

private:
    void add(ConfigProblem::Weight weight, std::string path, std::string message);

    std::vector<ConfigProblem> m_rows;
};

/// `path` and a member of it: ".name", or ["any text"] where the name is no plain word.
std::string memberPath(std::string_view path, std::string_view name);
std::string elementPath(std::string_view path, std::size_t index);
/// The path one step up; empty at the root.
std::string_view parentPath(std::string_view path);
/// A name as a message quotes it: cut short, control bytes made visible.
std::string quotedName(std::string_view name);
/// "a, b or c".
std::string alternatives(const std::vector<std::string>& names);

std::string notInThisVersion(std::string_view what);

} // namespace gateway::config
