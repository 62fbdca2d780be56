// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "gateway/result.h"
#include "gateway/snapshot.h"

#include "catalog/newer_list.h"
#include "catalog/presets.h"

namespace gateway::engine {

/// What a public list says, compared with a catalog.
struct FoundUpdate {
    CatalogUpdate answer;
    std::shared_ptr<const catalog::NewerList> list; // null: nothing could be read
};

/// The catalog of the program and the newer list that the user took, kept in DATA_DIR/catalog-update.json.
/// Owner's thread but where it says otherwise.
class Catalogs {
public:
    using Held = std::shared_ptr<const catalog::Catalog>;

    Catalogs(const std::string& dataDir, catalog::Catalog builtIn);

    /// Reads the newer list, once at the start. Gives what there is to say of it, empty: nothing.
    [[nodiscard]] std::string load();

    [[nodiscard]] const Held& inForce() const { return m_inForce; }
    /// Why the newer list is not in force though there is one; empty: all is well.
    [[nodiscard]] const std::string& problem() const { return m_problem; }

    /// Reads and compares the text of a public list; on any thread.
    [[nodiscard]] static FoundUpdate look(CatalogOrigin origin, const std::string& text,
                                          const catalog::Catalog& inForce, const catalog::Presets& presets);
    void keepFound(std::shared_ptr<const catalog::NewerList> list) { m_found = std::move(list); }

    /// What is to be written and then put in force; nothing where no look has found anything.
    struct Change {
        std::string path;
        Held builtIn;
        std::shared_ptr<const catalog::NewerList> taken; // before
        std::shared_ptr<const catalog::NewerList> found; // null: back to what came with the program
        Held catalog;                                    // made by carryOut()
    };
    [[nodiscard]] std::optional<Change> take();
    [[nodiscard]] Change drop();
    /// Writes or removes the file and makes the catalog; on a thread that may wait for the disk.
    [[nodiscard]] static Outcome carryOut(Change& change);
    void adopt(const Change& change, const Outcome& outcome);

private:
    std::string m_path;
    Held m_builtIn;
    Held m_inForce;
    std::shared_ptr<const catalog::NewerList> m_taken; // null: none
    std::shared_ptr<const catalog::NewerList> m_found; // by the last look
    std::string m_problem;
};

} // namespace gateway::engine
