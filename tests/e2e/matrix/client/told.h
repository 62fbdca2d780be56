// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace matrix {

/// What a client has understood of an answer, and what in it its dialect does not allow. Readers ask for
/// members through it, so that one that is missing or of another type is never passed over.
class Told {
public:
    struct Call {
        std::string id, name, arguments;
    };

    std::string text;
    std::string thinking;
    std::vector<Call> calls;
    std::string finish; // "stop", "calls", "length", "filter"; empty: none was told
    std::int64_t input = 0, output = 0, cached = 0, reasoning = 0;
    std::string error;     // the message of the error, before or inside a stream
    nlohmann::json replay; // of a whole answer: what the client sends back as the model's turn
    std::vector<std::string> faults;

    void fault(std::string what) { faults.push_back(std::move(what)); }
    void expect(bool holds, const char* what)
    {
        if (!holds) fault(std::string("not so: ") + what);
    }

    [[nodiscard]] const nlohmann::json& object(const nlohmann::json& parent, std::string_view key);
    [[nodiscard]] const nlohmann::json& array(const nlohmann::json& parent, std::string_view key);
    [[nodiscard]] std::string string(const nlohmann::json& parent, std::string_view key);
    [[nodiscard]] std::int64_t number(const nlohmann::json& parent, std::string_view key);
    /// Empty where it is missing or null.
    [[nodiscard]] std::string stringOrNull(const nlohmann::json& parent, std::string_view key);
    /// As finish: what `names` has for `word`; a fault for any other word.
    void finishFrom(std::string_view word,
                    const std::vector<std::pair<std::string_view, std::string_view>>& names);
    /// A JSON text, or null and a fault.
    [[nodiscard]] nlohmann::json parsed(std::string_view bytes);
};

struct StreamEvent {
    std::string name;
    std::string data;
};
/// The events of text/event-stream as its standard has it; comments are left out.
[[nodiscard]] std::vector<StreamEvent> eventsOf(std::string_view body, Told& told);
[[nodiscard]] std::vector<std::string> linesOf(std::string_view body);

} // namespace matrix
