// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>

#include <QTest>

#include "dialect/member_path.h"

using gateway::dialect::isMemberPath;
using gateway::dialect::withoutPath;

class MemberPathTest : public QObject {
    Q_OBJECT

private slots:
    void tellsPathsFromOthers()
    {
        for (const char* path : {"a", "a.b", "a[*].b", "a[*].b[*].c", "top-p", "größe"})
            QVERIFY2(isMemberPath(path), path);
        for (const char* path : {"", ".", "a.", ".a", "a..b", "a[*]", "a[0].b", "a b", "[*].a", "a*", "\"a",
                                 "a.b.c.d.e.f.g.h.i"})
            QVERIFY2(!isMemberPath(path), path);
    }

    void takesOutWhatStandsThere_data()
    {
        QTest::addColumn<std::string>("path");
        QTest::addColumn<std::string>("left");
        QTest::newRow("a member") << std::string("a") << std::string(R"({"b":[{"c":1,"d":2},3,{"c":4}]})");
        QTest::newRow("one within") << std::string("a.x")
                                    << std::string(R"({"a":{"y":{"z":2}},"b":[{"c":1,"d":2},3,{"c":4}]})");
        QTest::newRow("deeper") << std::string("a.y.z")
                                << std::string(R"({"a":{"x":1,"y":{}},"b":[{"c":1,"d":2},3,{"c":4}]})");
        QTest::newRow("of every element")
            << std::string("b[*].c") << std::string(R"({"a":{"x":1,"y":{"z":2}},"b":[{"d":2},3,{}]})");
        for (const char* path : {"c", "a.q", "a[*].x", "b.c", "a.x.y"})
            QTest::newRow(path) << std::string(path) << std::string(kBody);
    }

    void takesOutWhatStandsThere()
    {
        QFETCH(std::string, path);
        QFETCH(std::string, left);
        QCOMPARE(withoutPath(kBody, path), left);
    }

private:
    static constexpr const char* kBody = R"({"a":{"x":1,"y":{"z":2}},"b":[{"c":1,"d":2},3,{"c":4}]})";
};

QTEST_GUILESS_MAIN(MemberPathTest)
#include "member_path_test.moc"
