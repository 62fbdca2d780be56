// SPDX-License-Identifier: GPL-3.0-or-later
// Which tools may be offered and called, and with what: as LiteLLM's tool_permission, by patterns.
#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/glob.h"
#include "base/json_scan.h"
#include "base/pattern.h"
#include "base/strings.h"
#include "guardrail/check_kind.h"

namespace gateway::guardrail {

namespace {

constexpr std::size_t kMostToolRules = 200;

/// Calls visit(const json&) for each value that a path names: "a.b", "a[*].b", "*" for any member.
template <class Visit>
void forEachAt(const nlohmann::json& value, std::string_view path, const Visit& visit)
{
    if (path.empty()) return visit(value);
    const auto dot = path.find('.');
    std::string_view name = path.substr(0, dot);
    const std::string_view rest = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    const bool isList = name.ends_with("[*]");
    if (isList) name.remove_suffix(3);
    const auto enter = [&](const nlohmann::json& member) {
        if (!isList) return forEachAt(member, rest, visit);
        if (!member.is_array()) return;
        for (const nlohmann::json& each : member)
            forEachAt(each, rest, visit);
    };
    if (!value.is_object()) return;
    for (const auto& [key, member] : value.items()) {
        if (name == "*" || name == key) enter(member);
    }
}

struct ToolRule {
    std::string tool; // a glob
    bool allows = false;
    std::vector<std::pair<std::string, Pattern>> arguments;
};

class ToolRulesCheck final : public Check {
public:
    ToolRulesCheck(std::vector<ToolRule> rules, bool allowsOthers)
        : m_rules(std::move(rules)), m_allowsOthers(allowsOthers)
    {
    }

    [[nodiscard]] Opinion judge(const Subject& subject) const override
    {
        for (const ToolUse& use : subject.tools) {
            if (!isAllowed(use, subject.stage == Stage::Response))
                return {true, "the tool `" + std::string(use.name.substr(0, 64)) +
                                  (subject.stage == Stage::Response ? "` may not be called so"
                                                                    : "` may not be offered")};
        }
        return {};
    }

private:
    [[nodiscard]] bool isAllowed(const ToolUse& use, bool isCall) const
    {
        for (const ToolRule& rule : m_rules) {
            if (!globMatches(rule.tool, use.name)) continue;
            // What a tool will be called with is not known when it is offered.
            if (rule.arguments.empty()) return rule.allows;
            if (!isCall) return true;
            // Of a member that stands there twice nobody knows which one a tool reads.
            JsonDocument whole;
            if (scanJson(use.argumentsJson, whole)) return false;
            const auto arguments = nlohmann::json::parse(use.argumentsJson, nullptr, false);
            if (rule.allows) return fitsAll(rule, arguments);
            if (fitsAny(rule, arguments)) return false;
        }
        return m_allowsOthers;
    }

    static std::string textOf(const nlohmann::json& value)
    {
        return value.is_string() ? value.get<std::string>() : value.dump();
    }

    /// An argument that is named has to be there: it may stand under another name that the tool reads as
    /// well.
    static bool fitsAll(const ToolRule& rule, const nlohmann::json& arguments)
    {
        bool fits = true;
        for (const auto& [path, pattern] : rule.arguments) {
            const Pattern& wanted = pattern;
            bool isThere = path.find('*') != std::string::npos;
            forEachAt(arguments, path, [&](const nlohmann::json& value) {
                isThere = true;
                fits = fits && wanted.matches(textOf(value));
            });
            fits = fits && isThere;
        }
        return fits;
    }

    static bool fitsAny(const ToolRule& rule, const nlohmann::json& arguments)
    {
        bool fits = false;
        for (const auto& [path, pattern] : rule.arguments) {
            const Pattern& refused = pattern;
            forEachAt(arguments, path,
                      [&](const nlohmann::json& value) { fits = fits || refused.matches(textOf(value)); });
        }
        return fits;
    }

    std::vector<ToolRule> m_rules;
    bool m_allowsOthers;
};

Error badToolRule(std::size_t place, const std::string& what)
{
    return clientError(Code::InvalidRequest, "The rule " + std::to_string(place + 1) + " " + what, "rules");
}

Result<ToolRule> readToolRule(const nlohmann::json& json, std::size_t place)
{
    const auto text = [&json](const char* name) {
        return json.contains(name) && json.at(name).is_string() ? json.at(name).get<std::string>()
                                                                : std::string();
    };
    for (const auto& [name, value] : json.items()) {
        if (name != "tool" && name != "decision" && name != "arguments")
            return badToolRule(place, "has no \"" + name.substr(0, 64) + "\": tool, decision, arguments.");
    }
    ToolRule rule;
    rule.tool = text("tool");
    if (rule.tool.empty()) return badToolRule(place, "needs a \"tool\": a name or a pattern.");
    const std::string decision = text("decision");
    if (decision != "allow" && decision != "deny")
        return badToolRule(place, R"(needs a "decision": "allow" or "deny".)");
    rule.allows = decision == "allow";
    const auto arguments = json.value("arguments", nlohmann::json::object());
    if (!arguments.is_object())
        return badToolRule(place, "needs \"arguments\" as an object: path, expression.");
    for (const auto& [path, expression] : arguments.items()) {
        if (!expression.is_string()) return badToolRule(place, "needs texts as expressions.");
        // By itself first, so that its brackets are its own; then the whole value, so that nothing can stand
        // around it.
        auto alone = Pattern::parse(expression.get<std::string>());
        if (!alone) return badToolRule(place, "has an expression that cannot be: " + alone.error().message);
        auto pattern = Pattern::parse("^(?s:" + expression.get<std::string>() + ")$");
        if (!pattern)
            return badToolRule(place, "has an expression that cannot be: " + pattern.error().message);
        rule.arguments.emplace_back(path, std::move(*pattern));
    }
    return rule;
}

Result<std::unique_ptr<Check>> makeToolRules(const Parameters& parameters)
{
    const nlohmann::json& list = parameters.json("rules");
    if (list.size() > kMostToolRules)
        return clientError(Code::InvalidRequest, "At most 200 rules are possible.", "rules");
    std::vector<ToolRule> rules;
    for (std::size_t place = 0; place < list.size(); ++place) {
        auto rule = readToolRule(list.at(place), place);
        if (!rule) return rule.error();
        rules.push_back(std::move(*rule));
    }
    return std::unique_ptr<Check>(
        new ToolRulesCheck(std::move(rules), parameters.text("default") == "allow"));
}

} // namespace

const CheckKind& toolRulesKind()
{
    static const CheckKind kind = [] {
        CheckKind made{
            "tool_rules",
            "Tools",
            "Which tools may be offered and called, MCP servers' too, and with what arguments. The first "
            "rule that "
            "fits decides.",
            {{"rules",
              Parameter::Type::JsonList,
              "Rules",
              "null",
              {},
              0,
              0,
              R"([{"tool": "mcp__files__*", "decision": "allow", "arguments": {"path": "/srv/files/.*"}}])"},
             {"default", Parameter::Type::Choice, "Others", R"("deny")", {"allow", "deny"}}},
            false,
            true,
            true,
            makeToolRules};
        made.tools = true;
        return made;
    }();
    return kind;
}

} // namespace gateway::guardrail
