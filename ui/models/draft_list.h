// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

namespace ui {

/// A named part of the configuration as it is in force, and as it is being edited.
template <class T>
struct DraftEntry {
    std::optional<T> saved; // nothing: it is new
    T draft;
    [[nodiscard]] bool isChanged() const { return !saved || *saved != draft; }
};

/// Such parts in the configuration's order, then those that are not saved yet. `T` has an `id`.
template <class T>
class DraftList {
public:
    using Entry = DraftEntry<T>;

    /// Takes what is in force over; what was changed and not applied stays.
    void read(const std::vector<T>& inForce)
    {
        std::vector<Entry> next;
        for (const T& each : inForce) {
            const auto old = std::find_if(m_entries.begin(), m_entries.end(), [&each](const Entry& entry) {
                return entry.saved && entry.saved->id == each.id && entry.isChanged();
            });
            next.push_back({each, old != m_entries.end() ? old->draft : each});
        }
        for (const Entry& entry : m_entries) {
            const bool isThere = std::any_of(next.begin(), next.end(), [&entry](const Entry& each) {
                return each.draft.id == entry.draft.id;
            });
            if (!entry.saved && !isThere) next.push_back(entry);
        }
        m_entries = std::move(next);
    }

    [[nodiscard]] int size() const { return static_cast<int>(m_entries.size()); }
    [[nodiscard]] const std::vector<Entry>& entries() const { return m_entries; }
    /// Null: there is no such row; the same of the next two.
    [[nodiscard]] const Entry* at(int row) const
    {
        return row >= 0 && row < size() ? &m_entries[static_cast<std::size_t>(row)] : nullptr;
    }
    [[nodiscard]] const T* draftAt(int row) const
    {
        const Entry* entry = at(row);
        return entry == nullptr ? nullptr : &entry->draft;
    }
    [[nodiscard]] const T* savedAt(int row) const
    {
        const Entry* entry = at(row);
        return entry == nullptr || !entry->saved ? nullptr : &*entry->saved;
    }
    [[nodiscard]] bool isChanged(int row) const
    {
        const Entry* entry = at(row);
        return entry != nullptr && entry->isChanged();
    }
    /// -1: none has that id.
    template <class Id>
    [[nodiscard]] int rowOf(const Id& id) const
    {
        for (int row = 0; row < size(); ++row) {
            if (at(row)->draft.id == id) return row;
        }
        return -1;
    }
    void setDraft(int row, const T& draft) { m_entries[static_cast<std::size_t>(row)].draft = draft; }
    void add(const T& draft) { m_entries.push_back({std::nullopt, draft}); }
    void remove(int row) { m_entries.erase(m_entries.begin() + row); }

private:
    std::vector<Entry> m_entries;
};

} // namespace ui
