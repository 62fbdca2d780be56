// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/secret_names.h"

#include <algorithm>

#include <QEventLoop>

#include "gateway/secrets.h"

namespace app {

namespace {

constexpr const char* kEntry = "turnpike/names";

void writeNames(KeychainStore& store, const std::vector<std::string>& names)
{
    std::string text;
    for (const std::string& name : names)
        text += name + "\n";
    QEventLoop loop;
    const auto done = [&loop](const gateway::Outcome&) { loop.quit(); };
    if (names.empty())
        store.remove(kEntry, done);
    else
        store.write(kEntry, gateway::Secret(text), done);
    loop.exec();
}

} // namespace

std::vector<std::string> readSecretNames(KeychainStore& store)
{
    gateway::Secret text;
    QEventLoop loop;
    store.read(kEntry, [&](gateway::Result<gateway::Secret> read) {
        if (read) text = std::move(*read);
        loop.quit();
    });
    loop.exec();
    std::vector<std::string> names;
    std::string_view rest = text.reveal();
    while (!rest.empty()) {
        const std::string_view name = rest.substr(0, rest.find('\n'));
        if (!name.empty()) names.emplace_back(name);
        rest.remove_prefix(std::min(rest.size(), name.size() + 1));
    }
    return names;
}

void addSecretName(KeychainStore& store, const std::string& name)
{
    std::vector<std::string> names = readSecretNames(store);
    if (std::find(names.begin(), names.end(), name) != names.end()) return;
    names.push_back(name);
    writeNames(store, names);
}

void dropSecretName(KeychainStore& store, const std::string& name)
{
    std::vector<std::string> names = readSecretNames(store);
    if (std::erase(names, name) > 0) writeNames(store, names);
}

} // namespace app
