// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/result.h"
#include "gateway/snapshot.h"

#include "catalog/catalog.h"

namespace gateway::catalog {

/// What a newer list says of one model. A part of `row` that is empty or absent is not said, and so are the
/// three that stand beside it: there, false is a statement.
struct ModelFacts {
    CatalogModel row;
    std::optional<bool> tools, reasoning, jsonSchema;
};

/// Facts about models that are newer than the catalog of the program.
struct NewerList {
    std::string date;   // The day they were read.
    std::string source; // Where.
    std::vector<ModelFacts> models;
};

/// Reads what newerListText() wrote: a text of catalog.json's schema in which a row holds only what was said.
/// A row that cannot be right fails the whole text.
Result<NewerList> parseNewerList(std::string_view text);
std::string newerListText(const NewerList& list);

/// Both lists as one; the newer says what both say.
NewerList joined(const NewerList& older, const NewerList& newer);

/// Lays the facts over a row.
void layOver(CatalogModel& row, const ModelFacts& facts);

/// What a list says otherwise than the catalog in force.
struct Comparison {
    std::vector<ModelFacts> models; // Those of the list that say something new.
    std::vector<CatalogChange> changes;
    std::size_t moreChanges = 0; // Beside those, left out of `changes`.
};
Comparison compare(const Catalog& inForce, std::vector<ModelFacts> listed, std::size_t maxChanges);

} // namespace gateway::catalog
