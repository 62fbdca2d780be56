// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/dialect.h"

#include <cassert>

namespace gateway {

// Declared with the ids, defined here: dialects.def is the one list of names.
std::string_view dialectName(DialectId id)
{
    switch (id) {
#define DIALECT(id, name, factory)                                                                           \
    case DialectId::id:                                                                                      \
        return name;
#include "dialect/dialects.def"
#undef DIALECT
    case DialectId::Undecided:
        break;
    }
    return {};
}

namespace dialect {

#define DIALECT(id, name, factory) const Dialect& factory();
#include "dialect/dialects.def"
#undef DIALECT

const Dialect& dialectOf(DialectId id)
{
    switch (id) {
#define DIALECT(id, name, factory)                                                                           \
    case DialectId::id:                                                                                      \
        return factory();
#include "dialect/dialects.def"
#undef DIALECT
    case DialectId::Undecided:
        break;
    }
    // Unknown paths and unreadable heads are answered in OpenAI's shape.
    assert(id == DialectId::Undecided);
    return openAiChat();
}

} // namespace dialect
} // namespace gateway
