// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <exception>
#include <utility>
#include <vector>

#include "net/turn_end.h"
#include "pipeline/runtime.h"

namespace gateway::pipeline {

/// Rows of exchanges whose answers wait for the end of a turn: they go into the journal together, before the
/// first of those answers is written. IO thread only.
class FinishedRows {
public:
    FinishedRows(RowSink& sink, net::TurnEnd& turn) : m_sink(sink), m_turn(turn)
    {
        turn.setFirst([this] { flush(); });
    }
    FinishedRows(const FinishedRows&) = delete;
    FinishedRows& operator=(const FinishedRows&) = delete;
    ~FinishedRows() { flush(); }

    /// For an answer that is sent next and waits for the turn's end.
    void add(LogRow&& row)
    {
        m_rows.push_back(std::move(row));
        if (!m_turn.ask() || m_rows.size() >= kMost) flush();
    }

private:
    static constexpr std::size_t kMost = 64;

    void flush()
    {
        if (m_rows.empty()) return;
        try {
            m_sink.record(m_rows);
        } catch (const std::exception&) {
            // Memory ran out: their clients get their answers all the same.
            m_sink.lose(m_rows.size());
        }
        m_rows.clear();
    }

    RowSink& m_sink;
    net::TurnEnd& m_turn;
    std::vector<LogRow> m_rows;
};

} // namespace gateway::pipeline
