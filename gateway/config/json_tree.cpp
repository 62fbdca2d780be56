// SPDX-License-Identifier: GPL-3.0-or-later
#include "config/json_tree.h"

#include <algorithm>

#include "base/json_text.h"
#include "base/utf8.h"

namespace gateway::config {

namespace {

constexpr std::size_t kLineWidth = 100;

/// Quoted, with what is not ASCII left readable.
std::string quotedKey(std::string_view text)
{
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string out = "\"";
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at != end) {
        const auto byte = static_cast<unsigned char>(*at);
        const std::size_t length = utf8Sequence(at, end);
        if (byte == '"' || byte == '\\') {
            out += {'\\', *at};
        } else if (byte < 0x20 || byte == 0x7F) {
            out += {'\\', 'u', '0', '0', kHex[byte >> 4], kHex[byte & 15U]};
        } else if (length == 0) {
            out += "\\ufffd";
        } else {
            out.append(at, length);
        }
        at += std::max<std::size_t>(length, 1);
    }
    return out += '"';
}

bool isContainer(const JsonTree& tree)
{
    return tree.kind == JsonKind::Object || tree.kind == JsonKind::Array;
}

void appendCompact(std::string& out, const JsonTree& tree, std::string_view gap)
{
    if (!isContainer(tree)) {
        out += tree.scalar;
        return;
    }
    const bool isObject = tree.kind == JsonKind::Object;
    out += isObject ? '{' : '[';
    for (const JsonTree& child : tree.children) {
        if (&child != &tree.children.front()) out.append(",").append(gap);
        if (isObject) out.append(quotedKey(child.key)).append(":").append(gap);
        appendCompact(out, child, gap);
    }
    out += isObject ? '}' : ']';
}

bool fitsOnLine(const JsonTree& tree, std::size_t indent)
{
    if (tree.kind != JsonKind::Array || std::any_of(tree.children.begin(), tree.children.end(), isContainer))
        return tree.children.empty();
    std::size_t width = indent;
    for (const JsonTree& child : tree.children)
        width += child.scalar.size() + 2;
    return width <= kLineWidth;
}

void appendPretty(std::string& out, const JsonTree& tree, std::size_t indent)
{
    if (!isContainer(tree) || fitsOnLine(tree, indent)) {
        appendCompact(out, tree, " ");
        return;
    }
    const bool isObject = tree.kind == JsonKind::Object;
    out += isObject ? '{' : '[';
    for (const JsonTree& child : tree.children) {
        out.append(&child == &tree.children.front() ? "\n" : ",\n").append(indent + 2, ' ');
        if (isObject) out.append(quotedKey(child.key)).append(": ");
        appendPretty(out, child, indent + 2);
    }
    out.append("\n").append(indent, ' ').append(isObject ? "}" : "]");
}

} // namespace

JsonTree JsonTree::parse(std::string_view json)
{
    JsonTree tree;
    tree.kind = jsonKindOf(json);
    tree.scalar.clear();
    if (tree.kind == JsonKind::Object) {
        forEachMember(json, [&tree](const JsonMember& found) {
            JsonTree child = parse(found.value);
            child.key = unescapeJson(found.key).value_or(std::string(found.key));
            tree.children.push_back(std::move(child));
        });
    } else if (tree.kind == JsonKind::Array) {
        forEachElement(json,
                       [&tree](std::string_view value, JsonKind) { tree.children.push_back(parse(value)); });
    } else {
        tree.scalar = json;
    }
    return tree;
}

JsonTree JsonTree::object()
{
    JsonTree tree;
    tree.kind = JsonKind::Object;
    return tree;
}

JsonTree JsonTree::array()
{
    JsonTree tree;
    tree.kind = JsonKind::Array;
    return tree;
}

JsonTree JsonTree::string(std::string_view utf8)
{
    JsonTree tree;
    tree.kind = JsonKind::String;
    tree.scalar = quotedKey(utf8);
    return tree;
}

JsonTree JsonTree::raw(std::string_view number)
{
    JsonTree tree;
    tree.kind = JsonKind::Number;
    tree.scalar = number;
    return tree;
}

JsonTree JsonTree::boolean(bool value)
{
    JsonTree tree;
    tree.kind = value ? JsonKind::True : JsonKind::False;
    tree.scalar = value ? "true" : "false";
    return tree;
}

JsonTree* JsonTree::find(std::string_view name)
{
    const auto found = std::find_if(children.begin(), children.end(),
                                    [name](const JsonTree& child) { return child.key == name; });
    return found == children.end() ? nullptr : &*found;
}

JsonTree& JsonTree::member(std::string_view name)
{
    if (JsonTree* found = find(name)) return *found;
    children.emplace_back().key = name;
    return children.back();
}

void JsonTree::erase(std::string_view name)
{
    std::erase_if(children, [name](const JsonTree& child) { return child.key == name; });
}

void JsonTree::assign(JsonTree value)
{
    value.key = std::move(key);
    *this = std::move(value);
}

std::string JsonTree::pretty() const
{
    std::string out;
    appendPretty(out, *this, 0);
    return out;
}

std::string JsonTree::compact() const
{
    std::string out;
    appendCompact(out, *this, {});
    return out;
}

} // namespace gateway::config
