// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <utility>

#include <QPromise>

namespace ui {

/// A future that has its answer already.
template <class T>
QFuture<T> ready(T value)
{
    QPromise<T> promise;
    promise.start();
    promise.addResult(std::move(value));
    promise.finish();
    return promise.future();
}

/// One that was given up.
template <class T>
QFuture<T> dropped()
{
    QPromise<T> promise;
    promise.start();
    QFuture<T> future = promise.future();
    future.cancel();
    promise.finish();
    return future;
}

} // namespace ui
