// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/config.h"
#include "gateway/snapshot.h"

namespace gateway {

/// One guardrail of a valid configuration, made once to be tried on many texts: those of the log, and those
/// that are kept with it. Whether it is enabled and what it does about what it finds do not matter. Nothing
/// is sent. One thread at a time, and none that must not wait.
class GuardrailReplay {
public:
    /// A place that was found, or a whole that was refused.
    struct Find {
        bool inAnswer = false;
        std::string before, found, after; // `found` empty: the whole was judged, and `before` begins it
        std::string kind, reason;
        std::string sha256; // of what was found, as GuardrailConfig::exceptions has it; empty: of a whole
    };
    /// What it made of one request and its answer.
    struct Look {
        bool inScope = false;
        bool lackedRequest = false,
             lackedAnswer = false; // it would look there, and nothing readable was kept
        std::uint32_t finds = 0;
        std::vector<Find> first;
    };

    GuardrailReplay(const Config& config, const GuardrailId& id);
    ~GuardrailReplay();

    /// Why it cannot be tried; empty: it can.
    [[nodiscard]] const std::string& problem() const;
    /// A row with its bodies. What a guardrail masked before the row was logged is no longer there.
    [[nodiscard]] Look look(const LogRow& row) const;
    /// Whether it finds something in a text of a user, or in an answer.
    [[nodiscard]] bool findsIn(std::string_view text, bool isAnswer) const;

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

/// What was said in a request of the log: the last message of its body. Empty where none that can be read was
/// kept.
[[nodiscard]] std::string loggedRequestText(const LogRow& row);
/// The same of its answer.
[[nodiscard]] std::string loggedAnswerText(const LogRow& row);

} // namespace gateway
