// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/gemini_fields.h"

#include "base/strings.h"

namespace gateway::dialect::gemini {

std::string snakeName(std::string_view camel)
{
    std::string snake;
    for (const char letter : camel) {
        if (letter >= 'A' && letter <= 'Z') snake += '_';
        snake += asciiLower(letter);
    }
    return snake;
}

// Most keys that are asked for are not there, and making the other name of each costs more than all the rest.
void Fields::lookForSnakes()
{
    for (const JsonMember& member : m_object.members())
        m_snakes = m_snakes || member.keyEscaped || member.key.find('_') != std::string_view::npos;
}

const JsonMember* Fields::find(std::string_view key) const
{
    if (const JsonMember* member = m_object.find(key)) return member;
    return m_snakes ? m_object.find(snakeName(key)) : nullptr;
}

JsonKind Fields::kind(std::string_view key) const
{
    const JsonMember* member = find(key);
    return member ? member->kind : JsonKind::Undecided;
}

std::string_view Fields::raw(std::string_view key) const
{
    const JsonMember* member = find(key);
    return member ? member->value : std::string_view();
}

std::optional<std::int64_t> Fields::integer(std::string_view key) const
{
    const std::string_view value = raw(key);
    return jsonKindOf(value) == JsonKind::String ? jsonInteger(textOf(value)) : jsonInteger(value);
}

std::optional<bool> Fields::boolean(std::string_view key) const
{
    const JsonKind found = kind(key);
    if (found != JsonKind::True && found != JsonKind::False) return std::nullopt;
    return found == JsonKind::True;
}

std::string_view Fields::array(std::string_view key) const
{
    return kind(key) == JsonKind::Array ? raw(key) : std::string_view();
}

} // namespace gateway::dialect::gemini
