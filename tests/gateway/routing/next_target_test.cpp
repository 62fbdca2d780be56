// SPDX-License-Identifier: GPL-3.0-or-later
#include <span>
#include <string>
#include <vector>

#include <QTest>

#include "routing/next_target.h"

using namespace gateway;
using namespace gateway::routing;

namespace {

Target target(const char* provider, std::vector<Onward> within = {})
{
    Target made;
    made.provider = ProviderId(provider);
    made.within = std::move(within);
    return made;
}

Error upstream(Retry retry = Retry::NextTarget, Code code = Code::UpstreamError)
{
    return upstreamError(code, retry, "no");
}

/// The providers that are asked when all of them fail in the same way.
std::string asked(const std::vector<Target>& targets, const Error& error, int status)
{
    std::string order;
    NextTarget next;
    for (std::span<const Target> rest(targets); !rest.empty();) {
        const Target& target = rest.front();
        rest = rest.subspan(1);
        if (next.skips(target)) continue;
        order += target.provider.text;
        if (!next.goesOn(target, rest, error, status)) break;
    }
    return order;
}

} // namespace

class NextTargetTest : public QObject {
    Q_OBJECT

private slots:
    void goesOnAsTheErrorSaysByItself()
    {
        const std::vector<Target> targets{target("a"), target("b")};
        QCOMPARE(asked(targets, upstream(), 500), std::string("ab"));
        QCOMPARE(asked(targets, upstream(Retry::Never), 400), std::string("a"));
    }

    void goesOnForTheListedStatusesAlone()
    {
        const Onward outer{0, {400, 429}};
        const std::vector<Target> targets{target("a", {outer}), target("b", {outer})};
        QCOMPARE(asked(targets, upstream(), 429), std::string("ab"));
        QCOMPARE(asked(targets, upstream(), 500), std::string("a"));
        // A list overrules what we think of the status.
        QCOMPARE(asked(targets, upstream(Retry::Never), 400), std::string("ab"));
    }

    void knowsATimeoutByBothItsStatuses()
    {
        for (const int status : {408, 504}) {
            const Onward outer{0, {status}};
            const std::vector<Target> targets{target("a", {outer}), target("b", {outer})};
            QCOMPARE(asked(targets, upstream(Retry::NextTarget, Code::UpstreamTimeout), 0),
                     std::string("ab"));
            QCOMPARE(asked(targets, upstream(Retry::NextTarget, Code::UpstreamConnectError), 0),
                     std::string("a"));
        }
    }

    void leavesARouteWhoseListDoesNotHaveTheStatus()
    {
        const Onward outer{0, {500}};
        const Onward inner{1, {429}};
        const std::vector<Target> targets{target("a", {inner, outer}), target("b", {inner, outer}),
                                          target("c", {outer})};
        QCOMPARE(asked(targets, upstream(), 500), std::string("ac"));
        QCOMPARE(asked(targets, upstream(), 429), std::string("ab"));
        QCOMPARE(asked(targets, upstream(), 503), std::string("a"));
    }

    void asksTheOuterRouteWhenTheInnerHasNothingLeft()
    {
        const Onward outer{0, {429}};
        const Onward inner{1, {}};
        const std::vector<Target> targets{target("a", {inner, outer}), target("b", {inner, outer}),
                                          target("c", {outer})};
        QCOMPARE(asked(targets, upstream(), 500), std::string("ab"));
        QCOMPARE(asked(targets, upstream(), 429), std::string("abc"));
    }

    void goesOnFromATargetThatWasNeverAsked()
    {
        const Onward outer{0, {429}};
        const std::vector<Target> targets{target("a", {outer}), target("b", {outer})};
        Error unfit = gatewayError(Code::InvalidRequest, "cannot");
        unfit.retry = Retry::NextTarget;
        QCOMPARE(asked(targets, unfit, 0), std::string("ab"));
        QCOMPARE(asked(targets, clientError(Code::ClientCancelled, "gone"), 0), std::string("a"));
    }
};

QTEST_APPLESS_MAIN(NextTargetTest)
#include "next_target_test.moc"
