// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/response_store.h"

#include <utility>

#include "dialect/responses_history.h"

namespace gateway::pipeline {

namespace {

std::string keyOf(const std::string& owner, std::string_view id)
{
    return owner + '/' + std::string(id);
}

KeptItems keptItems(std::vector<std::string> texts, const CountedBytes::Total& total)
{
    KeptItems items;
    items.reserve(texts.size());
    for (std::string& text : texts)
        items.push_back(std::make_shared<const KeptItem>(std::move(text), total));
    return items;
}

} // namespace

void ResponseStore::keep(const std::string& owner, std::string_view answer, const KeptItems& earlier,
                         std::vector<std::string> own)
{
    namespace responses = dialect::responses;
    const std::string id = responses::idOf(answer);
    std::size_t size = answer.size();
    for (const std::string& item : own)
        size += item.size() + KeptItem::kIndexBytes;
    for (const auto& item : earlier)
        size += item->json.size() + KeptItem::kIndexBytes;
    // One conversation must not push all others out.
    if (id.empty() || size > m_maxBytes / 4) return;
    Entry entry{keyOf(owner, id), nullptr, {}};
    KeptItems fresh = keptItems(std::move(own), m_total);
    const KeptItems output = keptItems(responses::outputItems(answer), m_total);
    KeptItems input = earlier;
    input.insert(input.end(), fresh.begin(), fresh.end());
    fresh.insert(fresh.end(), output.begin(), output.end());
    for (const auto& item : fresh) {
        const std::string itemId = responses::idOf(item->json);
        const bool findable = !itemId.empty() && itemId.size() <= KeptItem::kMaxIdBytes;
        entry.itemKeys.push_back(findable ? keyOf(owner, itemId) : std::string());
    }
    entry.response =
        std::make_shared<const KeptResponse>(std::string(answer), std::move(input), output, m_total);
    const std::lock_guard lock(m_mutex);
    insert(std::move(entry), fresh);
}

void ResponseStore::insert(Entry entry, const KeptItems& own)
{
    if (const auto old = m_places.find(entry.key); old != m_places.end()) remove(old->second);
    m_entries.push_front(std::move(entry));
    const auto place = m_entries.begin();
    m_places[place->key] = place;
    for (std::size_t i = 0; i < own.size(); ++i) {
        if (!place->itemKeys[i].empty()) m_items[place->itemKeys[i]] = Place{own[i], place};
    }
    // What later turns share stays counted until the last of them goes; the newest is not given up for it.
    while (m_entries.size() > 1 && (m_entries.size() > m_maxResponses || bytes() > m_maxBytes))
        remove(std::prev(m_entries.end()));
}

void ResponseStore::remove(Entries::iterator entry)
{
    for (const std::string& key : entry->itemKeys) {
        const auto item = m_items.find(key);
        if (item != m_items.end() && item->second.entry == entry) m_items.erase(item);
    }
    m_places.erase(entry->key);
    m_entries.erase(entry);
}

std::shared_ptr<const KeptResponse> ResponseStore::find(const std::string& owner, std::string_view id)
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_places.find(keyOf(owner, id));
    if (found == m_places.end()) return nullptr;
    m_entries.splice(m_entries.begin(), m_entries, found->second);
    return found->second->response;
}

std::shared_ptr<const KeptItem> ResponseStore::findItem(const std::string& owner, std::string_view id)
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_items.find(keyOf(owner, id));
    if (found == m_items.end()) return nullptr;
    m_entries.splice(m_entries.begin(), m_entries, found->second.entry);
    return found->second.item;
}

bool ResponseStore::erase(const std::string& owner, std::string_view id)
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_places.find(keyOf(owner, id));
    if (found == m_places.end()) return false;
    remove(found->second);
    return true;
}

std::size_t ResponseStore::count() const
{
    const std::lock_guard lock(m_mutex);
    return m_entries.size();
}

} // namespace gateway::pipeline
