// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include <QApplication>
#include <QFile>
#include <QFontDatabase>
#include <QTest>

#include "theme/icons.h"
#include "theme/theme.h"

namespace ui {
namespace {

double luminance(const QColor& color)
{
    const auto linear = [](double channel) {
        return channel <= 0.03928 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

double contrast(const QColor& a, const QColor& b)
{
    const double first = luminance(a);
    const double second = luminance(b);
    return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

} // namespace

class ThemeTest : public QObject {
    Q_OBJECT

private slots:
    void bothThemesHaveTheSameTokens()
    {
        auto dark = Theme::loadTokens(QStringLiteral(":/theme/dark.json")).keys();
        auto light = Theme::loadTokens(QStringLiteral(":/theme/light.json")).keys();
        std::sort(dark.begin(), dark.end());
        std::sort(light.begin(), light.end());
        QVERIFY(dark.size() > 20);
        QCOMPARE(dark, light);
    }

    void theSheetNamesNoUnknownToken()
    {
        Theme::Tokens tokens = Theme::loadTokens(QStringLiteral(":/theme/dark.json"));
        tokens.insert(QStringLiteral("checkImage"), QStringLiteral("x"));
        QFile sheet(QStringLiteral(":/theme/app.qss"));
        QVERIFY(sheet.open(QIODevice::ReadOnly));
        QStringList unknown;
        const QString filled = Theme::fillTokens(QString::fromUtf8(sheet.readAll()), tokens, &unknown);
        QCOMPARE(unknown, QStringList());
        QVERIFY(!filled.contains(QLatin1Char('@')));
    }

    void anUnknownTokenIsReported()
    {
        QStringList unknown;
        QCOMPARE(Theme::fillTokens(QStringLiteral("a @b c"), {}, &unknown), QStringLiteral("a  c"));
        QCOMPARE(unknown, QStringList{QStringLiteral("b")});
        Theme::instance().apply(ThemeChoice::Dark);
        QTest::ignoreMessage(QtWarningMsg, "Unknown colour nothing.");
        QCOMPARE(Theme::instance().color("nothing"), QColor(Qt::magenta));
    }

    void textCanBeReadInBothThemes()
    {
        for (const ThemeChoice choice : {ThemeChoice::Dark, ThemeChoice::Light}) {
            Theme& theme = Theme::instance();
            theme.apply(choice);
            for (const char* ink : {"text", "muted", "section"}) {
                for (const char* paper : {"window", "sidebar", "card"}) {
                    QVERIFY2(contrast(theme.color(ink), theme.color(paper)) >= 4.5, ink);
                }
            }
            for (const char* ink : {"success", "warning", "danger"}) {
                QVERIFY2(contrast(theme.color(ink),
                                  theme.color(QByteArray(ink).append("Soft").constData())) >= 4.5,
                         ink);
                QVERIFY2(contrast(theme.color(ink), theme.color("card")) >= 4.5, ink);
            }
            QVERIFY(contrast(theme.color("accentText"), theme.color("accent")) >= 4.5);
            QVERIFY(contrast(theme.color("accent"), theme.color("accentSoft")) >= 3.0);
        }
    }

    void fontsAndIconsAreInTheProgram()
    {
        Theme::instance().apply(ThemeChoice::Light);
        QVERIFY(QFontDatabase::families().contains(QStringLiteral("Inter")));
        QVERIFY(QFontDatabase::families().contains(QStringLiteral("JetBrains Mono")));
        QVERIFY(!applicationIcon().isNull());
        const QImage icon = iconPixmap(QStringLiteral("zap"), Qt::red, 16).toImage();
        bool painted = false;
        for (int y = 0; y < icon.height() && !painted; ++y) {
            for (int x = 0; x < icon.width(); ++x) {
                painted = painted || icon.pixelColor(x, y).red() > 200;
            }
        }
        QVERIFY(painted);
    }
};

} // namespace ui

QTEST_MAIN(ui::ThemeTest)
#include "theme_test.moc"
