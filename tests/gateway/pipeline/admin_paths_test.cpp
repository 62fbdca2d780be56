// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include <QTest>

#include "embedded.h"
#include "pipeline/admin_paths.h"

using gateway::pipeline::adminPaths;
using gateway::pipeline::AdminTopic;
using gateway::pipeline::findAdminPath;
using Json = nlohmann::json;

class AdminPathsTest : public QObject {
    Q_OBJECT

private slots:
    void findsPathsAndNames()
    {
        const auto key = findAdminPath("/admin/v1/keys/a%2Fb");
        QVERIFY(key && key->topic == AdminTopic::Key);
        QCOMPARE(key->name, std::string("a/b"));
        const auto rotation = findAdminPath("/admin/v1/keys/a/rotate");
        QVERIFY(rotation && rotation->topic == AdminTopic::KeyRotation);
        QCOMPARE(rotation->name, std::string("a"));
        QVERIFY(findAdminPath("/admin/v1/keys")->name.empty());
        QVERIFY(findAdminPath("/admin/v1/routes/rotate")->topic == AdminTopic::Route);
    }

    void findsNothingElse()
    {
        for (const char* path : {"", "/", "/admin", "/admin/v1", "/admin/v1/", "/admin/v1x/keys",
                                 "/admin/v2/keys", "/admin/v1//keys", "/admin/v1/keys/", "/admin/v1/keys//",
                                 "/admin/v1/keys/a/", "/admin/v1/keys//rotate", "/admin/v1/keys/a/rotat",
                                 "/admin/v1/keys/a/rotate/b", "/admin/v1/key", "/admin/v1/{name}"})
            QVERIFY2(!findAdminPath(path), path);
    }

    /// Every path and method is described, and nothing else is.
    void areDescribed()
    {
        std::map<std::string, std::string> described, known;
        const Json document = Json::parse(gateway::embedded::openApiJson);
        for (const auto& [path, methods] : document.at("paths").items()) {
            if (!path.starts_with("/admin/")) continue;
            for (const auto& [method, operation] : methods.items()) {
                if (method != "parameters") described[path] += method + ' ';
            }
        }
        for (const auto& row : adminPaths()) {
            std::string& methods = known["/admin/v1" + std::string(row.pattern)];
            for (const char* method : {"delete", "get", "patch", "post", "put"}) {
                std::string upper(method);
                std::transform(upper.begin(), upper.end(), upper.begin(),
                               [](char c) { return static_cast<char>(c - 'a' + 'A'); });
                if (row.allow.find(upper) != std::string_view::npos) methods += std::string(method) + ' ';
            }
        }
        QVERIFY(known == described);
        QVERIFY(known.size() > 10);
    }
};

QTEST_GUILESS_MAIN(AdminPathsTest)
#include "admin_paths_test.moc"
