// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/meaning_trial.h"

#include <random>
#include <utility>

#include "pipeline/route_meaning.h"
#include "routing/strategy.h"

namespace gateway {

namespace {

class NothingKnown : public FieldSource {
public:
    [[nodiscard]] FieldValue field(std::string_view) const override { return {}; }
};

} // namespace

MeaningTrial tryMeaning(const RouteConfig& route, std::string_view text)
{
    MeaningTrial trial;
    const pipeline::RouteMeaning meaning(route);
    std::string_view unmeasured = "nothing is said in the request";
    if (meaning::ownPhraseMaker().works())
        trial.likenesses = meaning.likenesses(meaning::ownPhraseMaker().phrases(text));
    else
        unmeasured = pipeline::kNoEmbedder;
    trial.likenesses.resize(route.targets.size());
    std::vector<routing::TargetView> views(route.targets.size());
    for (std::size_t place = 0; place < views.size(); ++place) {
        views[place].isDescribed = route.targets[place].isDescribed();
        views[place].likeness = trial.likenesses[place];
    }
    const NothingKnown fields;
    std::minstd_rand random;
    routing::Ranking ranking =
        routing::findStrategy("semantic")
            ->rank({views, fields, {}, 0, 0, random, routing::meaningRules(route.semantic), unmeasured});
    trial.order = std::move(ranking.order);
    trial.why = ranking.why;
    return trial;
}

} // namespace gateway
