// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <chrono>
#include <map>

#include "base/strings.h"
#include "config/config_rules.h"
#include "config/problem_list.h"
#include "import/programs.h"
#include "import/wish.h"

/// https://github.com/musistudio/claude-code-router: Providers, and Router with "provider,model" for each
/// sort of request that Claude Code makes.
namespace gateway::imports {

namespace {

constexpr std::int64_t kUsualThreshold = 60'000;
constexpr std::int64_t kDayMs = 86'400'000;

constexpr std::array<std::pair<std::string_view, std::string_view>, 12> kRouterLeft{
    {{"APIKEY", "Make a key for Claude Code: turnpiked key create claude-code"},
     {"HOST", "The gateway's own address is left as it is."},
     {"PORT", "The gateway's own address is left as it is."},
     {"LOG", "The gateway has a log of its own."},
     {"LOG_LEVEL", "The gateway has a log of its own; see --log-level."},
     {"NON_INTERACTIVE_MODE", "Concerns how the other program starts Claude Code."},
     {"CLAUDE_PATH", "Concerns how the other program starts Claude Code."},
     {"CUSTOM_ROUTER_PATH", "A script cannot be taken over; a route's conditions may say the same."},
     {"transformers", "Scripts cannot be taken over; requests are translated by the gateway itself."},
     {"plugins", "Scripts cannot be taken over."},
     {"StatusLine", "Concerns the other program's display."},
     {"forceUseImageAgent", "Requests with pictures go to the route for them."}}};

class ClaudeCodeRouter {
public:
    ClaudeCodeRouter(const FileValue& root, Draft& draft) : m_root(root), m_draft(draft) {}

    void take()
    {
        if (const FileValue* providers = m_root.find("Providers"); providers && providers->isList()) {
            for (const FileValue& each : providers->children)
                takeProvider(each);
        }
        takeSettings();
        if (const FileValue* router = m_root.find("Router"); router && router->isMap()) takeRouter(*router);
    }

private:
    void takeProvider(const FileValue& row)
    {
        const std::string name(row.textOf("name"));
        const FileValue* address = row.find("api_base_url");
        if (name.empty() || !address || !address->isText())
            return m_draft.left(row, "Needs name and api_base_url.");
        ProviderWish wish = wishForCall(address->scalar);
        wish.name = name;
        wish.from = &row;
        wish.keyFrom = row.find("api_key");
        wish.key = keyIn(row.textOf("api_key"));
        if (wish.local) wish.key = withoutStandIn(wish.key);
        const auto id = m_draft.provider(wish);
        if (!id) return;
        m_providers.emplace(name, *id);
        m_draft.mapped(*address, config::memberPath("providers", id->text), "Is of kind " + wish.kind + ".");
        if (const FileValue* models = row.find("models"); models && models->isList()) {
            for (const FileValue& model : models->children) {
                ModelConfig made;
                made.name = model.scalar;
                m_draft.addModel(*id, std::move(made), model);
            }
        }
        if (const FileValue* transformer = row.find("transformer"))
            m_draft.left(*transformer, "Requests are translated by the gateway itself, as the model needs.");
        if (const FileValue* said = row.find("name"))
            m_draft.mapped(*said, config::memberPath("providers", id->text));
    }

    void takeSettings()
    {
        for (const auto& [key, why] : kRouterLeft) {
            if (const FileValue* found = m_root.find(key)) m_draft.left(*found, std::string(why));
        }
        if (const FileValue* proxy = m_root.find("PROXY_URL")) takeProxy(*proxy);
        const FileValue* timeout = m_root.find("API_TIMEOUT_MS");
        if (!timeout) return;
        if (const auto limit = timeout->whole(1, kDayMs)) {
            m_firstByte = std::chrono::milliseconds(*limit);
            m_draft.mapped(*timeout, "routes.*.timeout.first_byte_ms");
        } else {
            m_draft.left(*timeout, "Is no time-out from 1 ms to a day.");
        }
    }

    void takeProxy(const FileValue& proxy)
    {
        const std::string url(trimmed(proxy.scalar));
        config::ProblemList problems;
        config::checkProxy("network.proxy", url, problems);
        if (url.empty())
            m_draft.left(proxy, "Is empty.");
        else if (url.find('@') != std::string::npos || !problems.rows().empty())
            m_draft.left(proxy, "Has a password, or is no http:// or socks5:// address.");
        else if (m_draft.config().network.proxy != NetworkConfig().proxy)
            m_draft.left(proxy, "A proxy is set already.");
        else {
            m_draft.config().network.proxy = url;
            m_draft.mapped(proxy, "network.proxy");
        }
    }

