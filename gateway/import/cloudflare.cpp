// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "base/strings.h"
#include "config/problem_list.h"
#include "import/foreign_names.h"
#include "import/programs.h"
#include "import/shared_fields.h"
#include "import/wish.h"

/// https://developers.cloudflare.com/ai-gateway/features/dynamic-routing/json-configuration/: a graph from
/// one start over conditions, shares and models. What follows an element is a chain of targets, each the
/// fallback of the one before.
namespace gateway::imports {

namespace {

constexpr std::size_t kMaxSteps = 64;
constexpr std::size_t kMaxChain = 100;

class Cloudflare {
public:
    Cloudflare(const FileValue& root, Draft& draft) : m_root(root), m_draft(draft) {}

    void take()
    {
        const FileValue* elements = m_root.find("elements");
        if (!elements || !elements->isList()) return;
        for (const FileValue& each : elements->children) {
            if (const std::string id(each.textOf("id")); !id.empty()) m_elements.emplace(id, &each);
        }
        m_name = m_root.textOf("name").empty() ? "cloudflare" : std::string(m_root.textOf("name"));
        for (const std::string_view name : {"name", "id"}) {
            const FileValue* said = m_root.find(name);
            if (said && name == "name") m_draft.mapped(*said, "routes");
            if (said && name == "id") m_draft.left(*said, "Names here are the routes' own.");
        }
        const auto start = std::find_if(elements->children.begin(), elements->children.end(),
                                        [](const FileValue& each) { return each.textOf("type") == "start"; });
        if (start == elements->children.end())
            return m_draft.left(*elements, "Has no element of type start.");
        RouteConfig route;
        route.id = m_draft.routeName(m_name);
        m_first = firstBehind(*start);
        m_firstRoute = route.id;
        m_draft.mappedWhole(*start, config::memberPath("routes", route.id.text));
        route.targets = follow(*start, "next", route, 0);
        m_draft.mapped(*elements, config::memberPath("routes", route.id.text));
        // What splits the way at once has the route's name itself.
        const bool itself = route.targets.size() == 1 && route.targets.front().route == route.id;
        if (!itself) m_draft.addRoute(std::move(route), *elements);
        for (const FileValue& each : elements->children) {
            if (m_seen.count(&each) == 0 && &each != &*start)
                m_draft.left(each, each.textOf("type") == "end" ? "A route ends by itself."
                                                                : "Nothing leads here.");
        }
    }

private:
    using Chain = std::vector<TargetConfig>;

    [[nodiscard]] const FileValue* firstBehind(const FileValue& start) const
    {
        const FileValue* outputs = start.find("outputs");
        const FileValue* next = outputs ? outputs->find("next") : nullptr;
        const auto found = next ? m_elements.find(next->textOf("elementId")) : m_elements.end();
        return found == m_elements.end() ? nullptr : found->second;
    }

    /// What the output leads to. The route is the one that the chain will be in.
    Chain follow(const FileValue& element, std::string_view output, RouteConfig& route, std::size_t depth)
    {
        const FileValue* outputs = element.find("outputs");
        const FileValue* out = outputs ? outputs->find(output) : nullptr;
        return out ? followTo(*out, route, depth) : Chain();
    }

    Chain followTo(const FileValue& output, RouteConfig& route, std::size_t depth)
    {
        const auto found = m_elements.find(output.textOf("elementId"));
        if (found == m_elements.end()) return {};
        const FileValue& next = *found->second;
        const std::string_view type = next.textOf("type");
        if (type == "end") {
            if (m_seen.insert({&next, State::Done}).second)
                m_draft.mappedWhole(next, "routes", "A route ends by itself.");
            return {};
        }
        State& state = m_seen[&next];
        if (state == State::Open || depth > kMaxSteps) {
            m_draft.remark({}, "The elements lead in a circle, or too far, at " + next.path + ".");
            return {};
        }
        if (state == State::Done) return m_chains[&next];
        state = State::Open;
        Chain chain = chainOf(next, type, route, depth + 1);
        m_seen[&next] = State::Done;
        m_chains[&next] = chain;
        return chain;
    }

