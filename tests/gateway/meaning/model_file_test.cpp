// SPDX-License-Identifier: GPL-3.0-or-later
// A file of weights that was cut or written over is none.
#include <string>

#include <QTest>

#include "embedded.h"
#include "meaning/model_file.h"

using namespace gateway;
using namespace gateway::meaning;

class ModelFileTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY2(readModel(embedded::embedder), "The build could not fetch the weights."); }

    void needsAllOfIt()
    {
        const std::string_view whole = embedded::embedder;
        for (const std::size_t size : {std::size_t{0}, std::size_t{7}, std::size_t{8}, std::size_t{12},
                                       std::size_t{40'000}, whole.size() / 2, whole.size() - 4})
            QVERIFY2(!readModel(whole.substr(0, size)), qPrintable(QString::number(size)));
        QVERIFY(!readModel(std::string(whole) + "more"));
    }

    void needsItsOwnSizes()
    {
        const std::string whole(embedded::embedder);
        // The mark, the count of pieces, their bytes, and the first of their ends.
        for (const std::size_t at : {0, 8, 12, 16}) {
            std::string other = whole;
            other.replace(at, 4, "\xFF\xFF\xFF\x7F");
            QVERIFY2(!readModel(other), qPrintable(QString::number(at)));
        }
    }
};

QTEST_APPLESS_MAIN(ModelFileTest)
#include "model_file_test.moc"
