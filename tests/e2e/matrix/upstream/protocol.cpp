// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/protocol.h"

#include <algorithm>

namespace matrix {

const std::vector<const Protocol*>& allProtocols()
{
    static const std::vector<const Protocol*> all{&openAiChat(), &compatible(), &completions(), &azure(),
                                                  &responses(),  &anthropic(),  &gemini(),      &vertex(),
                                                  &bedrock(),    &cohere(),     &ollama()};
    return all;
}

std::string sse(std::string_view event, const nlohmann::json& data)
{
    std::string text;
    if (!event.empty()) text.append("event: ").append(event).append("\n");
    return text.append("data: ").append(data.dump()).append("\n\n");
}

std::string headerFault(const fake::HttpRequest& request, std::string_view name, std::string_view value)
{
    if (request.header(name) == value) return {};
    return "header " + std::string(name) + " is '" + std::string(request.header(name)) + "'";
}

std::string imageOf(const std::string& url)
{
    constexpr std::string_view kBegin = "data:image/png;base64,";
    return url.starts_with(kBegin) ? url.substr(kBegin.size()) : url;
}

std::vector<std::string> pieces(std::string_view text, std::size_t size)
{
    std::vector<std::string> all;
    for (std::size_t at = 0; at < text.size(); at += size)
        all.emplace_back(text.substr(at, size));
    return all;
}

std::string pairingFault(const Seen& seen)
{
    for (const Seen::Call& call : seen.calls) {
        const bool answered =
            std::any_of(seen.results.begin(), seen.results.end(),
                        [&call](const Seen::Result& result) { return result.id == call.id; });
        if (!answered) return "call " + call.id + " has no result";
    }
    return seen.calls.size() == seen.results.size() ? std::string() : "results without a call";
}

} // namespace matrix
