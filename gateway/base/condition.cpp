// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/condition.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <functional>
#include <optional>
#include <utility>

#include "base/glob.h"
#include "base/json_scan.h"
#include "base/json_text.h"
#include "base/pattern.h"
#include "base/strings.h"

namespace gateway {

namespace {

constexpr std::size_t kMaxDepth = 32;
constexpr std::size_t kMaxNodes = 512;
constexpr std::size_t kMaxSeen = 120;

// params, metadata and headers have names of their own behind them.
constexpr std::array<std::string_view, 27> kFields{
    "model",           "params.*",        "metadata.*",      "headers.*",   "key",         "client",
    "program",         "repository",      "dialect",         "tools",       "images",      "stream",
    "input_tokens",    "text.last_user",  "text.system",     "hour",        "weekday",     "machine.online",
    "machine.metered", "machine.battery", "machine.network", "spend.today", "budget.left", "pii",
    "pii.kinds",       "url.pathname",    "complexity"};

enum class Op : std::uint8_t { Undecided, Eq, Ne, Gt, Gte, Lt, Lte, In, Nin, Regex, Contains, Glob };

constexpr std::array<std::pair<std::string_view, Op>, 11> kOps{{{"$eq", Op::Eq},
                                                                {"$ne", Op::Ne},
                                                                {"$gt", Op::Gt},
                                                                {"$gte", Op::Gte},
                                                                {"$lt", Op::Lt},
                                                                {"$lte", Op::Lte},
                                                                {"$in", Op::In},
                                                                {"$nin", Op::Nin},
                                                                {"$regex", Op::Regex},
                                                                {"$contains", Op::Contains},
                                                                {"$glob", Op::Glob}}};

Op opNamed(std::string_view name)
{
    const auto found =
        std::find_if(kOps.begin(), kOps.end(), [name](const auto& each) { return each.first == name; });
    return found == kOps.end() ? Op::Undecided : found->second;
}

std::optional<double> numberIn(std::string_view text)
{
    double number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || problem != std::errc() || end != text.data() + text.size() || !std::isfinite(number))
        return std::nullopt;
    return number;
}

/// What the condition compares with.
struct Operand {
    FieldValue::Kind kind = FieldValue::Kind::Absent;
    bool truth = false;
    double number = 0;
    std::string text;
    std::string json; // as it stands in the condition
};

bool sameValue(const FieldValue& seen, const Operand& wanted)
{
    using Kind = FieldValue::Kind;
    const bool nothing = seen.kind == Kind::Absent || seen.kind == Kind::Null;
    if (wanted.kind == Kind::Null || nothing) return wanted.kind == Kind::Null && nothing;
    if (seen.kind == Kind::Bool || wanted.kind == Kind::Bool) {
        // A header or a piece of metadata can only be a text.
        if (seen.kind == Kind::Text) return seen.text == (wanted.truth ? "true" : "false");
        return seen.kind == wanted.kind && seen.truth == wanted.truth;
    }
    if (seen.kind == Kind::Text && wanted.kind == Kind::Text) return seen.text == wanted.text;
    if (seen.kind == Kind::List || wanted.kind == Kind::List) return false;
    const auto left = seen.kind == Kind::Number ? seen.number : numberIn(seen.text);
    const auto right = wanted.kind == Kind::Number ? wanted.number : numberIn(wanted.text);
    return left && right && *left == *right;
}

/// Less, equal or greater; nothing where the two cannot be put in an order.
std::optional<int> ordered(const FieldValue& seen, const Operand& wanted)
{
    using Kind = FieldValue::Kind;
    const auto sign = [](const auto& left, const auto& right) {
        return left < right ? -1 : right < left ? 1 : 0;
    };
    if (seen.kind == Kind::Text && wanted.kind == Kind::Text &&
        !(numberIn(seen.text) && numberIn(wanted.text)))
        return sign(seen.text, std::string_view(wanted.text));
    const auto valueOf = [](Kind kind, double number, std::string_view text) -> std::optional<double> {
        if (kind == Kind::Number) return number;
        return kind == Kind::Text ? numberIn(text) : std::nullopt;
    };
    const auto left = valueOf(seen.kind, seen.number, seen.text);
    const auto right = valueOf(wanted.kind, wanted.number, wanted.text);
    if (!left || !right) return std::nullopt;
    return sign(*left, *right);
}

std::string textOf(const FieldValue& seen)
{
    using Kind = FieldValue::Kind;
    switch (seen.kind) {
    case Kind::Null:
        return "null";
    case Kind::Bool:
        return seen.truth ? "true" : "false";
    case Kind::Number: {
        std::string json;
        JsonWriter(json).number(seen.number);
        return json;
    }
    case Kind::Text:
    case Kind::List:
        return shortened(seen.text, kMaxSeen);
    default:
        return {};
    }
}

} // namespace

