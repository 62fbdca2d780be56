// SPDX-License-Identifier: GPL-3.0-or-later
#include "pipeline/route_meaning.h"

#include <algorithm>
#include <tuple>

#include "meaning/phrase_book.h"
#include "pipeline/request_situation.h"

namespace gateway::pipeline {

RouteMeaning::RouteMeaning(const RouteConfig& route)
{
    for (const TargetConfig& target : route.targets) {
        Point& point = m_points.emplace_back();
        point.texts = target.examples;
        if (point.texts.empty() && !target.description.empty()) point.texts.push_back(target.description);
    }
}

void RouteMeaning::prepare(std::size_t place) const
{
    const Point& point = m_points[place];
    std::call_once(point.once, [&point] { point.middle = meaning::ownPhraseBook().middleOf(point.texts); });
}

std::vector<std::optional<double>> RouteMeaning::likenesses(const std::vector<meaning::Phrase>& windows) const
{
    std::vector<std::optional<double>> found(m_points.size());
    for (std::size_t place = 0; place < m_points.size(); ++place) {
        prepare(place);
        const meaning::Phrase& middle = m_points[place].middle;
        for (const meaning::Phrase& window : windows) {
            if (middle.empty()) break;
            const double likeness = meaning::likeness(middle, window);
            found[place] = std::max(found[place].value_or(-1), likeness);
        }
    }
    return found;
}

const std::vector<std::optional<double>>* FoundLikenesses::of(const RouteMeaning& route) const
{
    for (const auto& [known, likenesses] : m_found) {
        if (known == &route) return &likenesses;
    }
    if (std::find(m_wanted.begin(), m_wanted.end(), &route) == m_wanted.end()) m_wanted.push_back(&route);
    return nullptr;
}

void FoundLikenesses::find(const std::vector<meaning::Phrase>& windows)
{
    for (const RouteMeaning* route : m_wanted)
        m_found.emplace_back(route, route->likenesses(windows));
    m_wanted.clear();
}

const std::vector<meaning::Phrase>& LastPhrases::of(const std::string& text)
{
    if (m_text != text) {
        m_windows = meaning::ownPhraseMaker().phrases(text);
        m_text = text;
    }
    return m_windows;
}

void noteMeaning(const Runtime& runtime, const RoutedRequest& request, std::minstd_rand chance,
                 std::int64_t nowMicros, const std::vector<std::string>& names)
{
    RequestSituation situation(runtime, request, chance, nowMicros);
    situation.takeNoTurns();
    for (const std::string& name : names)
        std::ignore =
            routing::planFor(*runtime.config, runtime, name, routing::PlanContext{&situation, nullptr});
}

} // namespace gateway::pipeline
