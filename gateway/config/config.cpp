// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/config.h"

#include <algorithm>

#include "gateway/config_io.h"

#include "base/iso_time.h"

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

std::optional<std::int64_t> expiryMicros(std::string_view end)
{
    if (end.empty()) return std::nullopt;
    const auto time = parseIsoTime(end);
    if (!time) return 0;
    return time->dateOnly ? time->micros + kMicrosPerDay : time->micros;
}

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

const PresetConfig* Config::findPreset(std::string_view id) const
{
    return findRow(presets, id);
}

} // namespace gateway
