// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace gateway::pipeline {

/// Adds to a total for as long as it lives.
class CountedBytes {
public:
    using Total = std::shared_ptr<std::atomic<std::size_t>>;
    CountedBytes(Total total, std::size_t bytes) : m_total(std::move(total)), m_bytes(bytes)
    {
        m_total->fetch_add(m_bytes, std::memory_order_relaxed);
    }
    CountedBytes(const CountedBytes&) = delete;
    CountedBytes& operator=(const CountedBytes&) = delete;
    ~CountedBytes() { m_total->fetch_sub(m_bytes, std::memory_order_relaxed); }

private:
    Total m_total;
    std::size_t m_bytes;
};

/// An item of a conversation; shared by all the turns that it is part of. Counted with what finding it by its
/// id takes.
struct KeptItem {
    static constexpr std::size_t kMaxIdBytes = 128; // a longer id finds nothing; OpenAI takes 64
    static constexpr std::size_t kIndexBytes = 3 * kMaxIdBytes + 256;

    KeptItem(std::string text, const CountedBytes::Total& total)
        : json(std::move(text)), bytes(total, json.size() + sizeof(KeptItem) + kIndexBytes)
    {
    }
    const std::string json;
    const CountedBytes bytes;
};
using KeptItems = std::vector<std::shared_ptr<const KeptItem>>;

/// An answer with all that led to it. Immutable.
struct KeptResponse {
    KeptResponse(std::string answer, KeptItems before, KeptItems after, const CountedBytes::Total& total)
        : json(std::move(answer))
        , input(std::move(before))
        , output(std::move(after))
        , bytes(total, json.size() + sizeof(KeptResponse) +
                           (input.size() + output.size()) * sizeof(std::shared_ptr<const KeptItem>))
    {
    }
    const std::string json;
    const KeptItems input;  // the whole conversation up to the answer
    const KeptItems output; // its own items
    const CountedBytes bytes;
};

/// Answers of the Responses dialect, for clients that go on from them by an id. In memory only; the ones not
/// used for longest go first. Each belongs to the virtual key that asked for it (`owner`) and is not there
/// for others. Any thread.
class ResponseStore {
public:
    static constexpr std::size_t kMaxResponses = 2000;
    static constexpr std::size_t kMaxBytes = std::size_t{64} << 20;
    /// One conversation must not push all others out.
    static constexpr std::size_t kMaxConversation = kMaxBytes / 4;

    explicit ResponseStore(std::size_t maxResponses = kMaxResponses, std::size_t maxBytes = kMaxBytes)
        : m_maxResponses(maxResponses), m_maxBytes(maxBytes)
    {
    }

    /// `earlier` are the items of the turns before, which are shared; `own` those that this request brought.
    void keep(const std::string& owner, std::string_view answer, const KeptItems& earlier,
              std::vector<std::string> own);
    [[nodiscard]] std::shared_ptr<const KeptResponse> find(const std::string& owner, std::string_view id);
    [[nodiscard]] std::shared_ptr<const KeptItem> findItem(const std::string& owner, std::string_view id);
    /// False when there is none.
    bool erase(const std::string& owner, std::string_view id);

    [[nodiscard]] std::size_t count() const;
    [[nodiscard]] std::size_t bytes() const { return m_total->load(std::memory_order_relaxed); }

private:
    struct Entry {
        std::string key;
        std::shared_ptr<const KeptResponse> response;
        std::vector<std::string> itemKeys; // of the items that are found through this entry
    };
    using Entries = std::list<Entry>;
    struct Place {
        std::shared_ptr<const KeptItem> item;
        Entries::iterator entry;
    };

    void insert(Entry entry, const KeptItems& own);
    void remove(Entries::iterator entry);

    const std::size_t m_maxResponses;
    const std::size_t m_maxBytes;
    const CountedBytes::Total m_total = std::make_shared<std::atomic<std::size_t>>(0);
    mutable std::mutex m_mutex; // over all below
    Entries m_entries;          // the last used first
    std::unordered_map<std::string, Entries::iterator> m_places;
    std::unordered_map<std::string, Place> m_items;
};

} // namespace gateway::pipeline
