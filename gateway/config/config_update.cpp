// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "gateway/config_io.h"

#include "base/json_scan.h"
#include "base/strings.h"
#include "config/config_fields.h"
#include "config/config_limits.h"
#include "config/json_tree.h"

namespace gateway {

namespace {

using config::Fields;
using config::HasFields;
using config::JsonTree;
using config::Named;
using config::Naming;
using Pairs = std::vector<std::pair<std::string, std::string>>;

template <HasFields T>
void write(JsonTree& tree, const T& before, const T& now);

template <class T>
bool isUnset(const T& value)
{
    // A text, or an id, which has one.
    if constexpr (std::is_same_v<T, std::string> || requires { value.text.empty(); })
        return value.empty();
    else if constexpr (requires { value.has_value(); })
        return !value.has_value();
    else
        return false;
}

std::string textOf(LogBodies bodies)
{
    return bodies == LogBodies::Off ? "off" : bodies == LogBodies::All ? "all" : "errors";
}

std::string textOf(Unsupported unsupported)
{
    return unsupported == Unsupported::Error ? "error" : "drop";
}

std::string textOf(KeyOrder order)
{
    return order == KeyOrder::Listed ? "listed" : "weight";
}

std::string textOf(OnBreak rule)
{
    return rule == OnBreak::Continue ? "continue" : "error";
}

std::string textOf(BudgetPeriod period)
{
    return std::string(budgetPeriodName(period));
}

std::string textOf(AtLimit rule)
{
    return std::string(atLimitName(rule == AtLimit::Undecided ? AtLimit::Block : rule));
}

std::string textOf(LoopAction action)
{
    return action == LoopAction::Off    ? "off"
           : action == LoopAction::Ask  ? "ask"
           : action == LoopAction::Stop ? "stop"
                                        : "warn";
}

void write(JsonTree& tree, bool, bool now)
{
    tree.assign(JsonTree::boolean(now));
}

void write(JsonTree& tree, const std::string&, const std::string& now)
{
    tree.assign(JsonTree::string(now));
}

template <class Tag>
void write(JsonTree& tree, const Id<Tag>&, const Id<Tag>& now)
{
    tree.assign(JsonTree::string(now.text));
}

void write(JsonTree& tree, const SecretRef&, const SecretRef& now)
{
    tree.assign(JsonTree::string(now.text()));
}

template <class T>
requires std::is_enum_v<T>
void write(JsonTree& tree, T, T now)
{
    tree.assign(JsonTree::string(textOf(now)));
}

template <std::integral T>
void write(JsonTree& tree, T, T now)
{
    tree.assign(JsonTree::raw(std::to_string(now)));
}

template <class Rep, class Period>
void write(JsonTree& tree, std::chrono::duration<Rep, Period>, std::chrono::duration<Rep, Period> now)
{
    tree.assign(JsonTree::raw(std::to_string(now.count())));
}

template <class T>
void writeList(JsonTree& tree, const std::vector<T>& now)
{
    JsonTree list = JsonTree::array();
    for (const T& value : now)
        write(list.children.emplace_back(), value, value);
    tree.assign(std::move(list));
}

void write(JsonTree& tree, const std::vector<std::string>&, const std::vector<std::string>& now)
{
    writeList(tree, now);
}

void write(JsonTree& tree, const std::vector<int>&, const std::vector<int>& now)
{
    writeList(tree, now);
}

void write(JsonTree& tree, const Pairs&, const Pairs& now)
{
    JsonTree object = JsonTree::object();
    for (const auto& [name, value] : now) {
        JsonTree& member = object.children.emplace_back(JsonTree::string(value));
        member.key = name;
    }
    tree.assign(std::move(object));
}

template <class T>
void write(JsonTree& tree, const std::optional<T>& before, const std::optional<T>& now)
{
    write(tree, before.value_or(T{}), *now);
}

void ensureKind(JsonTree& tree, JsonKind kind)
{
    if (tree.kind != kind) tree.assign(kind == JsonKind::Object ? JsonTree::object() : JsonTree::array());
}

/// An object of named entries: the owner's keys stay where they are, the entries fill the places between them
/// in their new order.
template <Named T>
void write(JsonTree& tree, const std::vector<T>& before, const std::vector<T>& now)
{
    ensureKind(tree, JsonKind::Object);
    std::vector<JsonTree> old = std::move(tree.children);
    tree.children.clear();
    auto next = now.begin();
    const auto append = [&tree, &before](const T& entry, std::vector<JsonTree>& from) {
        const std::string& name = Naming<T>::nameOf(entry);
        const auto text =
            std::find_if(from.begin(), from.end(), [&name](const auto& node) { return node.key == name; });
        const auto value = std::find_if(before.begin(), before.end(),
                                        [&name](const T& row) { return Naming<T>::nameOf(row) == name; });
        JsonTree& node = tree.children.emplace_back(text == from.end() ? JsonTree::object() : *text);
        node.key = name;
        write(node, value == before.end() ? T{} : *value, entry);
    };
    for (const JsonTree& node : std::vector<JsonTree>(old)) {
        if (Naming<T>::kOwnerKeys && config::isOwnerKey(node.key))
            tree.children.push_back(node);
        else if (next != now.end())
            append(*next++, old);
    }
    for (; next != now.end(); ++next)
        append(*next, old);
}

/// A list of objects: each entry keeps the text of the old entry that it goes on from.
template <HasFields T>
requires(!Named<T>) void write(JsonTree& tree, const std::vector<T>& before, const std::vector<T>& now)
{
    ensureKind(tree, JsonKind::Array);
    std::vector<JsonTree> old = std::move(tree.children);
    tree.children.clear();
    std::vector<bool> taken(old.size(), false);
    for (const T& entry : now) {
        std::size_t from = 0;
        while (from < old.size() &&
               (taken[from] || from >= before.size() || !Fields<T>::sameEntry(before[from], entry)))
            ++from;
        const bool found = from < old.size();
        if (found) taken[from] = true;
        JsonTree& node = tree.children.emplace_back(found ? std::move(old[from]) : JsonTree::object());
        write(node, found ? before[from] : T{}, entry);
    }
}

/// Visits the fields of a struct and writes those that changed. What stands in the file already says the
/// rest.
template <class T>
class FieldWriter {
public:
    FieldWriter(JsonTree& tree, const T& before, const T& now) : m_tree(tree), m_before(before), m_now(now) {}