    Chain chainOf(const FileValue& element, std::string_view type, RouteConfig& route, std::size_t depth)
    {
        if (type == "model") return modelChain(element, route, depth);
        if (type == "conditional") return nested(conditional(element, depth), element);
        if (type == "percentage") return nested(shares(element, depth), element);
        if (type == "rate" || type == "rate_limit") {
            m_draft.left(element, "Limits are not in this version; the way without one is taken.");
            return follow(element, "success", route, depth);
        }
        m_draft.left(element, "There is no such element here; the way goes on behind it.");
        Chain chain = follow(element, "success", route, depth);
        return chain.empty() ? follow(element, "next", route, depth) : chain;
    }

    Chain modelChain(const FileValue& element, RouteConfig& route, std::size_t depth)
    {
        Chain chain;
        if (auto target = modelTarget(element)) {
            chain.push_back(std::move(*target));
            takeTimes(element, route);
        }
        for (TargetConfig& each : follow(element, "fallback", route, depth)) {
            if (chain.size() < kMaxChain) chain.push_back(std::move(each));
        }
        return chain;
    }

    std::optional<TargetConfig> modelTarget(const FileValue& element)
    {
        const FileValue* properties = element.find("properties");
        if (!properties) {
            m_draft.left(element, "Says no provider and model.");
            return std::nullopt;
        }
        const std::string_view provider = properties->textOf("provider");
        const catalog::Preset* preset = presetNamed(provider);
        auto wish =
            preset
                ? wishFor(*preset, {})
                : Result<ProviderWish>(clientError(Code::InvalidRequest, "There is no such provider here."));
        if (!wish) {
            m_draft.left(element, wish.error().message);
            return std::nullopt;
        }
        wish->from = properties->find("provider");
        // Cloudflare keeps the keys, or the client sends them.
        wish->key.kind = preset->local ? KeyChoice::Kind::None : KeyChoice::Kind::Elsewhere;
        const auto id = m_draft.provider(*wish);
        if (!id) return std::nullopt;
        auto target = m_draft.target(*id, properties->textOf("model"), element);
        if (!target) return std::nullopt;
        const std::string path = config::memberPath("routes", m_name);
        m_draft.mapped(element, path, "Is the target " + id->text + "/" + shortened(target->model, 80) + ".");
        if (const FileValue* model = properties->find("model")) m_draft.mapped(*model, path);
        tellIdentity(element, path);
        return target;
    }

    /// A route has one retry and one timeout: those of its first model.
    void takeTimes(const FileValue& element, RouteConfig& route)
    {
        const FileValue* properties = element.find("properties");
        const bool first = m_timed.insert({route.id.text, &element}).first->second == &element;
        const std::string path = config::memberPath("routes", route.id.text);
        if (const FileValue* timeout = properties->find("timeout")) {
            const auto limit = timeIn(*timeout, milliseconds(1));
            if (first) route.timeout.firstByte = limit;
            tellTime(*timeout, path + ".timeout.first_byte_ms", limit && route.timeout.firstByte == limit);
        }
        if (const FileValue* retries = properties->find("retries")) {
            const auto count = retries->whole(0, 10);
            if (first && count) route.retry.attempts = static_cast<std::uint32_t>(*count);
            tellTime(*retries, path + ".retry.attempts", count && route.retry.attempts == *count);
        }
    }

    void tellTime(const FileValue& value, const std::string& to, bool taken)
    {
        if (taken)
            m_draft.mapped(value, to);
        else
            m_draft.left(value, "A route has one for all its targets, that of the first.");
    }

