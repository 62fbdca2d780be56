// SPDX-License-Identifier: GPL-3.0-or-later
#include <utility>

#include "gateway/virtual_key.h"

#include "base/wall_clock.h"
#include "engine/gateway_private.h"

namespace gateway {

QFuture<Gateway::NewKey> Gateway::Private::saveWithKey(Config config, const Secret& key)
{
    auto promise = std::make_shared<QPromise<NewKey>>();
    promise->start();
    QFuture<NewKey> future = promise->future();
    save(std::move(config), [promise, key](std::vector<ConfigProblem> problems) {
        NewKey made;
        if (problems.empty()) made.key = key;
        made.problems = std::move(problems);
        promise->addResult(std::move(made));
        promise->finish();
    });
    return future;
}

QFuture<Gateway::NewKey> Gateway::createKey(const VirtualKeyConfig& key)
{
    const FreshKey fresh = makeVirtualKey();
    Config config = *d->file.config();
    config.keys.push_back(key);
    config.keys.back().sha256 = fresh.sha256;
    noteMade(config.keys.back(), fresh.key, nowMicros());
    return d->saveWithKey(std::move(config), fresh.key);
}

QFuture<Gateway::NewKey> Gateway::rotateKey(const VirtualKeyId& id, seconds overlap)
{
    const FreshKey fresh = makeVirtualKey();
    Config config = *d->file.config();
    for (VirtualKeyConfig& key : config.keys) {
        if (key.id == id) {
            key = rotated(std::move(key), fresh.key, fresh.sha256, overlap, nowMicros());
            return d->saveWithKey(std::move(config), fresh.key);
        }
    }
    NewKey none;
    none.problems.push_back(
        {ConfigProblem::Weight::Error, "keys." + id.text, "There is no key of this name any more."});
    return QtFuture::makeReadyFuture(std::move(none));
}

} // namespace gateway
