// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace gateway::config {

template <class T>
struct Fields;

template <class T>
concept HasFields = requires
{
    Fields<T>::kName;
};

/// Entries of an object whose keys are their names; `ownerKeys` says whether `x-` keys there are the owner's.
template <class T>
struct Naming;

template <class T>
concept Named = requires
{
    Naming<T>::kOwnerKeys;
};

} // namespace gateway::config
