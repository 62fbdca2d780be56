// SPDX-License-Identifier: GPL-3.0-or-later
#include "told_tokens.h"

#include "text.h"

namespace fake {

static std::string member(const char* name, uint64_t count)
{
    return '"' + std::string(name) + "\":" + std::to_string(count);
}

static uint64_t inputOf(const Tokens& tokens)
{
    return tokens.fresh + tokens.cacheRead + tokens.cacheWrite + tokens.cacheWriteHour;
}

static uint64_t outputOf(const Tokens& tokens)
{
    return tokens.spoken + tokens.thought;
}

static std::string openAiUsage(const Tokens& tokens)
{
    return "{" + member("prompt_tokens", inputOf(tokens)) + "," +
           member("completion_tokens", outputOf(tokens)) + "," +
           member("total_tokens", inputOf(tokens) + outputOf(tokens)) + R"(,"prompt_tokens_details":{)" +
           member("cached_tokens", tokens.cacheRead) + "," + member("cache_write_tokens", tokens.cacheWrite) +
           R"(},"completion_tokens_details":{)" + member("reasoning_tokens", tokens.thought) + "}}";
}

static std::string responsesUsage(const Tokens& tokens)
{
    return "{" + member("input_tokens", inputOf(tokens)) + R"(,"input_tokens_details":{)" +
           member("cached_tokens", tokens.cacheRead) + "," + member("cache_write_tokens", tokens.cacheWrite) +
           "}," + member("output_tokens", outputOf(tokens)) + R"(,"output_tokens_details":{)" +
           member("reasoning_tokens", tokens.thought) + "}," +
           member("total_tokens", inputOf(tokens) + outputOf(tokens)) + "}";
}

static std::string anthropicUsage(const Tokens& tokens)
{
    return "{" + member("input_tokens", tokens.fresh) + "," +
           member("cache_creation_input_tokens", tokens.cacheWrite + tokens.cacheWriteHour) + "," +
           member("cache_read_input_tokens", tokens.cacheRead) + R"(,"cache_creation":{)" +
           member("ephemeral_5m_input_tokens", tokens.cacheWrite) + "," +
           member("ephemeral_1h_input_tokens", tokens.cacheWriteHour) + "}," +
           member("output_tokens", outputOf(tokens)) + "}";
}

static std::string geminiUsage(const Tokens& tokens)
{
    return "{" + member("promptTokenCount", inputOf(tokens)) + "," +
           member("candidatesTokenCount", tokens.spoken) + "," +
           member("thoughtsTokenCount", tokens.thought) + "," +
           member("cachedContentTokenCount", tokens.cacheRead) + "," +
           member("totalTokenCount", inputOf(tokens) + outputOf(tokens)) + "}";
}

static std::string cohereUsage(const Tokens& tokens)
{
    const std::string counts =
        "{" + member("input_tokens", inputOf(tokens)) + "," + member("output_tokens", outputOf(tokens)) + "}";
    return R"({"billed_units":)" + counts + R"(,"tokens":)" + counts + "," +
           member("cached_tokens", tokens.cacheRead) + "}";
}

/// Ollama's stand among the members of its last line.
static std::string ollamaUsage(const Tokens& tokens)
{
    return member("prompt_eval_count", inputOf(tokens)) + "," + member("eval_count", outputOf(tokens));
}

std::string usageText(Dialect dialect, const Tokens& tokens)
{
    switch (dialect) {
    case Dialect::Responses:
        return responsesUsage(tokens);
    case Dialect::Anthropic:
        return anthropicUsage(tokens);
    case Dialect::Gemini:
        return geminiUsage(tokens);
    case Dialect::Cohere:
        return cohereUsage(tokens);
    case Dialect::Ollama:
    case Dialect::OllamaPrompt:
        return ollamaUsage(tokens);
    default:
        return openAiUsage(tokens);
    }
}

static void forgetUnspeakable(Dialect dialect, Tokens& tokens)
{
    const bool ollama = dialect == Dialect::Ollama || dialect == Dialect::OllamaPrompt;
    const bool openAi =
        !ollama && dialect != Dialect::Anthropic && dialect != Dialect::Gemini && dialect != Dialect::Cohere;
    if (ollama) tokens.cacheRead = 0;
    if (!openAi && dialect != Dialect::Anthropic) tokens.cacheWrite = 0;
    if (dialect != Dialect::Anthropic) tokens.cacheWriteHour = 0;
    if (!openAi && dialect != Dialect::Gemini) tokens.thought = 0;
}

Tokens TokenTally::draw(const Ask& ask)
{
    // Some requests are long enough for the prices of long ones, and some parts are left out.
    const uint64_t scale = m_random() % 5 == 0 ? 200'000 : 5'000;
    const auto part = [this](uint64_t most) { return m_random() % 4 == 0 ? 0 : m_random() % most; };
    Tokens tokens;
    tokens.fresh = 1 + m_random() % scale;
    for (uint64_t* each : {&tokens.cacheRead, &tokens.cacheWrite, &tokens.cacheWriteHour})
        *each = part(scale);
    tokens.spoken = 1 + m_random() % 3'000;
    tokens.thought = part(3'000);
    forgetUnspeakable(ask.dialect, tokens);
    m_told.push_back({ask.model, tokens});
    return tokens;
}

void TokenTally::reset()
{
    m_random.seed(std::mt19937::default_seed);
    m_told.clear();
}

std::string TokenTally::json() const
{
    std::string out = "[";
    for (const Told& told : m_told) {
        const Tokens& tokens = told.tokens;
        if (out.size() > 1) out += ",\n";
        out += R"({"model":)" + jsonString(told.model) + "," + member("fresh", tokens.fresh) + "," +
               member("cache_read", tokens.cacheRead) + "," + member("cache_write", tokens.cacheWrite) + "," +
               member("cache_write_1h", tokens.cacheWriteHour) + "," + member("spoken", tokens.spoken) + "," +
               member("thought", tokens.thought) + "}";
    }
    return out + "]\n";
}

} // namespace fake