struct Condition::Node {
    enum class Kind : std::uint8_t { Undecided, All, Any, Not, Test };
    Kind kind = Kind::Undecided;
    std::vector<Node> children; // of All, Any and Not, whose is one
    std::string field;
    Op op = Op::Undecided;
    std::vector<Operand> operands; // one, or those of a list
    std::optional<Pattern> pattern;
    std::string wanted; // as JSON
};

namespace {

using Node = Condition::Node;

Node nodeOf(Node::Kind kind)
{
    Node node;
    node.kind = kind;
    return node;
}

bool contains(const FieldValue& seen, const Operand& wanted)
{
    if (seen.kind == FieldValue::Kind::Text)
        return wanted.kind == FieldValue::Kind::Text && seen.text.find(wanted.text) != std::string_view::npos;
    if (seen.kind != FieldValue::Kind::List) return false;
    bool found = false;
    forEachElement(seen.text, [&](std::string_view element, JsonKind) {
        std::string decoded;
        found = sameValue(FieldValue::ofJson(element, decoded), wanted);
        return !found;
    });
    return found;
}

bool testHolds(const Node& test, const FieldValue& seen)
{
    static const Operand s_none;
    const Operand& wanted = test.operands.empty() ? s_none : test.operands.front();
    const auto isAmong = [&] {
        return std::any_of(test.operands.begin(), test.operands.end(),
                           [&seen](const Operand& each) { return sameValue(seen, each); });
    };
    const auto order = [&] { return ordered(seen, wanted); };
    switch (test.op) {
    case Op::Eq:
        return sameValue(seen, wanted);
    case Op::Ne:
        return !sameValue(seen, wanted);
    case Op::Gt:
        return order() == 1;
    case Op::Gte:
        return order().value_or(-1) >= 0;
    case Op::Lt:
        return order() == -1;
    case Op::Lte:
        return order().value_or(1) <= 0;
    case Op::In:
        return isAmong();
    case Op::Nin:
        return !isAmong();
    case Op::Regex:
        return seen.kind == FieldValue::Kind::Text && test.pattern && test.pattern->matches(seen.text);
    case Op::Contains:
        return contains(seen, wanted);
    case Op::Glob:
        return seen.kind == FieldValue::Kind::Text && globMatches(wanted.text, seen.text);
    case Op::Undecided:
        break;
    }
    return false;
}

std::string_view nameOf(Op op)
{
    for (const auto& [name, each] : kOps) {
        if (each == op) return name;
    }
    return {};
}

bool evaluate(const Node& node, const FieldSource& fields, std::vector<ConditionStep>* steps)
{
    const auto holds = [&](const Node& child) { return evaluate(child, fields, steps); };
    switch (node.kind) {
    case Node::Kind::All:
        return std::all_of(node.children.begin(), node.children.end(), holds);
    case Node::Kind::Any:
        return std::any_of(node.children.begin(), node.children.end(), holds);
    case Node::Kind::Not:
        return !holds(node.children.front());
    case Node::Kind::Test: {
        const FieldValue seen = fields.field(node.field);
        const bool held = testHolds(node, seen);
        if (steps)
            steps->push_back({node.field, std::string(nameOf(node.op)), node.wanted, textOf(seen), held});
        return held;
    }
    case Node::Kind::Undecided:
        break;
    }
    return false;
}

/// Reads one condition; the first thing that is wrong ends it.
class Reader {
public:
    [[nodiscard]] const std::string& problem() const { return m_problem; }

