// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <functional>
#include <span>

#include "engine/key_uses.h"
#include "log_store/log_store.h"
#include "pipeline/runtime.h"

namespace gateway::engine {

/// Puts finished exchanges into the log and tells the owner, once until it has looked, that something
/// happened. Any IO thread.
class RowRecorder : public pipeline::RowSink {
public:
    RowRecorder(log_store::LogStore& store, KeyUses& uses, std::function<void()> happened)
        : m_store(store), m_uses(uses), m_happened(std::move(happened))
    {
    }

    using RowSink::record;
    void record(std::span<const LogRow> rows) override
    {
        m_store.record(rows);
        m_uses.note(rows);
        if (!m_told.exchange(true, std::memory_order_acq_rel)) m_happened();
    }
    void lose(std::uint64_t rows) override { m_store.lose(rows); }
    [[nodiscard]] std::uint64_t lostRows() const override { return m_store.lostRows(); }
    [[nodiscard]] bool takesRows() const override
    {
        return m_store.journal().isOpen() && m_store.journal().lastError() == 0;
    }
    /// Owner's thread: from now on the next row tells again.
    void listen() { m_told.store(false, std::memory_order_release); }

private:
    log_store::LogStore& m_store;
    KeyUses& m_uses;
    std::function<void()> m_happened;
    std::atomic<bool> m_told{false};
};

} // namespace gateway::engine
