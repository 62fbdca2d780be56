// SPDX-License-Identifier: GPL-3.0-or-later
#include "import/portkey_target.h"

#include <algorithm>
#include <array>

#include "base/strings.h"
#include "config/problem_list.h"
#include "import/foreign_names.h"
#include "import/shared_fields.h"
#include "import/wish.h"

namespace gateway::imports {

namespace {

constexpr std::array<std::string_view, 11> kParts = {
    "virtual_key",       "provider",      "custom_host", "resource_name",     "azure_resource_name",
    "vertex_project_id", "vertex_region", "aws_region",  "aws_access_key_id", "aws_secret_access_key",
    "deployment_id"};

constexpr std::array<Reason, 2> kTargetLeft{
    {{"api_version", "The gateway knows which version of the API to ask for."},
     {"azure_api_version", "The gateway knows which version of the API to ask for."}}};

/// What the file says of a provider: its preset, and the name that it is saved under at Portkey.
struct Named {
    const catalog::Preset* preset = nullptr;
    std::string name;
    bool saved = false;
};

/// "@saved/model" is a model of a saved provider.
std::string_view savedIn(std::string_view model)
{
    const auto slash = model.find('/');
    return model.starts_with('@') && slash != std::string_view::npos ? model.substr(1, slash - 1)
                                                                     : std::string_view();
}

Named nameOf(const FileValue& node, std::string_view model)
{
    std::string_view provider = node.textOf("provider");
    std::string_view saved = savedIn(model);
    if (saved.empty() && provider.starts_with('@')) saved = provider.substr(1);
    if (!provider.empty() && !provider.starts_with('@')) {
        const catalog::Preset* preset = presetNamed(provider);
        return {preset, preset ? preset->id : std::string(provider), false};
    }
    if (!saved.empty()) return {presetGuessed(saved), std::string(saved), true};
    // A virtual key is told to nobody, though it is good for nothing but to be guessed from.
    const catalog::Preset* preset = presetGuessed(node.textOf("virtual_key"));
    return {preset, preset ? preset->id : std::string(), false};
}

KeyChoice keyOf(const FileValue& node, const Named& named)
{
    if (node.find("aws_secret_access_key"))
        return awsKeyIn(node.textOf("aws_access_key_id"), node.textOf("aws_secret_access_key"));
    KeyChoice key = keyIn(node.textOf("api_key"));
    if (key.kind == KeyChoice::Kind::None && !named.preset->local) key.kind = KeyChoice::Kind::Elsewhere;
    return key;
}

std::optional<ProviderId> providerOf(const FileValue& node, const Named& named, Draft& draft)
{
    if (!named.preset) {
        draft.left(node, named.name.empty() ? "Names no provider, or none that can be told from its name."
                                            : "It cannot be told what provider " +
                                                  config::quotedName(named.name) + " is; add it by hand.");
        return std::nullopt;
    }
    Place place{node.textOf("custom_host"), node.textOf("resource_name"), node.textOf("vertex_project_id"),
                node.textOf("vertex_region"), node.textOf("aws_region")};
    if (place.azureResource.empty()) place.azureResource = node.textOf("azure_resource_name");
    auto wish = wishFor(*named.preset, addressOf(named.preset->kind, place));
    if (!wish) {
        draft.left(node, wish.error().message);
        return std::nullopt;
    }
    if (named.saved) wish->name = named.name;
    wish->keyFrom = node.find("api_key");
    wish->from = node.find(node.find("provider") ? "provider" : "virtual_key");
    if (!wish->from) wish->from = &node;
    wish->key = keyOf(node, named);
    return draft.provider(*wish);
}

} // namespace

FileValue mergedOverrides(const FileValue& outer, const FileValue& inner)
{
    FileValue merged = inner;
    merged.kind = FileValue::Kind::Map;
    for (const FileValue& member : outer.children) {
        if (!merged.find(member.key)) merged.children.push_back(member);
    }
    return merged;
}

std::optional<TargetConfig> takePortkeyTarget(const FileValue& node, const FileValue& handedOverrides,
                                              const std::string& to, Draft& draft)
{
    const FileValue* own = node.find("override_params");
    const FileValue overrides = own ? mergedOverrides(handedOverrides, *own) : handedOverrides;
    std::string_view model = overrides.textOf("model");
    const Named named = nameOf(node, model);
    leaveAll(node, kTargetLeft, draft);
    const auto provider = providerOf(node, named, draft);
    if (!provider) return std::nullopt;
    const std::string path = config::memberPath("providers", provider->text);
    for (const std::string_view part : kParts) {
        const FileValue* found = node.find(part);
        if (found && found->isText() && !draft.wasTold(*found)) draft.mapped(*found, path);
    }
    if (!savedIn(model).empty()) model.remove_prefix(model.find('/') + 1);
    if (model.empty()) model = node.textOf("deployment_id");
    if (model.empty()) {
        draft.left(node, "Says no model (override_params.model), and a target needs one; the provider " +
                             config::quotedName(provider->text) + " is there.");
        return std::nullopt;
    }
    auto target = draft.target(*provider, model, node);
    if (!target) return std::nullopt;
    if (own) draft.mappedWhole(*own, to, "The model is the target's, the rest its override.");
    target->overrideJson = draft.overrideJson(overrides);
    return target;
}

} // namespace gateway::imports
