// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/data_rules.h"

#include <algorithm>

#include "base/strings.h"
#include "pipeline/runtime.h"

namespace gateway::pipeline {

namespace {

constexpr std::string_view kRegion = "region=";
constexpr std::size_t kMaxRegions = 20;

/// "eu" is "EU" and all that begins with "eu-".
bool isWithin(std::string_view place, std::string_view region)
{
    return startsWithIgnoreCase(place, region) &&
           (place.size() == region.size() || place[region.size()] == '-');
}

bool readRegions(std::string_view list, std::vector<std::string>& into)
{
    for (const std::string_view part : splitAt(list, '|')) {
        const std::string_view region = trimmed(part);
        if (region.empty() || into.size() >= kMaxRegions) return false;
        into.emplace_back(region);
    }
    return true;
}

void addOnce(std::vector<std::string>& names, std::vector<std::string> more)
{
    for (std::string& name : more) {
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
    }
}

} // namespace

std::vector<std::string> unmet(const ProviderConfig& provider, const provider::Kind& kind,
                               const DataRules& rules, bool personal)
{
    std::vector<std::string> names;
    if (kind.inProcess()) return names;
    const std::optional<DataPolicy>& policy = provider.dataPolicy;
    const bool local = provider.local;
    if (rules.local && !local) names.emplace_back("local");
    if (rules.personalLocal && personal && !local) names.emplace_back("personal_local");
    if (rules.noTraining && !local && !(policy && policy->trainsOnData == false))
        names.emplace_back("no-training");
    if (rules.zeroRetention && !local && !(policy && policy->retentionDays == 0))
        names.emplace_back("zero-retention");
    const auto isThere = [&policy](const std::string& region) {
        return policy && isWithin(policy->region, region);
    };
    if (!rules.regions.empty() && std::none_of(rules.regions.begin(), rules.regions.end(), isThere))
        names.push_back(std::string(kRegion) + joined(rules.regions, "|"));
    return names;
}

bool meets(const ProviderConfig& provider, const provider::Kind& kind, const DataRules& rules)
{
    return rules == DataRules() || unmet(provider, kind, rules, false).empty();
}

std::optional<Error> keepMeeting(std::vector<routing::Target>& targets, const Runtime& runtime,
                                 const DataRules& wishes, bool personal)
{
    const bool asked = wishes != DataRules();
    std::vector<std::string> missed;
    const auto fails = [&](const routing::Target& target) {
        if (!asked && target.dataRules.empty()) return false;
        const ProviderRuntime* provider = runtime.findProvider(target.provider.text);
        if (!provider) return true;
        std::vector<std::string> names = unmet(provider->config, *provider->kind, wishes, personal);
        for (const DataRules* rules : target.dataRules)
            addOnce(names, unmet(provider->config, *provider->kind, *rules, personal));
        const bool any = !names.empty();
        addOnce(missed, std::move(names));
        return any;
    };
    const std::size_t before = targets.size();
    std::erase_if(targets, fails);
    if (!targets.empty() || before == 0) return std::nullopt;
    return gatewayError(
        Code::DataPolicy,
        "No target of this model meets `" + shortened(joined(missed, "`, `"), 400) +
            "`, as x-turnpike-data-policy or the route's data_policy asks. Add one that does, "
            "or state the provider's data_policy in the configuration.");
}

std::optional<Error> readDataRules(std::string_view text, DataRules& into)
{
    for (const std::string_view part : splitAt(text, ',')) {
        const std::string_view word = trimmed(part);
        bool known = true;
        if (word == "local")
            into.local = true;
        else if (word == "no-training")
            into.noTraining = true;
        else if (word == "zero-retention")
            into.zeroRetention = true;
        else
            // Said twice, both would have to hold; nobody can mean that of places.
            known = word.starts_with(kRegion) && into.regions.empty() &&
                    readRegions(word.substr(kRegion.size()), into.regions);
        if (known) continue;
        return clientError(Code::InvalidRequest,
                           "`x-turnpike-data-policy` is a list of local, no-training, zero-retention and one "
                           "region=REGION, where several regions stand as region=eu|us.",
                           "x-turnpike-data-policy");
    }
    return std::nullopt;
}

} // namespace gateway::pipeline
