// SPDX-License-Identifier: GPL-3.0-or-later
// Properties: verdicts do not depend on what follows the head; a first line refused early is never good
// later; a head that is accepted has no byte that another parser could read in its own way.
#include <string_view>
#include <vector>

#include "base/head_scan.h"
#include "fuzz_require.h"

namespace {

constexpr gateway::HeadLimits kLimits{64, 256, 8};

bool isPlain(std::string_view head)
{
    for (size_t i = 0; i < head.size(); ++i) {
        const auto byte = static_cast<unsigned char>(head[i]);
        if (byte == '\r' && (i + 1 == head.size() || head[i + 1] != '\n')) return false;
        if (byte == '\n' && (i == 0 || head[i - 1] != '\r')) return false;
        if ((byte < ' ' || byte == 0x7F) && byte != '\r' && byte != '\n' && byte != '\t') return false;
        if ((byte == ' ' || byte == '\t') && i > 0 && head[i - 1] == '\n') return false;
    }
    return true;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const std::vector<char> copy(data, data + size);
    const std::string_view bytes(copy.data(), copy.size());
    const size_t end = gateway::findHeadEnd(bytes);
    for (size_t cut = 0; cut < size && cut < 300; ++cut) {
        const bool complete = end != std::string_view::npos && cut >= end;
        FUZZ_REQUIRE(gateway::findHeadEnd(bytes.substr(0, cut)) == (complete ? end : std::string_view::npos));
        FUZZ_REQUIRE(complete || gateway::findHeadEnd(bytes, cut) == end);
    }
    const auto head = bytes.substr(0, end);
    const auto asRequest = gateway::scanRequestHead(head, kLimits);
    const auto asResponse = gateway::scanResponseHead(head, kLimits);
    FUZZ_REQUIRE(asRequest || asResponse);
    for (const auto& problem : {asRequest, asResponse}) {
        FUZZ_REQUIRE(!problem || problem->offset <= head.size());
        FUZZ_REQUIRE(problem || (end != std::string_view::npos && isPlain(head)));
    }
    for (size_t cut = 0; cut <= size && cut < 100; ++cut) {
        const auto early = gateway::scanFirstLine(bytes.substr(0, cut), kLimits);
        FUZZ_REQUIRE(!early || asRequest);
    }
    return 0;
}
