// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/text_places.h"

#include <array>
#include <map>
#include <memory>
#include <utility>

#include "base/json_cursor.h"
#include "base/json_text.h"

namespace gateway::dialect {

namespace {

/// The patterns of one sort of body as a tree, so that a walk looks at each member once.
struct PlaceNode {
    std::map<std::string, std::unique_ptr<PlaceNode>, std::less<>> members;
    std::unique_ptr<PlaceNode> elements;
    TextSort text = TextSort::Undecided; // a string here is a text
    bool isJson = false;
    bool counted = false;                 // its elements are messages
    TextSort below = TextSort::Undecided; // every string below is one
};

using PlaceTrees = std::array<std::array<PlaceNode, 2>, 16>; // by dialect; requests and answers

PlaceNode& childOf(PlaceNode& node, std::string_view name)
{
    auto& child = node.members[std::string(name)];
    if (!child) child = std::make_unique<PlaceNode>();
    return *child;
}

void addPattern(PlaceNode& root, std::string_view pattern, TextSort sort)
{
    PlaceNode* node = &root;
    while (!pattern.empty()) {
        if (pattern == "**") {
            node->below = sort;
            return;
        }
        const std::size_t end = std::min(pattern.find_first_of(".[!{*"), pattern.size());
        if (end > 0) node = &childOf(*node, pattern.substr(0, end));
        pattern.remove_prefix(end);
        if (pattern.starts_with("!")) {
            node->counted = true;
            pattern.remove_prefix(1);
        }
        if (pattern.starts_with("[]")) {
            if (!node->elements) node->elements = std::make_unique<PlaceNode>();
            node = node->elements.get();
            pattern.remove_prefix(2);
        }
        if (pattern.starts_with("{json}")) {
            node->isJson = true;
            pattern.remove_prefix(6);
        }
        if (pattern.starts_with(".")) pattern.remove_prefix(1);
    }
    node->text = sort;
}

const PlaceTrees& placeTrees()
{
    static const PlaceTrees trees = [] {
        PlaceTrees made;
#define REQUEST(dialect, pattern, sort)                                                                      \
    addPattern(made[static_cast<std::size_t>(DialectId::dialect)][0], pattern, TextSort::sort);
#define ANSWER(dialect, pattern, sort)                                                                       \
    addPattern(made[static_cast<std::size_t>(DialectId::dialect)][1], pattern, TextSort::sort);
#include "dialect/text_places.def"
#undef REQUEST
#undef ANSWER
        return made;
    }();
    return trees;
}

/// The sort that a message's role gives to its plain texts.
TextSort sortOfRole(std::string_view message, TextSort fallback)
{
    const std::string_view role = memberValue(message, "role");
    if (role == R"("system")" || role == R"("developer")") return TextSort::System;
    if (role == R"("assistant")" || role == R"("model")") return TextSort::Assistant;
    if (role == R"("tool")" || role == R"("function")") return TextSort::ToolResult;
    return role.empty() ? fallback : TextSort::User;
}

/// What may stand in a member; null: no texts.
const PlaceNode* nodeOf(const JsonMember& member, const PlaceNode& object)
{
    // Written with escapes it is the same name to whoever gets it.
    const auto decoded = member.keyEscaped ? unescapeJson(member.key) : std::nullopt;
    const auto child = object.members.find(decoded ? std::string_view(*decoded) : member.key);
    return child == object.members.end() ? nullptr : child->second.get();
}

class PlaceWalk {
public:
    explicit PlaceWalk(std::vector<TextPlace>& into, std::uint32_t leftOut = 0)
        : m_into(into), m_leftOut(leftOut)
    {
    }

