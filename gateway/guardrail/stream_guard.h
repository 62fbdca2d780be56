// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "guardrail/json_plain.h"
#include "guardrail/text_guard.h"

namespace gateway::guardrail {

/// One text of an answer that comes in parts, cut anywhere: what may still become a place that a rule acts
/// upon is held back, the rest goes on as the whole text would have. What is longer than a mask of its own (a
/// block of a key) is held as long as it grows, to a bound. Where rules only look, nothing is held.
class StreamGuard {
public:
    /// `isJson`: the text is JSON, whose strings alone are changed. `restore`: the masks of the request, null
    /// for none. Both outlive this.
    StreamGuard(TextGuard& guard, const Masks* restore, Stage stage, std::uint32_t message, bool isJson);

    /// What may go on.
    [[nodiscard]] std::string feed(std::string_view part);
    [[nodiscard]] std::string finish();
    /// A rule refuses the text: nothing more of it goes on.
    [[nodiscard]] bool blocked() const { return m_blocked; }
    /// Bytes that wait.
    [[nodiscard]] std::size_t held() const;

private:
    [[nodiscard]] const std::string& text() const { return m_isJson ? m_json.text() : m_plain; }
    [[nodiscard]] std::string decide(bool final);
    [[nodiscard]] std::string place(std::size_t cut, bool final, std::size_t& decided);
    void append(std::string& out, std::size_t from, std::size_t to) const;
    void forget();
    [[nodiscard]] std::string restored(std::string out, bool final);

    TextGuard& m_guard;
    const Masks* m_restore;
    Stage m_stage;
    std::uint32_t m_message;
    bool m_isJson;
    bool m_looks, m_acts;
    bool m_blocked = false;
    JsonPlain m_json;
    std::string m_plain;
    std::size_t m_decided = 0;   // of text(): what is before is for context only
    std::size_t m_forgotten = 0; // of the whole text
    std::size_t m_unlooked = 0;  // since it was last looked at
    std::string m_unrestored;    // may be the beginning of a mask
};

} // namespace gateway::guardrail
