// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/text_tokens.h"

#include <variant>

#include "gateway/gateway.h"

#include "embedded.h"
#include "pipeline/token_estimate.h"

namespace gateway::pipeline {

namespace {

using accounting::TokenFamily;

constexpr std::size_t kMostInline = std::size_t{4} << 20; // some tenths of a second
// OpenAI's cookbook ("How to count tokens with tiktoken"): around each message, and before the answer.
constexpr std::int64_t kAroundMessage = 3;
constexpr std::int64_t kBeforeAnswer = 3;

const accounting::Tokenizers& tokenizers()
{
    static const accounting::Tokenizers tokenizers(embedded::tokenizers);
    return tokenizers;
}

/// Counts part after part.
struct PartCount {
    TokenFamily family = TokenFamily::Undecided;
    std::int64_t tokens = 0;

    void text(std::string_view text) { tokens += textTokens(text, family); }
    void operator()(const TextPart& part) { text(part.text); }
    void operator()(const ImagePart&) { tokens += kAttachmentTokens; }
    void operator()(const DocumentPart&) { tokens += kAttachmentTokens; }
    void operator()(const ToolCallPart& part)
    {
        text(part.name);
        text(part.argumentsJson);
    }
    void operator()(const ToolResultPart& part)
    {
        for (const auto& each : part.content)
            std::visit(*this, each);
    }
    void operator()(const ThinkingPart& part) { text(part.text); }
};

} // namespace

std::int64_t textTokens(std::string_view text, TokenFamily family)
{
    const std::string_view counted = text.substr(0, kMostInline);
    const std::int64_t tokens = tokenizers().count(counted, family);
    if (counted.size() == text.size()) return tokens;
    return static_cast<std::int64_t>(static_cast<double>(tokens) * static_cast<double>(text.size()) /
                                     static_cast<double>(counted.size()));
}

std::int64_t conversationTokens(const Request& request, TokenFamily family)
{
    PartCount count{family, kBeforeAnswer};
    for (const Message& message : request.messages) {
        count.tokens += kAroundMessage;
        for (const Part& part : message.parts)
            std::visit(count, part);
    }
    for (const Tool& tool : request.tools) {
        count.tokens += kAroundMessage;
        for (const std::string* text :
             {&tool.name, &tool.description, &tool.parametersJson, &tool.formatJson})
            count.text(*text);
    }
    count.text(request.responseFormatJson);
    return count.tokens;
}

std::int64_t answerTokens(const Completion& completion, TokenFamily family)
{
    PartCount count{family};
    for (const Part& part : completion.parts)
        std::visit(count, part);
    return count.tokens;
}

void endCounting()
{
    tokenizers().release();
}

} // namespace gateway::pipeline

namespace gateway {

bool hasTokenizers()
{
    return pipeline::tokenizers().hasVocabularies();
}

} // namespace gateway
