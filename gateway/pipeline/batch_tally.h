// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/line_scanner.h"
#include "exchange/usage.h"

namespace gateway::pipeline {

/// Adds up, by model, what the requests of a batch used while its results pass. Each is priced by itself, as
/// its size decides what its tokens cost. Holds one line of the results. One thread.
class BatchTally {
public:
    using PriceOf = std::function<Cost(const std::string& model, const Usage& usage)>;

    struct Part {
        std::string model;
        Usage usage;
        Cost cost;
    };

    explicit BatchTally(PriceOf priceOf) : m_priceOf(std::move(priceOf)) {}

    /// Anything may be fed: what turns out to be no results of a batch is not looked at any further.
    void feed(std::string_view bytes);
    /// At the end of the whole; empty where it was no results or nothing was used.
    [[nodiscard]] std::vector<Part> finish();

    /// All as one, under the name of the model that was used most.
    [[nodiscard]] static std::vector<Part> joined(std::vector<Part> parts);

private:
    [[nodiscard]] bool take(const SseEvent& line);

    PriceOf m_priceOf;
    bool m_begun = false;
    // Lines hold whole answers, pictures too.
    LineScanner m_lines{std::size_t{64} << 20};
    bool m_isOther = false;
    std::vector<Part> m_parts;
};

} // namespace gateway::pipeline
