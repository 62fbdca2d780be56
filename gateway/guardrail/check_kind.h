// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/result.h"

#include "guardrail/check.h"
#include "guardrail/parameters.h"

namespace gateway::guardrail {

/// A sort of check: what an editor and a configuration need to know of it. Constant.
struct CheckKind {
    std::string_view id;          // "pii": as configurations name it
    std::string_view title;       // "Personal data"
    std::string_view description; // a sentence
    std::vector<Parameter> parameters;
    bool places = true;     // finds places (find()), which can be masked; else it judges the whole
    bool onRequest = true;  // of requests and tool results
    bool onResponse = true; // of answers and tool calls
    /// Error: of the parameters' values, beyond their types.
    Result<std::unique_ptr<Check>> (*make)(const Parameters& parameters) = nullptr;
    bool mends = false;   // judges the whole, may know a better text, which the action `rewrite` takes
    bool asks = false;    // asks somebody before it judges the whole: see Check::inquiry()
    bool tools = false;   // judges tools, which have to be looked for
    bool ofHead = false;  // judges who asks for what, not what is said
    bool ponders = false; // asks nobody but the embedder (ponder()), which takes milliseconds
    bool keeps = false;   // asks its address for a list that is kept, and judges by that (judgeBy())
    bool tells = false;   // asks, but only to tell somebody: never refuses, not even where it fails
};

/// Every kind that checks.def registers, in that order.
[[nodiscard]] const std::vector<const CheckKind*>& checkKinds();
[[nodiscard]] const CheckKind* findCheckKind(std::string_view id);
/// A check of that kind; `json` is an object, or empty for none. Error: what is wrong, with the parameter's
/// name.
[[nodiscard]] Result<std::unique_ptr<Check>> makeCheck(const CheckKind& kind, std::string_view json);

} // namespace gateway::guardrail
