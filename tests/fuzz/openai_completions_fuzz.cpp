// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect_fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace gateway;
    dialect::fuzz::check(dialect::dialectOf(DialectId::OpenAiCompletions),
                         {reinterpret_cast<const char*>(data), size});
    return 0;
}
