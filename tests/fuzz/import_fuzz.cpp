// SPDX-License-Identifier: GPL-3.0-or-later
// Property: no file makes the importer crash or hang, and what it makes of one is a usable configuration that
// reads back the same; nothing that was there is changed; no key of the file is in the configuration or the
// report; it can be taken over a second time.
#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/config_io.h"
#include "gateway/import.h"

#include "fuzz_require.h"

using namespace gateway;

namespace {

std::size_t countOf(std::string_view text, std::string_view part)
{
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
        ++count;
    return count;
}

/// A key that stands in the file once, and long enough not to be a word of the program's own, is nowhere
/// else.
void requireSecret(std::string_view file, const Imported& imported, const std::string& written)
{
    for (const ImportedSecret& secret : imported.secrets) {
        const std::string_view key = secret.value.reveal();
        if (key.size() < 16 || countOf(file, key) != 1) continue;
        FUZZ_REQUIRE(written.find(key) == std::string::npos);
        for (const ImportLine& line : imported.lines) {
            FUZZ_REQUIRE(line.from.find(key) == std::string::npos);
            FUZZ_REQUIRE(line.to.find(key) == std::string::npos);
            FUZZ_REQUIRE(line.note.find(key) == std::string::npos);
        }
    }
}

Config somethingThere()
{
    return parseConfig(
               R"({"providers":{"openai":{"kind":"openai","keys":[{"id":"k","secret":"env:K"}]}},)"
               R"("routes":{"m":{"targets":[{"provider":"openai","model":"a"}]}},"aliases":{"n":"m"}})")
        .config;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    static const Config s_current = somethingThere();
    const Result<Imported> imported = importConfig(s_current, text);
    if (!imported) {
        FUZZ_REQUIRE(imported.error().code == Code::InvalidRequest);
        return 0;
    }
    const std::string written = updateConfigText({}, imported->config);
    const ParsedConfig again = parseConfig(written);
    FUZZ_REQUIRE(again.usable());
    FUZZ_REQUIRE(again.config == imported->config);
    FUZZ_REQUIRE(imported->config.providers.front() == s_current.providers.front());
    FUZZ_REQUIRE(imported->config.routes.front() == s_current.routes.front());
    FUZZ_REQUIRE(imported->config.aliases.front() == s_current.aliases.front());
    requireSecret(text, *imported, written);
    FUZZ_REQUIRE(importConfig(imported->config, text).ok());
    return 0;
}
