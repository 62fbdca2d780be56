// SPDX-License-Identifier: GPL-3.0-or-later
// Property: no export makes its reader crash or hang; what it gives is in order, each day and model once, and
// the same with another sort of line end.
#include <cstdint>
#include <string>
#include <string_view>

#include "accounting/provider_report.h"
#include "fuzz_require.h"

using namespace gateway::accounting;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view csv(reinterpret_cast<const char*>(data), size);
    const auto report = parseProviderReport(csv);
    if (!report) {
        FUZZ_REQUIRE(!report.error().message.empty());
        return 0;
    }
    FUZZ_REQUIRE(!report->format.empty());
    const ReportedUse* before = nullptr;
    for (const ReportedUse& use : report->use) {
        FUZZ_REQUIRE(use.day.size() == 10);
        FUZZ_REQUIRE(!before || std::pair(before->day, before->model) < std::pair(use.day, use.model));
        for (const auto& count : {use.input, use.output, use.cacheRead, use.cacheWrite, use.requests})
            FUZZ_REQUIRE(!count || *count >= 0);
        before = &use;
    }
    if (csv.find('"') != std::string_view::npos || csv.find('\r') != std::string_view::npos) return 0;
    std::string windows;
    for (const char byte : csv) {
        if (byte == '\n') windows += '\r';
        windows += byte;
    }
    const auto again = parseProviderReport(windows);
    FUZZ_REQUIRE(again.ok() && again->use == report->use && again->skippedLines == report->skippedLines);
    return 0;
}
