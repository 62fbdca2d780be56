// SPDX-License-Identifier: GPL-3.0-or-later
// OpenAI's old Completions as its API reference has them.
#include "upstream/protocol.h"

namespace matrix {

namespace {

using nlohmann::json;

class Completions : public Protocol {
public:
    // The same base URL as the chat of such a server.
    std::string_view root() const override { return "/compatible/v1/completions"; }
    std::string_view schema() const override { return "completions"; }
    std::string headFault(const fake::HttpRequest& request, std::string_view) const override
    {
        return headerFault(request, "authorization", "Bearer " + std::string(kProviderKey));
    }
    Seen read(const json& body, std::string_view) const override
    {
        Seen seen;
        seen.user = body["prompt"].is_string() ? body["prompt"].get<std::string>() : body["prompt"].dump();
        if (body.contains("max_tokens")) seen.maxTokens = body["max_tokens"].get<std::int64_t>();
        seen.stream = body.value("stream", false);
        return seen;
    }
    std::string whole(const Answer& answer) const override
    {
        json one = object(answer, joined(answer.text), finishOf(answer));
        one["usage"] = usage();
        return one.dump();
    }
    std::vector<std::string> events(const Answer& answer) const override
    {
        std::vector<std::string> events;
        for (const std::string& piece : answer.text)
            events.push_back(sse({}, object(answer, piece, nullptr)));
        if (answer.ending == Ending::Failure) {
            events.push_back("data: " + error(500, kErrorMessage) + "\n\n");
            return events;
        }
        events.push_back(sse({}, object(answer, "", finishOf(answer))));
        if (answer.includeUsage) {
            json last = object(answer, "", nullptr);
            last["choices"] = json::array();
            last["usage"] = usage();
            events.push_back(sse({}, last));
        }
        events.emplace_back("data: [DONE]\n\n");
        return events;
    }
    std::string error(unsigned status, std::string_view message) const override
    {
        return openAiChat().error(status, message);
    }

private:
    static json usage()
    {
        return {{"prompt_tokens", kInputTokens},
                {"completion_tokens", kOutputTokens},
                {"total_tokens", kInputTokens + kOutputTokens}};
    }
    static json finishOf(const Answer& answer)
    {
        if (answer.ending == Ending::Length) return "length";
        return answer.ending == Ending::Refusal ? "content_filter" : "stop";
    }
    static json object(const Answer& answer, const std::string& text, const json& finish)
    {
        return {{"id", "cmpl-m1"},
                {"object", "text_completion"},
                {"created", 1'700'000'000},
                {"model", answer.model},
                {"choices",
                 json::array({json{
                     {"text", text}, {"index", 0}, {"logprobs", nullptr}, {"finish_reason", finish}}})}};
    }
};

} // namespace

const Protocol& completions()
{
    static const Completions protocol;
    return protocol;
}

} // namespace matrix