    Node condition(std::string_view object, const std::string& path, std::size_t depth)
    {
        Node all = nodeOf(Node::Kind::All);
        if (!enter(path, depth)) return all;
        if (jsonKindOf(object) != JsonKind::Object) {
            fail(path, "has to be an object: {\"field\": {\"$eq\": value}}");
            return all;
        }
        forEachMember(object, [&](const JsonMember& member) {
            const std::string key = unescapeJson(member.key).value_or(std::string());
            all.children.push_back(keyed(key, member, path + "." + key, depth));
            return m_problem.empty();
        });
        return all.children.size() == 1 ? std::move(all.children.front()) : all;
    }

private:
    Node keyed(const std::string& key, const JsonMember& member, const std::string& path, std::size_t depth)
    {
        if (key == "$and" || key == "$or") return list(key == "$and", member.value, path, depth);
        if (key == "$not") return negated(condition(member.value, path, depth + 1));
        if (key.starts_with('$')) {
            fail(path, "is no operator that joins conditions; those are $and, $or and $not");
            return {};
        }
        if (!Condition::isField(key)) {
            fail(path,
                 "is no field of a request; there are " + joined({kFields.begin(), kFields.end()}, ", "));
            return {};
        }
        if (member.kind == JsonKind::Object) return operators(key, member.value, path, depth + 1);
        return test(key, Op::Eq, member.value, path);
    }

    Node list(bool all, std::string_view array, const std::string& path, std::size_t depth)
    {
        Node node = nodeOf(all ? Node::Kind::All : Node::Kind::Any);
        if (jsonKindOf(array) != JsonKind::Array) {
            fail(path, "has to be a list of conditions");
            return node;
        }
        std::size_t place = 0;
        forEachElement(array, [&](std::string_view element, JsonKind) {
            node.children.push_back(
                condition(element, path + "[" + std::to_string(place++) + "]", depth + 1));
            return m_problem.empty();
        });
        if (node.children.empty()) fail(path, "needs at least one condition");
        return node;
    }

    Node operators(const std::string& field, std::string_view object, const std::string& path,
                   std::size_t depth)
    {
        Node all = nodeOf(Node::Kind::All);
        if (!enter(path, depth)) return all;
        forEachMember(object, [&](const JsonMember& member) {
            const std::string name = unescapeJson(member.key).value_or(std::string());
            const std::string here = path + "." + name;
            if (name == "$not" && member.kind == JsonKind::Object)
                all.children.push_back(negated(operators(field, member.value, here, depth + 1)));
            else if (const Op op = opNamed(name); op != Op::Undecided)
                all.children.push_back(test(field, op, member.value, here));
            else
                fail(here, "is no operator; there are $eq, $ne, $gt, $gte, $lt, $lte, $in, $nin, $regex, "
                           "$contains, $glob and $not");
            return m_problem.empty();
        });
        if (all.children.empty()) fail(path, "needs an operator, as {\"$eq\": value}");
        return all.children.size() == 1 ? std::move(all.children.front()) : all;
    }

    Node test(const std::string& field, Op op, std::string_view value, const std::string& path)
    {
        Node node = nodeOf(Node::Kind::Test);
        if (!enter(path, 0)) return node;
        node.field = field;
        node.op = op;
        node.wanted = std::string(value);
        if (op == Op::In || op == Op::Nin) {
            if (jsonKindOf(value) != JsonKind::Array) {
                fail(path, "has to be a list of values");
                return node;
            }
            forEachElement(value, [&](std::string_view element, JsonKind) {
                node.operands.push_back(operand(element, path));
                return m_problem.empty();
            });
            return node;
        }
        node.operands.push_back(operand(value, path));
        const bool text = node.operands.front().kind == FieldValue::Kind::Text;
        if ((op == Op::Regex || op == Op::Glob) && !text) fail(path, "has to be a text");
        if (op == Op::Regex && text && m_problem.empty()) {
            auto pattern = Pattern::parse(node.operands.front().text);
            if (pattern)
                node.pattern = std::move(pattern.value());
            else
                fail(path, "cannot be used. " + pattern.error().message);
        }
        const bool compares = op == Op::Gt || op == Op::Gte || op == Op::Lt || op == Op::Lte;
        if (compares && !text && node.operands.front().kind != FieldValue::Kind::Number)
            fail(path, "has to be a number or a text");
        return node;
    }

