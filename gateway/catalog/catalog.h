// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/result.h"

#include "base/price.h"

namespace gateway::catalog {

/// What a model is called for; `Responses` models answer only OpenAI's Responses API.
enum class ModelMode : std::uint8_t {
    Undecided,
    Chat,
    Responses,
    Completion,
    Embedding,
    Image,
    Video,
    Transcription,
    Speech,
    Realtime,
    Rerank,
    Moderation
};

/// What a model takes or gives.
struct Modalities {
    bool text = false;
    bool image = false;
    bool audio = false;
    bool video = false;
    bool pdf = false;

    bool operator==(const Modalities&) const = default;
};

/// One row of the catalog: a model as the company's own API names it, with its prices. The file names the
/// parts as below, a price as decimal text in US dollars, tokens by the million.
struct CatalogModel {
    std::string id;
    std::string kind;                      // A provider kind, or the id of a preset.
    ModelMode mode = ModelMode::Undecided; // "mode"; absent: chat.
    bool tools = false;
    bool reasoning = false;
    bool jsonSchema = false; // "json_schema": answers can be held to a schema.
    bool free = false;
    Modalities modalities;               // "in".
    Modalities outputs;                  // "out"; absent: what the mode gives. Numbers are none.
    PriceList prices;                    // "input", "output", "cache_read", "cache_write", "cache_write_1h",
                                         // "output_reasoning", "input_audio", "output_audio", "input_image",
                                         // "output_image".
    PriceTiers tiers;                    // "tiers", each with "above"; ascending by it.
    std::vector<ServicePrices> services; // "batch", "flex", "priority": prices and tiers of their own.
    std::vector<UnitPrice> units;        // "per_image", "per_second", "per_request", "per_1k_searches",
                                         // "per_million_characters".
    std::optional<std::int64_t> context; // Tokens.
    std::optional<std::int64_t> maxOutput; // "max_output", tokens.
    std::string deprecated;                // The day it was or will be switched off; empty: none announced.
    std::string source;                    // Empty: the file's.
    // Not in the file: a newer list said so, see Catalog::withFacts().
    bool pricesUpdated = false;
    bool contextUpdated = false;
    bool updated = false; // something of it
};

struct NewerList;

/// The models that are known, their prices and abilities. Immutable, so any thread may read it. Pointers and
/// views it gives live as long as it does.
class Catalog {
public:
    /// Knows no model.
    Catalog() = default;

    /// Reads the text of catalog.json. A row that cannot be right fails the whole text and is named in the
    /// error: a wrong price is worse than none.
    static Result<Catalog> parse(std::string_view text);

    /// This catalog with what a newer list says laid over it: a row of the list replaces the parts it tells
    /// of the row that `find` gives, and is a row of its own where it has another name. What the list leaves
    /// out stays.
    Catalog withFacts(const NewerList& list) const;

    /// The model under that very name, else under the name without its trailing version (-20250929,
    /// -2025-09-29, @20250929, @default, -latest), else without the region that Bedrock puts before names
    /// (`us.`, `global.`); null where there is none.
    const CatalogModel* find(std::string_view kind, std::string_view model) const;

    /// The kinds whose rows hold the model, by the rule of `find`, in the catalog's order.
    std::vector<std::string_view> kindsServing(std::string_view model) const;

    /// Known names nearest to one that is not, at most three.
    std::vector<std::string> nearNames(std::string_view model) const;

    const std::vector<CatalogModel>& models() const { return m_models; }
    const std::string& date() const { return m_date; }
    const std::string& source() const { return m_source; }
    /// Of the newer list that was laid over it; empty where none was.
    const std::string& updateDate() const { return m_updateDate; }
    const std::string& updateSource() const { return m_updateSource; }

private:
    // A name's hash and the row that has it. Names lie all over the memory, these side by side.
    struct IndexEntry {
        std::uint32_t hash = 0;
        std::uint32_t position = 0;

        auto operator<=>(const IndexEntry&) const = default;
    };

    std::span<const IndexEntry> entriesOf(std::string_view model) const;
    const CatalogModel* findExact(std::string_view kind, std::string_view model) const;
    // The place of a row that is there twice, where there is one.
    std::optional<std::size_t> indexRows();

    std::vector<CatalogModel> m_models;
    std::vector<IndexEntry> m_index; // Ascending.
    std::string m_date;
    std::string m_source;
    std::string m_updateDate;
    std::string m_updateSource;
};

} // namespace gateway::catalog
