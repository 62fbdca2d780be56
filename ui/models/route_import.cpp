// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/route_import.h"

#include <algorithm>
#include <utility>

#include <QCoreApplication>
#include <QFileInfo>
#include <QPromise>
#include <QRegularExpression>
#include <QThreadPool>

#include "models/file_bytes.h"
#include "models/route_text.h"

namespace ui {
namespace {

constexpr qint64 kMostBytes = qint64{1} << 20;

struct Text {
    Q_DECLARE_TR_FUNCTIONS(ui::RouteImport)
};

QString readFile(const QString& path, std::string& bytes)
{
    const QString name = QFileInfo(path).fileName();
    FileBytes file = readBytes(path, kMostBytes);
    if (!file.problem.isEmpty()) return file.problem;
    if (file.tooLarge)
        return Text::tr("%1 is larger than 1 MiB, so it is hardly a configuration. Choose another file, or "
                        "leave out what is not about models and routes.")
            .arg(name);
    if (file.bytes.empty()) return Text::tr("%1 is empty. Choose another file.").arg(name);
    bytes = std::move(file.bytes);
    return {};
}

template <class T>
bool isNew(const std::vector<T>& present, const T& entry)
{
    return std::none_of(present.begin(), present.end(),
                        [&entry](const T& each) { return each.id == entry.id; });
}

bool isNewAlias(const gateway::Config& current, const std::string& pattern)
{
    return std::none_of(current.aliases.begin(), current.aliases.end(),
                        [&pattern](const auto& alias) { return alias.first == pattern; });
}

/// "gpt-4o" for "gpt-4o-2" where that was taken already.
QString takenName(const gateway::Config& current, const std::string& name)
{
    static const QRegularExpression kNumbered(QStringLiteral("^(.+)-\\d+$"));
    const QString wanted = kNumbered.match(QString::fromStdString(name)).captured(1);
    const std::string id = wanted.toStdString();
    const bool taken = !wanted.isEmpty() && (current.findRoute(id) != nullptr || !isNewAlias(current, id) ||
                                             current.findProvider(id) != nullptr);
    return taken ? wanted : QString();
}

QString clashNote(const gateway::Config& current, const std::string& name)
{
    const QString taken = takenName(current, name);
    return taken.isEmpty() ? QString() : Text::tr("%1 is there already and stays.").arg(taken);
}

std::string providerOf(const std::string& goal)
{
    const std::size_t slash = goal.find('/');
    return slash == std::string::npos ? std::string() : goal.substr(0, slash);
}

/// Names that a route leads to: routes, and providers.
struct Goals {
    std::set<std::string> routes, providers;

