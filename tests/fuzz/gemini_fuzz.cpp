// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace gateway;
    dialect::PathFacts path;
    path.model = "gemini-3.5-flash";
    path.operation = Operation::Chat;
    dialect::fuzz::check(dialect::dialectOf(DialectId::Gemini), {reinterpret_cast<const char*>(data), size},
                         path);
    return 0;
}
