// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "guardrail/personal/scan.h"
#include "guardrail/personal_data.h"

namespace gateway::guardrail {

/// A number that somebody is known by.
struct IdRule {
    std::string_view name;
    /// How it is written, parted by "|": 9 is a digit, A a capital letter, a any letter, X a capital letter
    /// or a digit, all else itself. One behind "!" says enough by its shape and checksum; others count where
    /// the text around says what they are or, but for those behind "?", where there is no text around.
    std::string_view forms;
    bool (*check)(std::string_view id);
    std::string_view called; // words around that say what it is, parted by "|"
};

/// Rules made ready to be looked for, all at once. Constant; any thread.
class IdRules {
public:
    /// `rules` outlive this.
    explicit IdRules(std::span<const IdRule> rules);
    ~IdRules();
    IdRules(const IdRules&) = delete;
    IdRules& operator=(const IdRules&) = delete;

    void find(const Scan& scan, Entity entity, std::vector<Finding>& found) const;

private:
    class FormTree;

    std::unique_ptr<const FormTree> m_tree;
};

} // namespace gateway::guardrail
