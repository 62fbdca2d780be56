// SPDX-License-Identifier: GPL-3.0-or-later
#include "import/draft.h"

#include <algorithm>

#include "base/condition.h"
#include "base/redaction.h"
#include "base/strings.h"
#include "config/config_rules.h"
#include "config/problem_list.h"

namespace gateway::imports {

namespace {

constexpr std::size_t kMaxRoutes = 1000;
constexpr std::size_t kMaxTargets = 100;
constexpr std::size_t kMaxAliases = 1000;
constexpr std::size_t kMaxName = 56; // leaves room for a number behind it
constexpr std::size_t kMaxTold = 120;

std::string freeName(const std::string& name, std::set<std::string, std::less<>>& taken)
{
    std::string free = name;
    for (std::size_t number = 2; !taken.insert(free).second; ++number)
        free = name + "-" + std::to_string(number);
    return free;
}

bool holdsKey(const FileValue& value)
{
    return namesAKey(value.key) || std::any_of(value.children.begin(), value.children.end(), holdsKey);
}

void append(std::string& note, const std::string& more)
{
    if (more.empty()) return;
    if (!note.empty()) note += ' ';
    note += more;
}

} // namespace

std::string asName(std::string_view wanted, std::string_view otherwise)
{
    std::string name;
    for (const char c : wanted.substr(0, kMaxName)) {
        const bool good = isAsciiAlnum(c) || c == '.' || c == '_' || c == '-';
        if (good || (!name.empty() && name.back() != '-')) name += good ? c : '-';
    }
    while (!name.empty() && name.back() == '-')
        name.pop_back();
    if (name.starts_with("x-")) name[1] = '_';
    return name.empty() ? std::string(otherwise) : name;
}

Draft::Draft(const Config& current)
{
    m_imported.config = current;
    m_providerNames = {"sandbox"};
    m_routeNames = {"sandbox"};
    for (const ProviderConfig& provider : current.providers) {
        m_providerNames.insert(provider.id.text);
        for (const ProviderKey& key : provider.keys) {
            if (key.secret.kind == SecretKind::Keychain) m_secretNames.insert(key.secret.name);
        }
    }
    for (const RouteConfig& route : current.routes)
        m_routeNames.insert(route.id.text);
    for (const auto& [pattern, goal] : current.aliases)
        m_routeNames.insert(pattern);
}

void Draft::tell(const FileValue& from, std::string to, std::string note, bool whole)
{
    m_told[&from] |= whole;
    m_imported.lines.push_back({from.path, from.line, std::move(to), std::move(note)});
}

void Draft::mapped(const FileValue& from, std::string to, std::string note)
{
    tell(from, std::move(to), std::move(note), false);
}

void Draft::mappedWhole(const FileValue& from, std::string to, std::string note)
{
    tell(from, std::move(to), std::move(note), true);
}

void Draft::left(const FileValue& from, std::string why)
{
    tell(from, {}, std::move(why), true);
}

void Draft::remark(std::string to, std::string note)
{
    m_imported.lines.push_back({{}, 0, std::move(to), std::move(note)});
}

std::optional<TargetConfig> Draft::target(const ProviderId& provider, std::string_view model,
                                          const FileValue& from)
{
    if (!config::isModelName(model)) {
        left(from, "The name of the model is empty, too long or has control characters.");
        return std::nullopt;
    }
    TargetConfig made;
    made.provider = provider;
    made.model = model;
    return made;
}

std::string Draft::overrideJson(const FileValue& map)
{
    FileValue kept;
    kept.kind = FileValue::Kind::Map;
    for (const FileValue& member : map.children) {
        if (member.key == "model" || member.key == "stream") continue;
        if (holdsKey(member)) {
            if (m_keptBack.insert(member.path).second)
                left(member, "May hold a key, which belongs into the keychain; write it in by hand if not.");
            continue;
        }
        kept.children.push_back(member);
    }
    return kept.children.empty() ? std::string() : toJson(kept);
}

std::optional<std::string> Draft::conditionJson(const FileValue& condition, const FileValue& told)
{
    std::string json = toJson(condition);
    const auto read = Condition::parse(json);
    if (read && condition.isMap()) return json;
    left(told, "This condition cannot be asked here: " +
                   (read ? std::string("it has to be an object.")
                         : shortened(withoutKeys(read.error().message), kMaxTold)));
    return std::nullopt;
}

RouteId Draft::routeName(std::string_view wanted)
{
    return RouteId(freeName(asName(wanted, "route"), m_routeNames));
}

bool Draft::addRoute(RouteConfig route, const FileValue& from, std::string note)
{
    if (route.targets.empty()) {
        left(from, "None of its targets could be taken over.");
        return false;
    }
    if (config().routes.size() >= kMaxRoutes) {
        left(from, "There are too many routes.");
        return false;
    }
    if (route.targets.size() > kMaxTargets) {
        append(note, "Only the first " + std::to_string(kMaxTargets) + " targets are kept.");
        route.targets.resize(kMaxTargets);
    }
    mapped(from, config::memberPath("routes", route.id.text), std::move(note));
    config().routes.push_back(std::move(route));
    return true;
}

bool Draft::addAlias(const std::string& pattern, const std::string& goal, const FileValue& from,
                     std::string note)
{
    const auto& aliases = config().aliases;
    const bool taken = config().findRoute(pattern) ||
                       std::any_of(aliases.begin(), aliases.end(),
                                   [&pattern](const auto& each) { return each.first == pattern; });
    if (taken || aliases.size() >= kMaxAliases || !config::isModelName(pattern)) {
        left(from,
             taken ? "There is a model of this name already; ask for " + config::quotedName(goal) + "."
                   : "Cannot be an alias, or there are too many; ask for " + config::quotedName(goal) + ".");
        return false;
    }
    mapped(from, config::memberPath("aliases", pattern), std::move(note));
    m_routeNames.insert(pattern);
    config().aliases.emplace_back(pattern, goal);
    return true;
}

void Draft::nameRoute(const FileValue& part, const RouteId& route)
{
    constexpr std::string_view kAny = "routes.*";
    for (ImportLine& line : m_imported.lines) {
        if (line.to.starts_with(kAny) && line.from.starts_with(part.path + "."))
            line.to.replace(0, kAny.size(), config::memberPath("routes", route.text));
    }
}

/// True when something in it was told of; then the rest of it is told one by one, else all of it in one line.
bool Draft::tellRest(const FileValue& source)
{
    const auto told = m_told.find(&source);
    if (told != m_told.end() && told->second) return true;
    std::vector<const FileValue*> untold;
    for (const FileValue& child : source.children) {
        if (!tellRest(child)) untold.push_back(&child);
    }
    if (told == m_told.end() && untold.size() == source.children.size()) return false;
    for (const FileValue* child : untold)
        left(*child, "There is no such setting here.");
    return true;
}

Imported Draft::finish(ImportKind kind, const FileValue& root)
{
    m_told.emplace(&root, false);
    tellRest(root);
    std::stable_sort(m_imported.lines.begin(), m_imported.lines.end(),
                     [](const ImportLine& left, const ImportLine& right) {
                         return (left.line == 0 ? SIZE_MAX : left.line) <
                                (right.line == 0 ? SIZE_MAX : right.line);
                     });
    for (ImportLine& line : m_imported.lines) {
        line.from = withoutKeys(line.from);
        line.note = withoutKeys(line.note);
    }
    m_imported.kind = kind;
    return std::move(m_imported);
}

} // namespace gateway::imports
