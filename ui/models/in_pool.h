// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

#include <QFuture>
#include <QPromise>
#include <QThreadPool>

namespace ui {

/// What `make` gives, made on a thread of the pool. It has to own all that it uses.
template <class Make>
[[nodiscard]] QFuture<std::invoke_result_t<Make>> inPool(Make make)
{
    auto promise = std::make_shared<QPromise<std::invoke_result_t<Make>>>();
    promise->start();
    QThreadPool::globalInstance()->start([promise, make = std::move(make)] {
        promise->addResult(make());
        promise->finish();
    });
    return promise->future();
}

} // namespace ui
