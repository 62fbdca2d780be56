// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cache/cached_answer.h"
#include "net/deadline.h"

namespace gateway::pipeline {

/// A stream as it comes from its provider, to be kept. One exchange's.
class AnswerRecording {
public:
    static constexpr std::size_t kMost = std::size_t{8} << 20; // longer answers are not kept

    void add(std::string_view bytes)
    {
        if (bytes.empty() || isTooLong()) return;
        const auto now = net::Clock::now();
        const auto after = std::chrono::duration_cast<std::chrono::milliseconds>(now - m_last).count();
        m_last = now;
        m_bytes.append(bytes);
        if (after == 0 && !m_steps.empty())
            m_steps.back().bytes += static_cast<std::uint32_t>(bytes.size());
        else
            m_steps.push_back({static_cast<std::uint32_t>(after), static_cast<std::uint32_t>(bytes.size())});
    }
    [[nodiscard]] bool isTooLong() const { return m_bytes.size() > kMost; }
    [[nodiscard]] std::string takeBytes() { return std::move(m_bytes); }
    [[nodiscard]] std::vector<cache::CachedAnswer::Step> takeSteps() { return std::move(m_steps); }

private:
    net::Clock::time_point m_last = net::Clock::now();
    std::string m_bytes;
    std::vector<cache::CachedAnswer::Step> m_steps;
};

} // namespace gateway::pipeline
