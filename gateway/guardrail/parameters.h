// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "gateway/result.h"

namespace gateway::guardrail {

/// One parameter of a check's kind, from which files are validated and editors are built.
struct Parameter {
    enum class Type : std::uint8_t {
        Undecided,
        Flag,
        Number, // a whole one, between `least` and `most`
        Text,
        Texts,   // a list of them
        Choice,  // one of `choices`
        Choices, // a list of those
        Json,    // an object
        JsonList // a list of objects
    };
    std::string_view name;
    Type type = Type::Undecided;
    std::string_view title;                // as a label
    std::string_view defaultJson = "null"; // null: has to be given
    std::vector<std::string_view> choices = {};
    std::int64_t least = 0, most = 0;
    std::string_view help = {};
};

/// The values of a check's parameters, all of them there and of their types. Asking for one of another name
/// or type is a mistake of the program.
class Parameters {
public:
    /// Error (config): an unknown name (with the nearest), a wrong type or a missing value; `param` names it.
    [[nodiscard]] static Result<Parameters> parse(const std::vector<Parameter>& known, std::string_view json);

    [[nodiscard]] bool flag(std::string_view name) const;
    [[nodiscard]] std::int64_t number(std::string_view name) const;
    [[nodiscard]] std::string text(std::string_view name) const;
    [[nodiscard]] std::vector<std::string> texts(std::string_view name) const; // of Choices, too
    [[nodiscard]] const nlohmann::json& json(std::string_view name) const;     // of JsonList, too

private:
    nlohmann::json m_values;
};

} // namespace gateway::guardrail
