// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/config.h"

#include "meaning/phrase.h"
#include "routing/plan.h"

namespace gateway::pipeline {

class Runtime;
struct RoutedRequest;

inline constexpr std::string_view kNoEmbedder = "this program was built without an embedder";

/// What the targets of a route that goes by meaning are described by: a point for each, the middle of its
/// examples or else its description. Made with the configuration, when nothing is told yet. Worker threads
/// only, but for making it.
class RouteMeaning {
public:
    explicit RouteMeaning(const RouteConfig& route);

    [[nodiscard]] std::size_t size() const { return m_points.size(); }
    /// Tells what one target is about, unless that was done; another thread that is at it is waited for.
    void prepare(std::size_t place) const;
    /// Of each target to the window of the text that is most like it; nothing where it has no description or
    /// nothing is said.
    [[nodiscard]] std::vector<std::optional<double>>
    likenesses(const std::vector<meaning::Phrase>& windows) const;

private:
    struct Point {
        std::vector<std::string> texts;
        mutable std::once_flag once;
        mutable meaning::Phrase middle;
    };

    std::deque<Point> m_points; // never moved
};

/// How alike one request and the targets of the routes are that it reaches and that go by meaning. Those that
/// somebody asks for are noted, then found on a worker, then there to be asked for again. One thread at a
/// time.
class FoundLikenesses {
public:
    /// Null: they are not found yet, but noted.
    [[nodiscard]] const std::vector<std::optional<double>>* of(const RouteMeaning& route) const;
    [[nodiscard]] bool areWanted() const { return !m_wanted.empty(); }
    /// Of those that were noted, to what a request says. A worker's call: examples may not be told yet.
    void find(const std::vector<meaning::Phrase>& windows);

private:
    using Found = std::pair<const RouteMeaning*, std::vector<std::optional<double>>>;

    mutable std::vector<const RouteMeaning*> m_wanted;
    std::deque<Found> m_found;
};

/// What a text says that is asked for again and again. One thread at a time, and none that serves sockets.
class LastPhrases {
public:
    [[nodiscard]] const std::vector<meaning::Phrase>& of(const std::string& text);

private:
    std::optional<std::string> m_text;
    std::vector<meaning::Phrase> m_windows;
};

/// Notes in the request's likenesses what the routes ask for that those names lead to. Nobody has his turn,
/// and no chance is used up.
void noteMeaning(const Runtime& runtime, const RoutedRequest& request, std::minstd_rand chance,
                 std::int64_t nowMicros, const std::vector<std::string>& names);

} // namespace gateway::pipeline
