// SPDX-License-Identifier: GPL-3.0-or-later
#include <QTest>

#include "engine/key_uses.h"

using namespace gateway;
using engine::KeyUses;

namespace {

LogRow row(const char* key, std::int64_t micros, const char* program)
{
    LogRow made;
    made.id.value = micros << 12;
    made.key = key;
    made.client = "sdk";
    made.program = program;
    return made;
}

} // namespace

class KeyUsesTest : public QObject {
    Q_OBJECT

private slots:
    void keepsTheLatest()
    {
        KeyUses uses;
        uses.note(std::vector{row("b", 10, "codex"), row("a", 20, "claude"), row("b", 30, "curl")});
        uses.note(std::vector{row("b", 25, "late"), row("", 99, "nobody")});
        const std::vector<KeyUse> wanted{{VirtualKeyId("a"), 20, "sdk", "claude"},
                                         {VirtualKeyId("b"), 30, "sdk", "curl"}};
        QCOMPARE(uses.all(), wanted);
    }

    void goesOnFromTheLog()
    {
        KeyUses uses;
        uses.note(std::vector{row("a", 20, "claude")});
        uses.seed({{VirtualKeyId("a"), 10, "sdk", "old"}, {VirtualKeyId("b"), 5, "sdk", "curl"}});
        const std::vector<KeyUse> wanted{{VirtualKeyId("a"), 20, "sdk", "claude"},
                                         {VirtualKeyId("b"), 5, "sdk", "curl"}};
        QCOMPARE(uses.all(), wanted);
    }
};

QTEST_APPLESS_MAIN(KeyUsesTest)
#include "key_uses_test.moc"
