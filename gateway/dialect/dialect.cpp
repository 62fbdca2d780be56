// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/dialect.h"

#include <cassert>

#include "base/json_text.h"

namespace gateway {

// Declared with the ids, defined here: dialects.def is the one list of names.
std::string_view dialectName(DialectId id)
{
    switch (id) {
#define DIALECT(id, name, factory)                                                                           \
    case DialectId::id:                                                                                      \
        return name;
#include "exchange/dialects.def"
#undef DIALECT
    case DialectId::OpenAiRealtime:
        return "realtime";
    case DialectId::Undecided:
        break;
    }
    return {};
}

namespace dialect {

const Tool* CompletionContext::findTool(std::string_view name) const
{
    if (!request) return nullptr;
    for (const Tool& tool : request->tools) {
        if (tool.name == name) return &tool;
    }
    return nullptr;
}

std::string Dialect::encodeCount(std::int64_t tokens) const
{
    std::string body;
    JsonWriter(body).beginObject().key("input_tokens").integer(tokens).endObject();
    return body;
}

std::optional<std::int64_t> Dialect::readCount(const JsonDocument& answer) const
{
    const JsonMember* count = answer.find("input_tokens");
    return count ? jsonInteger(count->value) : std::nullopt;
}

#define DIALECT(id, name, factory) const Dialect& factory();
#include "exchange/dialects.def"
#undef DIALECT

const Dialect& dialectOf(DialectId id)
{
    switch (id) {
#define DIALECT(id, name, factory)                                                                           \
    case DialectId::id:                                                                                      \
        return factory();
#include "exchange/dialects.def"
#undef DIALECT
    case DialectId::OpenAiRealtime:
    case DialectId::Undecided:
        break;
    }
    // Unknown paths and unreadable heads are answered in OpenAI's shape.
    assert(id == DialectId::Undecided || id == DialectId::OpenAiRealtime);
    return openAiChat();
}

const std::vector<const Dialect*>& allDialects()
{
    static const std::vector<const Dialect*> all{
#define DIALECT(id, name, factory) &factory(),
#include "exchange/dialects.def"
#undef DIALECT
    };
    return all;
}

} // namespace dialect
} // namespace gateway
