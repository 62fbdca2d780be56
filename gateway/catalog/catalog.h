// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gateway/result.h"

#include "base/price.h"

namespace gateway::catalog {

/// What a model is called for; `Responses` models answer only OpenAI's Responses API.
enum class ModelMode : std::uint8_t { Undecided, Chat, Responses, Completion, Embedding };

/// What a model takes as input.
struct Modalities {
    bool text = false;
    bool image = false;
    bool audio = false;
    bool video = false;
    bool pdf = false;

    bool operator==(const Modalities&) const = default;
};

/// One row of the catalog: a model as the company's own API names it, with its prices.
struct CatalogModel {
    std::string id;
    std::string kind; // A provider kind or, for one that is OpenAI-compatible, the id of its preset.
    ModelMode mode = ModelMode::Undecided;
    PriceList prices;
    PriceTiers tiers; // Ascending by `above`.
    std::optional<std::int64_t> context;
    std::optional<std::int64_t> maxOutput;
    Modalities modalities;
    bool tools = false;
    bool reasoning = false;
};

/// The models that are known, their prices and abilities. Immutable, so any thread may read it. Pointers and
/// views it gives live as long as it does.
class Catalog {
public:
    /// Knows no model.
    Catalog() = default;

    /// Reads the text of catalog.json. A row that cannot be right fails the whole text and is named in the
    /// error: a wrong price is worse than none.
    static Result<Catalog> parse(std::string_view text);

    /// The model under that very name, else under the name without its trailing date (-20250929, -2025-09-29)
    /// or `-latest`; null where there is none.
    const CatalogModel* find(std::string_view kind, std::string_view model) const;

    /// The kinds whose rows hold the model, by the rule of `find`, in the catalog's order.
    std::vector<std::string_view> kindsServing(std::string_view model) const;

    /// Known names nearest to one that is not, at most three.
    std::vector<std::string> nearNames(std::string_view model) const;

    const std::vector<CatalogModel>& models() const { return m_models; }
    const std::string& date() const { return m_date; }
    const std::string& source() const { return m_source; }

private:
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    // Positions in m_models, one for each kind that has the name.
    using Rows = std::vector<std::size_t>;

    const CatalogModel* findExact(std::string_view kind, std::string_view model) const;
    const Rows* rows(std::string_view model) const;

    std::vector<CatalogModel> m_models;
    std::unordered_map<std::string, Rows, TextHash, std::equal_to<>> m_rowsByName;
    std::string m_date;
    std::string m_source;
};

} // namespace gateway::catalog