    void walk(std::string_view value, JsonKind kind, const PlaceNode& node)
    {
        if (node.below != TextSort::Undecided) {
            if (kind == JsonKind::String) add(value, node.below, false);
            if (kind == JsonKind::Object || kind == JsonKind::Array)
                m_into.push_back({value, node.below, false, true, m_message});
        } else if (kind == JsonKind::String) {
            if (node.text != TextSort::Undecided) add(value, node.text, node.isJson);
        } else if (kind == JsonKind::Array && node.elements) {
            if (node.counted) m_message += std::exchange(m_leftOut, 0);
            forEachElement(value, [&](std::string_view element, JsonKind elementKind) {
                if (node.counted) beginMessage(element, elementKind);
                walk(element, elementKind, *node.elements);
            });
            if (node.counted) m_role = TextSort::Undecided;
        } else if (kind == JsonKind::Object && !isEncodedSource(value, node)) {
            forEachMember(value, [&](const JsonMember& member) {
                if (const PlaceNode* child = nodeOf(member, node)) walk(member.value, member.kind, *child);
            });
        }
    }

private:
    void beginMessage(std::string_view message, JsonKind kind)
    {
        ++m_message;
        m_role = kind == JsonKind::Object ? sortOfRole(message, TextSort::Undecided) : TextSort::Undecided;
    }

    /// Anthropic's files: only of the type `text` is the data a text.
    static bool isEncodedSource(std::string_view object, const PlaceNode& node)
    {
        return node.members.contains("data") && memberValue(object, "type") != R"("text")" &&
               memberValue(object, "type") != R"("content")" && !memberValue(object, "media_type").empty();
    }

    void add(std::string_view quoted, TextSort sort, bool isJson)
    {
        const bool plain = sort == TextSort::User || sort == TextSort::Assistant;
        m_into.push_back(
            {quoted, plain && m_role != TextSort::Undecided ? m_role : sort, isJson, false, m_message});
    }

    std::vector<TextPlace>& m_into;
    TextSort m_role = TextSort::Undecided;
    std::uint32_t m_message = 0;
    std::uint32_t m_leftOut;
};

const PlaceNode& rootOf(DialectId dialect, std::size_t side)
{
    return placeTrees()[static_cast<std::size_t>(dialect)][side];
}

std::vector<TextPlace> textsOf(DialectId dialect, std::size_t side, std::string_view body)
{
    std::vector<TextPlace> places;
    PlaceWalk(places).walk(body, jsonKindOf(body), rootOf(dialect, side));
    return places;
}

} // namespace

std::vector<TextPlace> requestTexts(DialectId dialect, std::string_view body)
{
    return textsOf(dialect, 0, body);
}

std::vector<TextPlace> answerTexts(DialectId dialect, std::string_view body)
{
    return textsOf(dialect, 1, body);
}

MemberTexts textsIn(DialectId dialect, const JsonMember& member)
{
    const PlaceNode* node = nodeOf(member, rootOf(dialect, 0));
    const bool isText =
        member.kind == JsonKind::String || member.kind == JsonKind::Object || member.kind == JsonKind::Array;
    if (!node || !isText) return MemberTexts::None;
    return node->counted && member.kind == JsonKind::Array ? MemberTexts::Messages : MemberTexts::Some;
}

std::vector<TextPlace> textsOfMembers(DialectId dialect, std::span<const JsonMember> members,
                                      std::uint32_t leftOut)
{
    std::vector<TextPlace> places;
    PlaceWalk walk(places, leftOut);
    for (const JsonMember& member : members) {
        if (const PlaceNode* node = nodeOf(member, rootOf(dialect, 0)))
            walk.walk(member.value, member.kind, *node);
    }
    return places;
}

std::string withTexts(std::string_view body, const std::vector<TextPlace>& places,
                      const std::vector<const std::string*>& texts)
{
    std::string out;
    out.reserve(body.size());
    std::size_t done = 0;
    for (std::size_t i = 0; i < places.size() && i < texts.size(); ++i) {
        if (!texts[i]) continue;
        const auto at = static_cast<std::size_t>(places[i].quoted.data() - body.data());
        out.append(body.substr(done, at - done));
        if (places[i].isObject)
            out.append(*texts[i]);
        else
            appendJsonString(out, *texts[i]);
        done = at + places[i].quoted.size();
    }
    out.append(body.substr(done));
    return out;
}

} // namespace gateway::dialect