    Operand operand(std::string_view value, const std::string& path)
    {
        Operand operand;
        const FieldValue read = FieldValue::ofJson(value, operand.text);
        operand.kind = read.kind;
        operand.truth = read.truth;
        operand.number = read.number;
        if (read.kind == FieldValue::Kind::Text) operand.text = std::string(read.text);
        if (read.kind == FieldValue::Kind::Absent || read.kind == FieldValue::Kind::List)
            fail(path, "has to be a text, a number, true, false or null");
        return operand;
    }

    static Node negated(Node node)
    {
        Node no = nodeOf(Node::Kind::Not);
        no.children.push_back(std::move(node));
        return no;
    }

    bool enter(const std::string& path, std::size_t depth)
    {
        if (depth > kMaxDepth) fail(path, "is nested too deeply");
        if (++m_nodes > kMaxNodes) fail(path, "is one of too many conditions");
        return m_problem.empty();
    }

    void fail(const std::string& path, const std::string& what)
    {
        if (m_problem.empty()) m_problem = path + " " + what + ".";
    }

    std::string m_problem;
    std::size_t m_nodes = 0;
};

} // namespace

FieldValue FieldValue::of(bool value)
{
    FieldValue made;
    made.kind = Kind::Bool;
    made.truth = value;
    return made;
}

FieldValue FieldValue::of(double value)
{
    FieldValue made;
    made.kind = Kind::Number;
    made.number = value;
    return made;
}

FieldValue FieldValue::of(std::string_view value)
{
    FieldValue made;
    made.kind = Kind::Text;
    made.text = value;
    return made;
}

FieldValue FieldValue::ofJson(std::string_view json, std::string& decoded)
{
    FieldValue value;
    if (json.empty()) return value;
    switch (jsonKindOf(json)) {
    case JsonKind::Null:
        value.kind = Kind::Null;
        break;
    case JsonKind::True:
    case JsonKind::False:
        return of(jsonKindOf(json) == JsonKind::True);
    case JsonKind::Number:
        if (const auto number = jsonNumber(json)) return of(*number);
        break;
    case JsonKind::Array:
        value.kind = Kind::List;
        value.text = json;
        break;
    case JsonKind::String:
        if (json.find('\\') == std::string_view::npos) return of(json.substr(1, json.size() - 2));
        decoded = decodeJsonString(json).value_or(std::string());
        return of(std::string_view(decoded));
    default:
        break;
    }
    return value;
}

Condition::Condition(std::shared_ptr<const Node> root) : m_root(std::move(root)) {}

bool Condition::isField(std::string_view name)
{
    return std::any_of(kFields.begin(), kFields.end(), [name](std::string_view each) {
        return each.ends_with('*')
                   ? name.size() >= each.size() && name.starts_with(each.substr(0, each.size() - 1))
                   : each == name;
    });
}

Result<Condition> Condition::parse(std::string_view json)
{
    JsonDocument document;
    if (const auto problem = scanJson(json, document))
        return clientError(Code::InvalidRequest,
                           "The condition is not valid JSON: " + problem->message + ".");
    Reader reader;
    auto root = std::make_shared<Node>(reader.condition(json, "$", 0));
    if (!reader.problem().empty()) return clientError(Code::InvalidRequest, reader.problem());
    return Condition(std::move(root));
}

bool Condition::asksFor(std::string_view prefix) const
{
    const std::function<bool(const Node&)> asks = [&](const Node& node) {
        return node.field.starts_with(prefix) ||
               std::any_of(node.children.begin(), node.children.end(), asks);
    };
    return m_root && asks(*m_root);
}

bool Condition::holds(const FieldSource& fields) const
{
    return evaluate(*m_root, fields, nullptr);
}

bool Condition::explain(const FieldSource& fields, std::vector<ConditionStep>& steps) const
{
    return evaluate(*m_root, fields, &steps);
}

} // namespace gateway
