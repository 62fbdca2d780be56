// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever is put into a client's body, it stays JSON, and a body that gets nothing stays as it is.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/json_scan.h"
#include "dialect/prompt_edit.h"
#include "dialect/tool_offers.h"
#include "fuzz_require.h"

using namespace gateway;
using namespace gateway::dialect;

namespace {

bool isObject(std::string_view json)
{
    JsonDocument document;
    return !scanJson(json, document) && document.root == JsonKind::Object;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    constexpr std::array kAll{DialectId::OpenAiChat,      DialectId::AnthropicMessages,
                              DialectId::OpenAiResponses, DialectId::Gemini,
                              DialectId::Ollama,          DialectId::OllamaPrompt,
                              DialectId::Cohere,          DialectId::OpenAiCompletions};
    if (size == 0) return 0;
    const DialectId dialect = kAll.at(data[0] % kAll.size());
    const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
    if (!isObject(body)) return 0;
    FUZZ_REQUIRE(withPromptTexts(dialect, body, {}) == body);
    const std::string added = withPromptTexts(
        dialect, body, {{true, true, "a"}, {true, false, "\""}, {false, true, "\n"}, {false, false, "b"}});
    FUZZ_REQUIRE(isObject(added));
    std::vector<SetMember> set;
    const std::string members =
        R"({"temperature":1,"options":{"seed":1},"generationConfig":{"topP":1},"tools":[{"name":"a"}]})";
    FUZZ_REQUIRE(isObject(withPromptMembers(added, members, true, set)));
    FUZZ_REQUIRE(isObject(withPromptMembers(added, members, false, set)));
    FUZZ_REQUIRE(isObject(withCacheMarks(added, "1h")));
    const auto tools = offeredTools(body);
    FUZZ_REQUIRE(tools.size() <= size);
    return 0;
}
