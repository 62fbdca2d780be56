// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "gateway/dialect/dialect_test_support.h"

/// A text that cites, in every form that the tests of citations need.
namespace gateway::dialect::testing {

// Ten code points in fourteen bytes before the sentence that cites.
inline const std::string kText = "\u00c4\u00f6\u00fc\u00df sagt. Es regnet.";

inline Citation cited(std::int64_t start = 11, std::int64_t end = 21)
{
    Citation citation{"https://x.test/a", "A page", "It rains."};
    citation.start = start;
    citation.end = end;
    return citation;
}

inline std::string shown(const Citation& citation)
{
    std::string text = citation.url + " '" + citation.title + '\'';
    if (citation.start) text += ' ' + std::to_string(*citation.start) + '-' + std::to_string(*citation.end);
    return text;
}

inline std::vector<std::string> shownAll(const std::vector<Citation>& citations)
{
    std::vector<std::string> texts;
    for (const Citation& citation : citations)
        texts.push_back(shown(citation));
    return texts;
}

inline std::vector<std::string> shownAll(const std::vector<Event>& events)
{
    std::vector<std::string> texts;
    bool open = false;
    for (const Event& event : events) {
        if (const auto* block = std::get_if<BlockStarted>(&event)) open = block->kind == BlockKind::Text;
        if (std::holds_alternative<BlockEnded>(event)) open = false;
        if (const auto* told = std::get_if<Cited>(&event))
            texts.push_back((open ? "" : "outside of a text: ") + shown(told->citation));
    }
    return texts;
}

inline std::vector<Event> stream()
{
    return {Started{"id", "model"},
            BlockStarted{0, BlockKind::Text, {}, {}},
            TextDelta{kText.substr(0, 4)},
            TextDelta{kText.substr(4)},
            Cited{cited()},
            BlockEnded{0},
            Finished{Finish::Stop, {}},
            Ended{}};
}

inline std::string data(const Json& event)
{
    return "data: " + event.dump() + "\n\n";
}

inline std::string chunk(const Json& delta, const Json& finish = nullptr, const Json& more = Json::object())
{
    Json event = {{"id", "c"}, {"model", "m"}};
    event["choices"] = Json::array({Json{{"index", 0}, {"delta", delta}, {"finish_reason", finish}}});
    event.update(more);
    return data(event);
}

inline Json annotation(int start, int end)
{
    Json inner = {{"url", "https://x.test/a"}, {"title", "A page"}};
    inner["start_index"] = start;
    inner["end_index"] = end;
    return Json{{"type", "url_citation"}, {"url_citation", inner}};
}

} // namespace gateway::dialect::testing