    void takeRouter(const FileValue& router)
    {
        for (const FileValue& entry : router.children) {
            if (entry.key == "longContextThreshold") continue;
            if (entry.isText())
                takeEntry(entry);
            else if (entry.kind == FileValue::Kind::Text || entry.kind == FileValue::Kind::Null)
                m_draft.left(entry, "Is empty.");
        }
        takeConditional(router);
    }

    void takeEntry(const FileValue& entry)
    {
        const auto comma = entry.scalar.find(',');
        const std::string provider(trimmed(std::string_view(entry.scalar).substr(0, comma)));
        const auto known = m_providers.find(provider);
        if (comma == std::string::npos || known == m_providers.end())
            return m_draft.left(entry, "Needs \"provider,model\" with one of Providers.");
        const auto target =
            m_draft.target(known->second, trimmed(std::string_view(entry.scalar).substr(comma + 1)), entry);
        if (!target) return;
        RouteConfig route;
        route.id = m_draft.routeName(entry.key);
        route.targets = {*target};
        route.timeout.firstByte = m_firstByte;
        const RouteId id = route.id;
        if (m_draft.addRoute(std::move(route), entry)) m_routes[entry.key] = id;
    }

    void addCase(RouteConfig& route, const std::string& entry, std::string when)
    {
        const auto found = m_routes.find(entry);
        if (found == m_routes.end()) return;
        TargetConfig target;
        target.route = found->second;
        target.whenJson = std::move(when);
        route.targets.push_back(std::move(target));
    }

    /// In the order in which the other program asks.
    void takeConditional(const FileValue& router)
    {
        const FileValue* threshold = router.find("longContextThreshold");
        const auto limit = threshold ? threshold->whole(1, 1'000'000'000) : std::nullopt;
        if (m_routes.empty()) return;
        RouteConfig route;
        route.id = m_draft.routeName("claude-code");
        route.strategy = "conditional";
        route.timeout.firstByte = m_firstByte;
        addCase(route, "image", R"({"images":true})");
        addCase(route, "longContext",
                R"({"input_tokens":{"$gt":)" + std::to_string(limit.value_or(kUsualThreshold)) + "}}");
        addCase(route, "think", R"({"params.thinking.type":{"$in":["enabled","adaptive"]}})");
        addCase(route, "default", {});
        if (route.targets.empty()) return;
        const std::string path = config::memberPath("routes", route.id.text);
        if (threshold && !limit)
            m_draft.left(*threshold,
                         "Is no number of tokens; " + std::to_string(kUsualThreshold) + " is used.");
        else if (threshold)
            m_draft.mapped(*threshold, path + ".targets", "Tokens are estimated.");
        if (m_routes.count("webSearch") > 0)
            m_draft.remark(path,
                           "No condition can tell that a request wants to search the web; the route \"" +
                               m_routes["webSearch"].text + "\" is used by its name only.");
        tellClient(route.id.text);
        m_draft.addRoute(std::move(route), router, "Chooses among the routes as Router did.");
    }

    void tellClient(const std::string& name)
    {
        const auto background = m_routes.find("background");
        const std::string small = background == m_routes.end() ? name : background->second.text;
        m_draft.remark(config::memberPath("routes", name),
                       "For Claude Code set ANTHROPIC_BASE_URL to the gateway's address, "
                       "ANTHROPIC_DEFAULT_OPUS_MODEL and ANTHROPIC_DEFAULT_SONNET_MODEL to " +
                           name + ", ANTHROPIC_DEFAULT_HAIKU_MODEL to " + small + ".");
    }

    const FileValue& m_root;
    Draft& m_draft;
    std::map<std::string, ProviderId, std::less<>> m_providers;
    std::map<std::string, RouteId, std::less<>> m_routes;
    std::optional<milliseconds> m_firstByte;
};

} // namespace

void takeClaudeCodeRouter(const FileValue& root, Draft& draft)
{
    ClaudeCodeRouter(root, draft).take();
}

} // namespace gateway::imports
