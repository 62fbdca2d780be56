// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <utility>

#include <QFuture>
#include <QFutureWatcher>
#include <QObject>

namespace ui {

/// Calls `done` with the future's value on the thread of `context`, or `dropped` where it was given up
/// without one; neither once `context` is gone. A future that is ready already answers later too, never
/// inside the call.
template <class T, class Done, class Dropped>
void whenDone(const QFuture<T>& future, QObject* context, Done done, Dropped dropped)
{
    auto* watcher = new QFutureWatcher<T>(context);
    QObject::connect(watcher, &QFutureWatcherBase::finished, context,
                     [watcher, done = std::move(done), dropped = std::move(dropped)]() mutable {
                         watcher->deleteLater();
                         if (watcher->isCanceled() || watcher->future().resultCount() == 0) {
                             dropped();
                         } else {
                             done(watcher->result());
                         }
                     });
    watcher->setFuture(future);
}

template <class T, class Done>
void whenDone(const QFuture<T>& future, QObject* context, Done done)
{
    whenDone(future, context, std::move(done), [] {});
}

} // namespace ui
