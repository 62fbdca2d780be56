// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/responses_history.h"
#include "dialect_fuzz.h"

namespace {

/// What is kept of a request can be put before another one, and both stay valid.
void checkHistory(std::string_view body)
{
    using namespace gateway;
    JsonDocument document;
    if (scanJson(body, document, kMaxJsonDepth - 2) || document.root != JsonKind::Object) return;
    namespace responses = dialect::responses;
    const auto none = [](std::string_view) { return std::string_view(); };
    const std::vector<std::string> items = responses::inputItems(document, "1", none);
    std::vector<std::string_view> earlier;
    for (const std::string& item : items) {
        FUZZ_REQUIRE(dialect::fuzz::isWholeJson(item));
        earlier.push_back(item);
    }
    const auto whole = responses::expandedRequest(body, document, earlier, none);
    FUZZ_REQUIRE(whole.ok() && dialect::fuzz::isWholeJson(*whole));
    if (const JsonMember* input = document.find("input"))
        FUZZ_REQUIRE(dialect::fuzz::isWholeJson(responses::withoutForeignItems(input->value)));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace gateway;
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    dialect::fuzz::check(dialect::dialectOf(DialectId::OpenAiResponses), input);
    if (!input.empty()) checkHistory(input.substr(1));
    return 0;
}
