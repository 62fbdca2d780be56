// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/admin_key.h"

#include <utility>

#include <QEventLoop>

#include "app/commands/key_input.h"
#include "app/keychain_store.h"

namespace app {

using gateway::Result;
using gateway::Secret;
using gateway::SecretKind;
using gateway::SecretRef;

namespace {

Result<Secret> readFromKeychain(const std::string& name)
{
    KeychainStore store;
    QEventLoop loop;
    Result<Secret> found = Secret();
    store.read(name, [&](Result<Secret> read) {
        found = std::move(read);
        loop.quit();
    });
    loop.exec();
    return found;
}

} // namespace

Result<AdminKey> readAdminKey(const CommandLine& line, const gateway::Config& config)
{
    if (line.has(kKeyStdinOption.name)) {
        auto given = readStandardInput();
        if (!given) return given.error();
        return AdminKey{*std::move(given), "standard input"};
    }
    const SecretRef& named = config.server.adminKey;
    auto read =
        named.kind == SecretKind::Keychain ? readFromKeychain(named.name) : gateway::readLocalSecret(named);
    if (read && !read->empty()) return AdminKey{*std::move(read), named.text()};
    const SecretRef& usual = gateway::ServerConfig().adminKey;
    if (auto variable = gateway::readLocalSecret(usual); variable && !variable->empty())
        return AdminKey{*std::move(variable), usual.text()};
    const std::string why = read ? "which is empty" : "which cannot be read: " + read.error().message;
    return gateway::gatewayError(
        gateway::Code::ProviderKeyUnavailable,
        "There is no admin key. The configuration's server.admin_key says " + named.text() + ", " + why +
            "\nPut a long random text there and start the server with it, or give the key that the server "
            "has on standard input, with --key-stdin.");
}

} // namespace app
