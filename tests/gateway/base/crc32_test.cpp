// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest/QtTest>

#include "base/crc32.h"

using namespace gateway;

class Crc32Test : public QObject {
    Q_OBJECT

private slots:
    void sumsKnownBytes();
};

void Crc32Test::sumsKnownBytes()
{
    QCOMPARE(crc32({}), uint32_t(0));
    QCOMPARE(crc32("123456789"), uint32_t(0xCBF43926));
    QVERIFY(crc32("a") != crc32("b"));
}

QTEST_GUILESS_MAIN(Crc32Test)
#include "crc32_test.moc"
