// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config.h"

#include <algorithm>

namespace gateway {

namespace {

template <class Row>
const Row* findRow(const std::vector<Row>& rows, std::string_view id)
{
    const auto found =
        std::find_if(rows.begin(), rows.end(), [id](const Row& row) { return row.id.text == id; });
    return found == rows.end() ? nullptr : &*found;
}

} // namespace

const ProviderConfig* Config::findProvider(std::string_view id) const
{
    return findRow(providers, id);
}

const RouteConfig* Config::findRoute(std::string_view id) const
{
    return findRow(routes, id);
}

const VirtualKeyConfig* Config::findKey(std::string_view id) const
{
    return findRow(keys, id);
}

} // namespace gateway
