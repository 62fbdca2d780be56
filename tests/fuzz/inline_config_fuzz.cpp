// SPDX-License-Identifier: GPL-3.0-or-later
// Property: what is accepted leads to providers of the configuration and to its own routes only, within
// bounds, and names everything that it leads to.
#include <string_view>

#include "base/json_scan.h"
#include "fuzz_require.h"
#include "pipeline/inline_config.h"

namespace {

using namespace gateway;

const Config& config()
{
    static const Config s_config = [] {
        Config made;
        for (const char* id : {"a", "openai"})
            made.providers.emplace_back().id = ProviderId(id);
        return made;
    }();
    return s_config;
}

constexpr const char* kNotTheirs[] = {"model",    "models",   "stream",     "api_key",
                                      "api_base", "base_url", "custom_host"};

class NoFields : public FieldSource {
public:
    [[nodiscard]] FieldValue field(std::string_view) const override { return {}; }
};

void checkTarget(const pipeline::InlineRoutes& routes, const TargetConfig& target)
{
    if (!target.route.empty()) {
        FUZZ_REQUIRE(target.provider.empty() && target.model.empty());
        FUZZ_REQUIRE(routes.findInner(target.route.text) != nullptr);
        return;
    }
    FUZZ_REQUIRE(!target.model.empty());
    FUZZ_REQUIRE(target.provider.empty() || target.provider.text == "sandbox" ||
                 config().findProvider(target.provider.text) != nullptr);
    const std::string prefix = target.provider.empty() ? std::string() : target.provider.text + "/";
    bool named = false;
    for (const std::string& name : routes.names)
        named = named || name == prefix + target.model;
    FUZZ_REQUIRE(named);
    JsonDocument document;
    FUZZ_REQUIRE(target.overrideJson.empty() || !scanJson(target.overrideJson, document));
    for (const char* key : kNotTheirs)
        FUZZ_REQUIRE(target.overrideJson.empty() || document.find(key) == nullptr);
}

void checkOwn(const routing::OwnRules& own)
{
    JsonDocument document;
    for (const auto& [name, json] : own.defaults) {
        for (const char* key : kNotTheirs)
            FUZZ_REQUIRE(name != key);
        FUZZ_REQUIRE(!scanJson(json, document));
    }
    for (const std::string& path : own.drop)
        FUZZ_REQUIRE(path != "model" && path != "stream" && path != "messages");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view json(reinterpret_cast<const char*>(data), size);
    auto read = pipeline::readPortkeyConfig(json, config(), "m");
    if (!read) {
        FUZZ_REQUIRE(httpStatus(read.error()) == 400 && read.error().param == pipeline::kInlineRoute);
        return 0;
    }
    FUZZ_REQUIRE(!read->routes.empty() && read->routes.size() <= 65);
    FUZZ_REQUIRE(read->rules.size() == read->routes.size());
    for (const RouteConfig& route : read->routes) {
        FUZZ_REQUIRE(!route.targets.empty());
        for (const TargetConfig& target : route.targets)
            checkTarget(*read, target);
    }
    for (const auto& rules : read->rules) {
        if (rules.own) checkOwn(*rules.own);
    }
    read->choose(NoFields());
    return 0;
}
