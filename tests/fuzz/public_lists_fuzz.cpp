// SPDX-License-Identifier: GPL-3.0-or-later
// Property: no text makes the readers of public lists crash or hang; what they accept is in bounds, can be
// kept and read back the same, and is in force once it is laid over a catalog.
#include <cstdint>
#include <string>
#include <string_view>

#include "catalog/newer_list.h"
#include "catalog/public_list.h"
#include "fuzz_require.h"

using namespace gateway;
using namespace gateway::catalog;

namespace {

const Presets& presets()
{
    static const Presets parsed = [] {
        const std::string rest =
            R"("name":"A","key_prefixes":[],"env":[],"docs":"","keys_url":"","local":false,"base_url":"https://)";
        auto made = Presets::parse(
            R"({"schema":1,"date":"2026-01-01","source":"a test","providers":[{"id":"openai","kind":"openai",)" +
            rest + R"(a.example/v1"},{"id":"together","kind":"openai-compatible",)" + rest +
            R"(b.example/v1"}]})");
        FUZZ_REQUIRE(made.ok());
        return std::move(made.value());
    }();
    return parsed;
}

void requireUsable(Result<PublicList> list)
{
    if (!list) {
        FUZZ_REQUIRE(!list.error().message.empty());
        return;
    }
    const Catalog nothing;
    const std::size_t count = list->models.size();
    Comparison comparison = compare(nothing, std::move(list->models), 10);
    FUZZ_REQUIRE(comparison.models.size() == count);
    FUZZ_REQUIRE(comparison.changes.size() + comparison.moreChanges >= count);
    const NewerList found{"2026-02-03", "a test", std::move(comparison.models)};
    const std::string text = newerListText(found);
    auto again = parseNewerList(text);
    FUZZ_REQUIRE(again.ok());
    FUZZ_REQUIRE(newerListText(*again) == text);
    const Catalog laid = nothing.withFacts(*again);
    FUZZ_REQUIRE(laid.models().size() == count);
    for (const ModelFacts& facts : found.models) {
        const CatalogModel* row = laid.find(facts.row.kind, facts.row.id);
        FUZZ_REQUIRE(row && row->updated && row->prices == facts.row.prices);
    }
    FUZZ_REQUIRE(compare(laid, std::move(again->models), 10).changes.empty());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    requireUsable(readOpenRouterList(text));
    requireUsable(readModelsDevList(text, presets()));
    static_cast<void>(parseNewerList(text));
    return 0;
}
