// SPDX-License-Identifier: GPL-3.0-or-later
// Property: a form gives the same fields whole, cut in two at any byte and byte by byte; each field's place
// in the body holds its value.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/multipart_scanner.h"
#include "fuzz_require.h"

namespace {

using gateway::MultipartScanner;

constexpr std::string_view kBoundary = "b";

bool equal(const MultipartScanner& left, const MultipartScanner& right)
{
    if (left.state() != right.state() || left.fields().size() != right.fields().size()) return false;
    for (size_t i = 0; i < left.fields().size(); ++i) {
        const auto& a = left.fields()[i];
        const auto& b = right.fields()[i];
        if (a.name != b.name || a.value != b.value || a.begin != b.begin || a.end != b.end ||
            a.isFile != b.isFile || a.isWhole != b.isWhole)
            return false;
    }
    return true;
}

void check(const MultipartScanner& scanner, std::string_view body)
{
    size_t before = 0;
    for (const auto& field : scanner.fields()) {
        FUZZ_REQUIRE(field.begin >= before && field.end >= field.begin && field.end <= body.size());
        before = field.end;
        if (field.isFile) continue;
        const std::string_view content = body.substr(field.begin, field.end - field.begin);
        FUZZ_REQUIRE(content.substr(0, MultipartScanner::kMaxValue) == field.value);
        FUZZ_REQUIRE(field.isWhole == (content.size() <= MultipartScanner::kMaxValue));
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const std::string_view body(reinterpret_cast<const char*>(data), size);
    MultipartScanner whole(kBoundary);
    whole.feed(body);
    check(whole, body);
    const size_t cut = size == 0 ? 0 : data[size - 1] % (size + 1);
    MultipartScanner two(kBoundary);
    two.feed(body.substr(0, cut));
    two.feed(body.substr(cut));
    FUZZ_REQUIRE(equal(whole, two));
    if (size <= 2048) {
        MultipartScanner bytes(kBoundary);
        for (const char& byte : body)
            bytes.feed({&byte, 1});
        FUZZ_REQUIRE(equal(whole, bytes));
    }
    if (const auto boundary = gateway::multipartBoundary(body)) FUZZ_REQUIRE(!boundary->empty());
    return 0;
}
