// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/kept_answer.h"

#include <algorithm>
#include <charconv>

#include "gateway/ids.h"

#include "base/json_cursor.h"
#include "base/json_text.h"
#include "base/strings.h"
#include "dialect/responses_history.h"

namespace gateway::pipeline {

namespace {

constexpr std::size_t kUsualPage = 20;
constexpr std::size_t kLargestPage = 100;

Error notKept(std::string_view id)
{
    Error error = clientError(Code::InvalidRequest,
                              "No response `" + shortened(id, 80) +
                                  "` is kept for this key. Turnpike keeps, in memory, the answers that it "
                                  "translated itself, and no provider is set up that keeps its own.",
                              "response_id");
    error.status = 404;
    return error;
}

std::string parameter(std::string_view query, std::string_view name)
{
    for (const std::string_view part : splitAt(query, '&')) {
        const auto equals = part.find('=');
        if (part.substr(0, equals) == name && equals != std::string_view::npos)
            return percentDecoded(part.substr(equals + 1));
    }
    return {};
}

std::string deletedBody(std::string_view id)
{
    std::string body;
    JsonWriter json(body);
    json.beginObject().key("id").string(id).key("object").string("response");
    json.key("deleted").boolean(true).endObject();
    return body;
}

/// A page of the input, by the API's own parameters: `order` (newest first where it is not said), `after`,
/// `limit`.
Result<std::string> itemList(const KeptResponse& response, std::string_view query)
{
    const std::string limitText = parameter(query, "limit");
    std::size_t limit = kUsualPage;
    if (!limitText.empty()) {
        const char* const end = limitText.data() + limitText.size();
        const auto read = std::from_chars(limitText.data(), end, limit);
        if (read.ec != std::errc() || read.ptr != end || limit < 1 || limit > kLargestPage)
            return clientError(Code::InvalidRequest, "'limit' has to be a number from 1 to 100.", "limit");
    }
    KeptItems items = response.input;
    if (parameter(query, "order") != "asc") std::reverse(items.begin(), items.end());
    auto first = items.begin();
    if (const std::string after = parameter(query, "after"); !after.empty()) {
        first = std::find_if(items.begin(), items.end(), [&after](const auto& item) {
            return dialect::responses::idOf(item->json) == after;
        });
        if (first != items.end()) ++first;
    }
    const auto left = static_cast<std::size_t>(items.end() - first);
    const auto last = first + static_cast<std::ptrdiff_t>(std::min(limit, left));
    std::string body;
    JsonWriter json(body);
    json.beginObject().key("object").string("list").key("data").beginArray();
    for (auto item = first; item != last; ++item)
        json.raw((*item)->json);
    json.endArray().key("first_id").string(first == last ? "" : dialect::responses::idOf((*first)->json));
    json.key("last_id").string(first == last ? "" : dialect::responses::idOf((*std::prev(last))->json));
    json.key("has_more").boolean(last != items.end()).endObject();
    return body;
}

} // namespace

bool isOwnResponse(std::string_view id)
{
    return id.starts_with("resp_") && RequestId::parse("req_" + std::string(id.substr(5))).value != 0;
}

Result<std::string> keptAnswer(ResponseStore& store, const KeptAsk& ask)
{
    const std::string id = percentDecoded(ask.endpoint.rest);
    const auto response = store.find(ask.owner, id);
    if (!response) return notKept(id);
    if (ask.endpoint.after == "/input_items") return itemList(*response, ask.query);
    if (ask.endpoint.after == "/cancel") {
        // All that is kept is complete; only what was asked for in the background may be told to stop.
        if (jsonKindOf(memberValue(response->json, "background")) == JsonKind::True) return response->json;
        return clientError(Code::InvalidRequest,
                           "Only a response that was created with `background` can be cancelled.",
                           "response_id");
    }
    if (ask.method == "DELETE") {
        store.erase(ask.owner, id);
        return deletedBody(id);
    }
    if (parameter(ask.query, "stream") == "true")
        return clientError(Code::InvalidRequest,
                           "A kept response is not streamed again. Ask for it without `stream`.", "stream");
    return response->json;
}

} // namespace gateway::pipeline