    void add(const gateway::Config& config, const std::string& goal)
    {
        if (config.findRoute(goal) != nullptr)
            routes.insert(goal);
        else
            providers.insert(providerOf(goal));
    }
    void add(const gateway::Config& config, const gateway::RouteConfig& route)
    {
        for (const gateway::TargetConfig& target : route.targets) {
            if (!target.route.empty()) routes.insert(target.route.text);
            if (!target.provider.empty()) providers.insert(target.provider.text);
        }
        for (const auto& [kind, goal] : route.fallbacks) {
            add(config, goal);
        }
    }
};

Goals goalsOf(const ImportReading& reading, bool (*wanted)(const ImportNames&, const std::string&),
              const ImportNames& names)
{
    Goals goals;
    const gateway::Config& config = reading.imported.config;
    for (const gateway::RouteConfig& route : config.routes) {
        if (isNew(reading.current->routes, route) && wanted(names, route.id.text)) goals.add(config, route);
    }
    for (const auto& [pattern, goal] : config.aliases) {
        if (isNewAlias(*reading.current, pattern) && wanted(names, pattern)) goals.add(config, goal);
    }
    return goals;
}

} // namespace

QFuture<ImportReading> startImport(std::shared_ptr<const gateway::Config> current, const QString& path)
{
    auto promise = std::make_shared<QPromise<ImportReading>>();
    promise->start();
    QThreadPool::globalInstance()->start([promise, current = std::move(current), path] {
        ImportReading reading;
        std::string bytes;
        reading.current = current;
        reading.problem = readFile(path, bytes);
        if (reading.problem.isEmpty()) {
            auto imported = gateway::importConfig(*current, bytes);
            if (imported) {
                reading.imported = std::move(imported.value());
            } else {
                reading.problem = QString::fromStdString(imported.error().message);
            }
        }
        gateway::wipe(bytes); // There may be keys in it.
        promise->addResult(std::move(reading));
        promise->finish();
    });
    return promise->future();
}

std::vector<ImportEntry> importEntries(const ImportReading& reading)
{
    using Kind = ImportEntry::Kind;
    const gateway::Config& current = *reading.current;
    const gateway::Config& config = reading.imported.config;
    std::vector<ImportEntry> entries;
    for (const gateway::RouteConfig& route : config.routes) {
        if (isNew(current.routes, route))
            entries.push_back(
                {Kind::Route, route.id.text, routeSummary(route), clashNote(current, route.id.text)});
    }
    for (const auto& [pattern, goal] : config.aliases) {
        if (isNewAlias(current, pattern))
            entries.push_back({Kind::Alias, pattern, QStringLiteral("→ ") + QString::fromStdString(goal),
                               clashNote(current, pattern)});
    }
    for (const gateway::ProviderConfig& provider : config.providers) {
        if (!isNew(current.providers, provider)) continue;
        const QString kind = QString::fromStdString(provider.kind);
        const QString address = QString::fromStdString(provider.baseUrl);
        entries.push_back({Kind::Provider, provider.id.text,
                           address.isEmpty() ? kind : QStringLiteral("%1 · %2").arg(kind, address),
                           clashNote(current, provider.id.text)});
    }
    return entries;
}

ImportNames withWhatTheyNeed(const ImportReading& reading, const ImportNames& wanted)
{
    ImportNames all = wanted;
    for (std::size_t before = 0; before != all.size();) {
        before = all.size();
        const Goals goals = goalsOf(
            reading, [](const ImportNames& names, const std::string& name) { return names.count(name) > 0; },
            all);
        for (const std::string& name : goals.routes) {
            if (reading.current->findRoute(name) == nullptr) all.insert(name);
        }
    }
    return all;
}

gateway::Config importedConfig(const ImportReading& reading, const ImportNames& wanted)
{
    const ImportNames names = withWhatTheyNeed(reading, wanted);
    const auto isIn = [](const ImportNames& all, const std::string& name) { return all.count(name) > 0; };
    const auto isNotIn = [](const ImportNames& all, const std::string& name) { return all.count(name) == 0; };
    const Goals kept = goalsOf(reading, isIn, names), dropped = goalsOf(reading, isNotIn, names);
    gateway::Config config = reading.imported.config;
    std::erase_if(config.routes, [&](const gateway::RouteConfig& route) {
        return isNew(reading.current->routes, route) && isNotIn(names, route.id.text);
    });
    std::erase_if(config.aliases, [&](const auto& alias) {
        return isNewAlias(*reading.current, alias.first) && isNotIn(names, alias.first);
    });
    std::erase_if(config.providers, [&](const gateway::ProviderConfig& provider) {
        return isNew(reading.current->providers, provider) && kept.providers.count(provider.id.text) == 0 &&
               dropped.providers.count(provider.id.text) > 0;
    });
    return config;
}

gateway::Config withoutImported(gateway::Config config, const ImportReading& reading)
{
    const gateway::Config& made = reading.imported.config;
    const auto isUntouched = [&](const auto& present, const auto& all, const auto& entry) {
        return isNew(present, entry) && std::find(all.begin(), all.end(), entry) != all.end();
    };
    std::erase_if(config.routes, [&](const gateway::RouteConfig& route) {
        return isUntouched(reading.current->routes, made.routes, route);
    });
    std::erase_if(config.providers, [&](const gateway::ProviderConfig& provider) {
        return isUntouched(reading.current->providers, made.providers, provider);
    });
    std::erase_if(config.aliases, [&](const auto& alias) {
        return isNewAlias(*reading.current, alias.first) &&
               std::find(made.aliases.begin(), made.aliases.end(), alias) != made.aliases.end();
    });
    return config;
}

std::vector<gateway::ImportedSecret> neededSecrets(const ImportReading& reading,
                                                   const gateway::Config& config)
{
    std::vector<gateway::ImportedSecret> needed;
    for (const gateway::ImportedSecret& secret : reading.imported.secrets) {
        const bool used = std::any_of(
            config.providers.begin(), config.providers.end(), [&](const gateway::ProviderConfig& provider) {
                return std::any_of(provider.keys.begin(), provider.keys.end(), [&](const auto& key) {
                    return key.secret.kind == gateway::SecretKind::Keychain && key.secret.name == secret.name;
                });
            });
        if (used) needed.push_back(secret);
    }
    return needed;
}

} // namespace ui