    template <class Value>
    void operator()(std::string_view key, Value T::*member)
    {
        if (JsonTree* slot = slotFor(key, member)) write(*slot, m_before.*member, m_now.*member);
    }
    void decimal(std::string_view key, std::optional<std::string> T::*member)
    {
        if (JsonTree* slot = slotFor(key, member)) slot->assign(JsonTree::raw(*(m_now.*member)));
    }
    void object(std::string_view key, std::string T::*member)
    {
        if (JsonTree* slot = slotFor(key, member)) slot->assign(JsonTree::parse(m_now.*member));
    }
    void list(std::string_view key, std::string T::*member) { object(key, member); }
    void later(std::string_view) {} // Left as the owner wrote it.

private:
    template <class Value>
    JsonTree* slotFor(std::string_view key, Value T::*member)
    {
        if (m_before.*member == m_now.*member) return nullptr;
        if (!isUnset(m_now.*member)) return &m_tree.member(key);
        m_tree.erase(key);
        return nullptr;
    }

    JsonTree& m_tree;
    const T& m_before;
    const T& m_now;
};

template <HasFields T>
void write(JsonTree& tree, const T& before, const T& now)
{
    ensureKind(tree, JsonKind::Object);
    FieldWriter<T> fields(tree, before, now);
    Fields<T>::visit(fields);
}

JsonTree parseRoot(std::string_view text)
{
    JsonDocument document;
    if (scanJson(text, document, config::kMaxDepth) || document.root != JsonKind::Object)
        return JsonTree::object();
    return JsonTree::parse(trimmed(text));
}

} // namespace

std::string updateConfigText(std::string_view previousText, const Config& config)
{
    const ParsedConfig previous = parseConfig(previousText);
    const bool written = !trimmed(previousText).empty();
    if (written && previous.usable() && previous.config == config) return std::string(previousText);
    JsonTree root = parseRoot(previousText);
    // A new file says which version of the rules it follows.
    if (root.children.empty()) root.member("version").assign(JsonTree::raw(std::to_string(config.version)));
    write(root, previous.config, config);
    return root.pretty() + "\n";
}

std::string routeText(const RouteConfig& route)
{
    JsonTree tree = JsonTree::object();
    write(tree, RouteConfig{}, route);
    return tree.pretty();
}

std::optional<RouteConfig> parseRoute(const RouteId& id, std::string_view text)
{
    JsonDocument document;
    if (scanJson(text, document, config::kMaxDepth) || document.root != JsonKind::Object) return {};
    JsonTree routes = JsonTree::object();
    routes.member(id.text).assign(JsonTree::parse(trimmed(text)));
    JsonTree root = JsonTree::object();
    root.member("routes").assign(std::move(routes));
    const ParsedConfig parsed = parseConfig(root.pretty());
    const RouteConfig* found = parsed.config.findRoute(id.text);
    return found == nullptr ? std::nullopt : std::optional(*found);
}

} // namespace gateway
