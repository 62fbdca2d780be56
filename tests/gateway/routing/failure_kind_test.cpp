// SPDX-License-Identifier: GPL-3.0-or-later
#include <set>
#include <string>
#include <vector>

#include <QTest>

#include "gateway/config_io.h"

#include "routing/failure_kind.h"

using namespace gateway;

class FailureKindTest : public QObject {
    Q_OBJECT

private slots:
    void isOneThatAConfigurationMayName()
    {
        std::set<std::string> found;
        for (int code = 0; code <= static_cast<int>(Code::Internal); ++code) {
            Error error;
            error.code = static_cast<Code>(code);
            if (const auto kind = routing::failureKind(error); !kind.empty()) found.emplace(kind);
            error.contentRefused = true;
            QVERIFY(routing::failureKind(error) == "content_refused");
        }
        found.insert("content_refused");
        const std::vector<std::string> named = failureKinds();
        QVERIFY(found == std::set<std::string>(named.begin(), named.end()));
    }

    void isNoneOfTheRequestsOwnFaults()
    {
        for (const Code code : {Code::InvalidRequest, Code::UpstreamRefused, Code::ClientCancelled,
                                Code::DataPolicy, Code::ModelNotFound}) {
            Error error;
            error.code = code;
            QVERIFY(routing::failureKind(error).empty());
        }
    }

    void tellsWaitingFromNotReaching()
    {
        Error error;
        error.code = Code::UpstreamTimeout;
        QVERIFY(routing::failureKind(error) == "timeout");
        error.code = Code::UpstreamDnsError;
        QVERIFY(routing::failureKind(error) == "network");
        error.code = Code::ProviderAuthFailed;
        QVERIFY(routing::failureKind(error) == "auth");
    }
};

QTEST_APPLESS_MAIN(FailureKindTest)
#include "failure_kind_test.moc"