    RouteConfig conditional(const FileValue& element, std::size_t depth)
    {
        RouteConfig route = begun(element, "conditional");
        const FileValue* properties = element.find("properties");
        const FileValue* condition = properties ? properties->find("conditions") : nullptr;
        if (!condition && properties) condition = properties->find("condition");
        auto when = condition ? m_draft.conditionJson(*condition, element) : std::nullopt;
        TargetConfig yes;
        if (when && branch(element, "true", route, depth, yes)) {
            yes.whenJson = std::move(*when);
            m_draft.mappedWhole(*condition, config::memberPath("routes", route.id.text) + ".targets[0].when");
            route.targets.push_back(std::move(yes));
        }
        TargetConfig no;
        if (branch(element, "false", route, depth, no)) route.targets.push_back(std::move(no));
        return route;
    }

    RouteConfig shares(const FileValue& element, std::size_t depth)
    {
        RouteConfig route = begun(element, "weighted");
        const FileValue* outputs = element.find("outputs");
        if (!outputs) return route;
        std::vector<double> weights;
        double rest = 100;
        for (const FileValue& output : outputs->children) {
            const auto share = shareIn(output.key);
            if (share) rest -= *share;
        }
        for (const FileValue& output : outputs->children) {
            const auto share = output.key == "else" ? std::max(rest, 0.0) : shareIn(output.key).value_or(0);
            TargetConfig target;
            if (!branch(element, output.key, route, depth, target)) continue;
            weights.push_back(share);
            route.targets.push_back(std::move(target));
        }
        const auto whole = wholeWeights(weights);
        for (std::size_t i = 0; i < whole.size(); ++i)
            route.targets[i].weight = whole[i];
        return route;
    }

    static std::optional<double> shareIn(std::string_view name)
    {
        if (!name.ends_with('%')) return std::nullopt;
        double share = 0;
        const char* const end = name.data() + name.size() - 1;
        const auto [stop, problem] = std::from_chars(name.data(), end, share);
        if (problem != std::errc() || stop != end || !(share >= 0 && share <= 100)) return std::nullopt;
        return share;
    }

    RouteConfig begun(const FileValue& element, std::string_view strategy)
    {
        RouteConfig route;
        route.id = &element == m_first ? m_firstRoute
                                       : m_draft.routeName(m_name + "-" + std::string(element.textOf("id")));
        route.strategy = strategy;
        tellIdentity(element, config::memberPath("routes", route.id.text));
        return route;
    }

    /// One target for the whole way behind an output: itself where it is only one, else a route of its own.
    bool branch(const FileValue& element, std::string_view output, const RouteConfig& parent,
                std::size_t depth, TargetConfig& into)
    {
        RouteConfig route;
        route.id = RouteId(parent.id.text + "-" + asName(output, "way"));
        Chain chain = follow(element, output, route, depth);
        if (chain.empty()) return false;
        const bool plain = route.retry == RetryConfig() && route.timeout == TimeoutConfig();
        if (chain.size() == 1 && plain) {
            into = std::move(chain.front());
            return true;
        }
        route.id = m_draft.routeName(route.id.text);
        route.targets = std::move(chain);
        into.route = route.id;
        return m_draft.addRoute(std::move(route), element,
                                "The way behind " + config::quotedName(output) + ".");
    }

    Chain nested(RouteConfig route, const FileValue& element)
    {
        TargetConfig target;
        target.route = route.id;
        if (!m_draft.addRoute(std::move(route), element)) return {};
        return {target};
    }

    void tellIdentity(const FileValue& element, const std::string& to)
    {
        for (const std::string_view name : {"id", "type", "outputs"}) {
            if (const FileValue* said = element.find(name)) m_draft.mappedWhole(*said, to);
        }
    }

    enum class State { New, Open, Done };

    const FileValue& m_root;
    Draft& m_draft;
    std::string m_name;
    const FileValue* m_first = nullptr; // behind the start
    RouteId m_firstRoute;
    std::map<std::string, const FileValue*, std::less<>> m_elements;
    std::map<const FileValue*, State> m_seen;
    std::map<const FileValue*, Chain> m_chains;
    std::map<std::string, const FileValue*> m_timed; // by route: the model whose times it has
};

} // namespace

void takeCloudflare(const FileValue& root, Draft& draft)
{
    Cloudflare(root, draft).take();
}

} // namespace gateway::imports
