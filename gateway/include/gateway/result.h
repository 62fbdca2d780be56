// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cassert>
#include <utility>
#include <variant>

#include "gateway/error.h"

namespace gateway {

/// A value or the reason why there is none.
template <class T>
class [[nodiscard]] Result {
public:
    Result(T value) : m_content(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : m_content(std::in_place_index<1>, std::move(error)) {}

    [[nodiscard]] bool ok() const { return m_content.index() == 0; }
    explicit operator bool() const { return ok(); }

    [[nodiscard]] T& value() & { return checked<0>(); }
    [[nodiscard]] const T& value() const& { return const_cast<Result*>(this)->checked<0>(); }
    [[nodiscard]] T&& value() && { return std::move(checked<0>()); }
    [[nodiscard]] Error& error() & { return checked<1>(); }
    [[nodiscard]] const Error& error() const& { return const_cast<Result*>(this)->checked<1>(); }
    [[nodiscard]] Error&& error() && { return std::move(checked<1>()); }

    T* operator->() { return &checked<0>(); }
    const T* operator->() const { return &value(); }
    T& operator*() & { return checked<0>(); }
    const T& operator*() const& { return value(); }

private:
    template <std::size_t I>
    auto& checked()
    {
        assert(m_content.index() == I);
        return *std::get_if<I>(&m_content);
    }

    std::variant<T, Error> m_content;
};

/// Done, or the reason why not.
struct Done {};
using Outcome = Result<Done>;

} // namespace gateway
