// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "catalog/catalog.h"

/// The words of catalog.json and what each stands for.
namespace gateway::catalog {

inline constexpr std::array<std::pair<std::string_view, std::optional<Price> PriceList::*>, 10> kTokenPrices{
    {{"input", &PriceList::input},
     {"output", &PriceList::output},
     {"cache_read", &PriceList::cacheRead},
     {"cache_write", &PriceList::cacheWrite},
     {"cache_write_1h", &PriceList::cacheWriteHour},
     {"output_reasoning", &PriceList::reasoning},
     {"input_audio", &PriceList::audioInput},
     {"output_audio", &PriceList::audioOutput},
     {"input_image", &PriceList::imageInput},
     {"output_image", &PriceList::imageOutput}}};

inline constexpr std::array<std::pair<std::string_view, PriceUnit>, 5> kUnitPrices{
    {{"per_image", PriceUnit::Image},
     {"per_second", PriceUnit::Second},
     {"per_request", PriceUnit::Request},
     {"per_1k_searches", PriceUnit::ThousandSearches},
     {"per_million_characters", PriceUnit::MillionCharacters}}};

inline constexpr std::array<std::pair<std::string_view, ServiceTier>, 3> kServices{
    {{"batch", ServiceTier::Batch}, {"flex", ServiceTier::Flex}, {"priority", ServiceTier::Priority}}};

inline constexpr std::array<std::pair<std::string_view, ModelMode>, 11> kModes{
    {{"chat", ModelMode::Chat},
     {"responses", ModelMode::Responses},
     {"completion", ModelMode::Completion},
     {"embedding", ModelMode::Embedding},
     {"image", ModelMode::Image},
     {"video", ModelMode::Video},
     {"transcription", ModelMode::Transcription},
     {"speech", ModelMode::Speech},
     {"realtime", ModelMode::Realtime},
     {"rerank", ModelMode::Rerank},
     {"moderation", ModelMode::Moderation}}};

inline constexpr std::array<std::pair<std::string_view, bool Modalities::*>, 5> kModalities{
    {{"text", &Modalities::text},
     {"image", &Modalities::image},
     {"audio", &Modalities::audio},
     {"video", &Modalities::video},
     {"pdf", &Modalities::pdf}}};

/// What stands beside the name; null where the name is not among them.
template <class Value, std::size_t count>
const Value* findNamed(const std::array<std::pair<std::string_view, Value>, count>& table,
                       std::string_view name)
{
    const auto found =
        std::find_if(table.begin(), table.end(), [name](const auto& entry) { return entry.first == name; });
    return found == table.end() ? nullptr : &found->second;
}

/// The name beside the value; empty where the value is not among them.
template <class Value, std::size_t count>
std::string_view nameOf(const std::array<std::pair<std::string_view, Value>, count>& table, Value value)
{
    const auto found = std::find_if(table.begin(), table.end(),
                                    [value](const auto& entry) { return entry.second == value; });
    return found == table.end() ? std::string_view() : found->first;
}

} // namespace gateway::catalog
