// SPDX-License-Identifier: GPL-3.0-or-later
#include <QElapsedTimer>
#include <QTest>

#include "models/line_diff.h"

namespace ui {
namespace {

QStringList marked(const QString& before, const QString& after)
{
    const auto lines = [](const QString& text) {
        return text.isEmpty() ? QStringList() : text.split(QLatin1Char(' '));
    };
    QStringList all;
    for (const DiffLine& line : lineDiff(lines(before), lines(after))) {
        all.append(markedLine(line).remove(QLatin1Char(' ')));
    }
    return all;
}

QStringList numbered(const char* prefix, int count)
{
    QStringList lines;
    for (int i = 0; i < count; ++i) {
        lines.append(QLatin1String(prefix) + QString::number(i));
    }
    return lines;
}

} // namespace

class LineDiffTest : public QObject {
    Q_OBJECT

private slots:
    void tellsWhatWasAddedAndRemoved_data()
    {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("after");
        QTest::addColumn<QString>("expected");
        QTest::newRow("nothing") << ""
                                 << ""
                                 << "";
        QTest::newRow("same") << "a b c"
                              << "a b c"
                              << "a b c";
        QTest::newRow("all new") << ""
                                 << "a b"
                                 << "+a +b";
        QTest::newRow("all gone") << "a b"
                                  << ""
                                  << "-a -b";
        QTest::newRow("in the middle") << "a b c"
                                       << "a x c"
                                       << "a -b +x c";
        QTest::newRow("at the ends") << "a b c"
                                     << "x b y"
                                     << "-a +x b -c +y";
        QTest::newRow("moved") << "a b c d"
                               << "b c d a"
                               << "-a b c d +a";
        QTest::newRow("repeated") << "a a a"
                                  << "a a"
                                  << "a a -a";
        QTest::newRow("kept apart") << "a b c d e"
                                    << "a c x e"
                                    << "a -b c -d +x e";
    }

    void tellsWhatWasAddedAndRemoved()
    {
        QFETCH(QString, before);
        QFETCH(QString, after);
        QFETCH(QString, expected);
        QCOMPARE(marked(before, after).join(QLatin1Char(' ')), expected);
    }

    void givesBothTextsBack()
    {
        const QStringList before = numbered("x", 40) + numbered("y", 10), after = numbered("y", 30);
        QStringList left, right;
        for (const DiffLine& line : lineDiff(before, after)) {
            if (line.kind != DiffLine::Kind::Added) left.append(line.text);
            if (line.kind != DiffLine::Kind::Removed) right.append(line.text);
        }
        QCOMPARE(left, before);
        QCOMPARE(right, after);
    }

    void givesUpOnMatchingWhereTextsAreLarge()
    {
        const auto lines = lineDiff(numbered("a", 60'000), numbered("b", 60'000));
        QCOMPARE(lines.size(), std::size_t{120'000});
        QVERIFY(lines.front().kind == DiffLine::Kind::Removed);
        QVERIFY(lines.back().kind == DiffLine::Kind::Added);
    }
};

} // namespace ui

QTEST_GUILESS_MAIN(ui::LineDiffTest)
#include "line_diff_test.moc"
