// SPDX-License-Identifier: GPL-3.0-or-later
// What the window asks about kept answers.
#include <utility>

#include "engine/gateway_private.h"

namespace gateway {

QFuture<std::vector<CacheEntry>> Gateway::cachedAnswers(const CacheFilter& filter, std::size_t most)
{
    return d->later<std::vector<CacheEntry>>(
        [&](auto done) { d->answers.list(filter, most, std::move(done)); });
}

QFuture<std::string> Gateway::cachedText(const std::string& key)
{
    return d->later<std::string>([&](auto done) { d->answers.text(key, std::move(done)); });
}

QFuture<std::size_t> Gateway::purgeCache(const CacheFilter& filter, bool countOnly)
{
    return d->later<std::size_t>([&](auto done) {
        d->answers.purge(filter, countOnly,
                         [self = d.get(), done = std::move(done), countOnly](std::size_t number) {
                             // The figures change though no request came.
                             if (!countOnly) self->mailbox.post([self] { self->takeSnapshot(); });
                             done(number);
                         });
    });
}

QFuture<bool> Gateway::pinCached(const std::string& key, bool pinned)
{
    return d->later<bool>([&](auto done) { d->answers.pin(key, pinned, std::move(done)); });
}

} // namespace gateway
