// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/import.h"

#include "catalog/presets.h"
#include "import/file_value.h"
#include "import/key_choice.h"

namespace gateway::imports {

/// A provider as the file describes it.
struct ProviderWish {
    std::string name;
    std::string kind;
    std::string baseUrl; // empty: the kind's own
    bool local = false;
    KeyChoice key;
    const FileValue* keyFrom = nullptr; // where the key stands
    const FileValue* from = nullptr;
};

/// The configuration while it is made: what is added is valid by itself and takes no name that is taken.
/// Keeps account of what became of everything in the file. A pass over one file; not a value.
class Draft {
public:
    explicit Draft(const Config& current);

    /// Of a list or map: what is in it is still to be told of.
    void mapped(const FileValue& from, std::string to, std::string note = {});
    void mappedWhole(const FileValue& from, std::string to, std::string note = {});
    void left(const FileValue& from, std::string why);
    [[nodiscard]] bool wasTold(const FileValue& from) const { return m_told.count(&from) > 0; }
    /// Something to know that stands nowhere in the file.
    void remark(std::string to, std::string note);

    /// The provider that the wish is for: one that is there, or a new one. Nothing, and a line that says why,
    /// where it cannot be.
    [[nodiscard]] std::optional<ProviderId> provider(const ProviderWish& wish);
    /// An entry of `models` of a provider that this import made.
    void addModel(const ProviderId& provider, ModelConfig model, const FileValue& from);

    /// Nothing, and a line, where the model's name cannot be one.
    [[nodiscard]] std::optional<TargetConfig> target(const ProviderId& provider, std::string_view model,
                                                     const FileValue& from);
    /// The members of a map that may be laid over a request, as JSON; a line for each other one.
    [[nodiscard]] std::string overrideJson(const FileValue& map);
    /// Nothing, and a line about `told`, where the condition cannot be asked here.
    [[nodiscard]] std::optional<std::string> conditionJson(const FileValue& condition, const FileValue& told);

    /// A free name for a route, as like the wanted one as may be; it is taken from then on.
    [[nodiscard]] RouteId routeName(std::string_view wanted);
    [[nodiscard]] bool isTaken(std::string_view name) const { return m_routeNames.count(name) > 0; }
    /// The route's id comes from routeName(). False, and a line, where there is no room or nothing in it.
    bool addRoute(RouteConfig route, const FileValue& from, std::string note = {});
    /// The goal is a route or provider/model. False, and a line, where the name is taken.
    bool addAlias(const std::string& pattern, const std::string& goal, const FileValue& from,
                  std::string note = {});

    /// What was told of a part of the file before its route had a name: `routes.*` becomes the route's.
    void nameRoute(const FileValue& part, const RouteId& route);

    [[nodiscard]] Config& config() { return m_imported.config; }
    /// Tells of everything in the file that nobody has told of, and hands the work over.
    [[nodiscard]] Imported finish(ImportKind kind, const FileValue& root);

private:
    struct Made {
        ProviderWish wish;
        ProviderId id;
    };

    [[nodiscard]] std::optional<ProviderId> existing(const ProviderWish& wish) const;
    [[nodiscard]] ProviderKey makeKey(const ProviderWish& wish, const std::string& provider);
    void tellKey(const ProviderWish& wish, const std::string& provider);
    void tell(const FileValue& from, std::string to, std::string note, bool whole);
    bool tellRest(const FileValue& source);

    Imported m_imported;
    std::vector<Made> m_made;
    std::map<const FileValue*, bool> m_told;       // true: with all that is in it
    std::set<std::string, std::less<>> m_keptBack; // paths of members that no override takes
    std::set<std::string, std::less<>> m_providerNames, m_routeNames, m_secretNames;
};

/// What a name of another program looks like as one of ours.
[[nodiscard]] std::string asName(std::string_view wanted, std::string_view otherwise);

} // namespace gateway::imports
