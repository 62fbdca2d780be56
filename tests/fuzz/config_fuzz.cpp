// SPDX-License-Identifier: GPL-3.0-or-later
// Property: no text makes the reader crash or hang; what it accepts is written again so that it reads back
// the same, both over the old text and into a new file; a usable configuration passes validate() without an
// error.
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/config_io.h"

#include "fuzz_require.h"

using namespace gateway;

namespace {

bool hasError(const std::vector<ConfigProblem>& problems)
{
    ParsedConfig parsed;
    parsed.problems = problems;
    return !parsed.usable();
}

void requireRoundTrip(std::string_view previous, const Config& config)
{
    const std::string text = updateConfigText(previous, config);
    const ParsedConfig again = parseConfig(text);
    FUZZ_REQUIRE(again.usable());
    FUZZ_REQUIRE(again.config == config);
    FUZZ_REQUIRE(updateConfigText(text, config) == text);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const ParsedConfig parsed = parseConfig(text);
    for (const ConfigProblem& problem : parsed.problems)
        FUZZ_REQUIRE(!problem.message.empty());
    if (!parsed.usable()) {
        static_cast<void>(updateConfigText(text, Config()));
        return 0;
    }
    FUZZ_REQUIRE(!hasError(validate(parsed.config)));
    requireRoundTrip({}, parsed.config);
    Config changed = parsed.config;
    changed.server.port = static_cast<std::uint16_t>(changed.server.port + 1);
    changed.server.allowedOrigins.clear();
    if (!changed.aliases.empty()) changed.aliases.erase(changed.aliases.begin());
    requireRoundTrip(text, changed);
    return 0;
}
