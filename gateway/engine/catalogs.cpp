// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/catalogs.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <unistd.h>
#include <utility>

#include "base/iso_time.h"
#include "base/set_aside.h"
#include "base/wall_clock.h"
#include "catalog/public_list.h"
#include "config/whole_file.h"

namespace gateway::engine {

namespace {

constexpr std::size_t kMaxFileBytes = 16u << 20; // as the reader of such files has it
constexpr std::size_t kMaxChanges = 5'000;
constexpr const char* kFileName = "/catalog-update.json";
constexpr std::size_t kDayBytes = 10;

const char* sourceOf(CatalogOrigin origin)
{
    return origin == CatalogOrigin::OpenRouter ? "https://openrouter.ai/api/v1/models"
                                               : "https://models.dev/api.json";
}

} // namespace

Catalogs::Catalogs(const std::string& dataDir, catalog::Catalog builtIn)
    : m_path(dataDir + kFileName)
    , m_builtIn(std::make_shared<const catalog::Catalog>(std::move(builtIn)))
    , m_inForce(m_builtIn)
{
}

std::string Catalogs::load()
{
    const auto text = readWholeFile(m_path, kMaxFileBytes);
    if (text && !text.value()) return {};
    const bool unreadable = !text && ::access(m_path.c_str(), R_OK) != 0;
    if (unreadable) {
        m_problem = text.error().message + " The prices that came with the program are in force.";
        return m_problem;
    }
    auto list = text ? catalog::parseNewerList(*text.value()) : Result<catalog::NewerList>(text.error());
    if (!list) {
        const std::string kept = setAside(m_path);
        m_problem = "The newer list of models was damaged" +
                    (kept.empty() ? " and cannot be renamed: " + m_path : "; it is kept as " + kept) +
                    ". The prices that came with the program are in force; look for a newer list again.";
        return m_problem;
    }
    // The program was updated since the list was taken.
    if (m_builtIn->date() > list->date) return {};
    m_taken = std::make_shared<const catalog::NewerList>(std::move(list.value()));
    m_inForce = std::make_shared<const catalog::Catalog>(m_builtIn->withFacts(*m_taken));
    return {};
}

FoundUpdate Catalogs::look(CatalogOrigin origin, const std::string& text, const catalog::Catalog& inForce,
                           const catalog::Presets& presets)
{
    FoundUpdate found;
    found.answer.origin = origin;
    // A clock that is behind must not make the list look older than what it replaces.
    found.answer.date = std::max(isoText(nowMicros()).substr(0, kDayBytes), inForce.date());
    auto list = origin == CatalogOrigin::OpenRouter ? catalog::readOpenRouterList(text)
                                                    : catalog::readModelsDevList(text, presets);
    if (!list) {
        found.answer.problem = list.error().message + " Try again later, or take the other list.";
        return found;
    }
    found.answer.modelsRead = list->models.size();
    found.answer.refusedRows = list->refused;
    found.answer.foreignRows = list->foreign;
    for (catalog::ModelFacts& facts : list->models)
        facts.row.source = sourceOf(origin);
    catalog::Comparison comparison = catalog::compare(inForce, std::move(list->models), kMaxChanges);
    found.answer.changes = std::move(comparison.changes);
    found.answer.moreChanges = comparison.moreChanges;
    found.list = std::make_shared<const catalog::NewerList>(
        catalog::NewerList{found.answer.date, sourceOf(origin), std::move(comparison.models)});
    return found;
}

std::optional<Catalogs::Change> Catalogs::take()
{
    if (!m_found) return std::nullopt;
    return Change{m_path, m_builtIn, m_taken, m_found, nullptr};
}

Catalogs::Change Catalogs::drop()
{
    return {m_path, m_builtIn, nullptr, nullptr, nullptr};
}

Outcome Catalogs::carryOut(Change& change)
{
    if (!change.found) {
        if (::unlink(change.path.c_str()) != 0 && errno != ENOENT)
            return gatewayError(Code::Internal,
                                "Cannot remove " + change.path + ": " + std::strerror(errno) + ".");
        change.taken = nullptr;
        change.catalog = change.builtIn;
        return Done{};
    }
    const auto list = std::make_shared<const catalog::NewerList>(
        change.taken ? catalog::joined(*change.taken, *change.found) : *change.found);
    const std::string text = catalog::newerListText(*list);
    if (text.size() > kMaxFileBytes)
        return gatewayError(Code::Internal, "The newer list is too large to be kept.");
    if (Outcome made = makeFolder(folderOf(change.path)); !made) return made;
    if (Outcome written = replaceFile(change.path, text); !written) return written;
    change.taken = list;
    change.catalog = std::make_shared<const catalog::Catalog>(change.builtIn->withFacts(*list));
    return Done{};
}

void Catalogs::adopt(const Change& change, const Outcome& outcome)
{
    if (!outcome) return;
    m_taken = change.taken;
    m_inForce = change.catalog;
    m_problem.clear();
    if (m_found == change.found) m_found = nullptr;
}

} // namespace gateway::engine
