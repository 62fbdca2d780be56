// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::pipeline {

/// The models a provider named when it was last asked, sorted, each once. Any thread.
class ModelList {
public:
    using Names = std::vector<std::string>;

    void set(Names names);
    /// The provider was asked and gave no list; the one before stays.
    void miss() { m_current = false; }
    /// The list is what the provider said when it was last asked.
    [[nodiscard]] bool current() const { return m_current; }
    /// Null until a list came.
    [[nodiscard]] std::shared_ptr<const Names> names() const;
    [[nodiscard]] bool contains(std::string_view name) const;
    /// True for one caller in `maxAge`, who then asks the provider.
    [[nodiscard]] bool claim(std::chrono::seconds maxAge);

private:
    mutable std::mutex m_mutex;
    std::shared_ptr<const Names> m_names;
    std::atomic<std::chrono::steady_clock::duration::rep> m_askedAt{0};
    std::atomic<bool> m_current{false};
};

} // namespace gateway::pipeline
