// SPDX-License-Identifier: GPL-3.0-or-later
// What is mended is JSON, and JSON is mended to itself; any schema that is taken can be held against any
// value.
#include <cstdint>
#include <string_view>

#include <nlohmann/json.hpp>

#include "base/json_scan.h"
#include "fuzz_require.h"
#include "guardrail/json_mend.h"
#include "guardrail/json_schema.h"

using namespace gateway;
using namespace gateway::guardrail;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto mended = mendedJson(text);
    if (mended) {
        JsonDocument document;
        FUZZ_REQUIRE(!scanJson(*mended, document));
        FUZZ_REQUIRE(mendedJson(*mended) == mended);
    }
    for (const std::string_view part : jsonParts(text))
        FUZZ_REQUIRE(part.empty() ||
                     (part.data() >= text.data() && part.data() + part.size() <= text.data() + text.size()));
    const std::string_view first = text.substr(0, size / 2);
    const auto json = nlohmann::json::parse(first, nullptr, false);
    const auto value = nlohmann::json::parse(text.substr(size / 2), nullptr, false);
    if (json.is_discarded() || value.is_discarded()) return 0;
    if (const auto schema = JsonSchema::parse(json)) static_cast<void>(schema->fault(value));
    return 0;
}
