// SPDX-License-Identifier: GPL-3.0-or-later
#include "feature.h"

#include <cstdlib>

namespace matrix {

namespace {
constexpr std::string_view kBegin = "[[";
constexpr std::string_view kEnd = "]]";
} // namespace

std::string markerText(const Marker& marker)
{
    std::string text(kBegin);
    for (const FeatureRow& row : kFeatures) {
        if (row.feature == marker.feature) text += row.name;
    }
    text += ' ' + std::to_string(marker.seed);
    if (marker.forced) text += " forced";
    if (marker.unformatted) text += " unformatted";
    if (marker.signedTurn) text += " signed";
    return text.append(kEnd) + " How is the weather?";
}

std::optional<Marker> findMarker(std::string_view text)
{
    const std::size_t begin = text.find(kBegin);
    const std::size_t end = begin == std::string_view::npos ? begin : text.find(kEnd, begin);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view inside = text.substr(begin + kBegin.size(), end - begin - kBegin.size());
    const std::size_t space = inside.find(' ');
    if (space == std::string_view::npos) return std::nullopt;
    Marker marker;
    for (const FeatureRow& row : kFeatures) {
        if (row.name == inside.substr(0, space)) marker.feature = row.feature;
    }
    if (marker.feature == Feature::Undecided) return std::nullopt;
    marker.seed = static_cast<unsigned>(std::strtoul(std::string(inside.substr(space)).c_str(), nullptr, 10));
    marker.forced = inside.find(" forced") != std::string_view::npos;
    marker.unformatted = inside.find(" unformatted") != std::string_view::npos;
    marker.signedTurn = inside.find(" signed") != std::string_view::npos;
    return marker;
}

} // namespace matrix
