// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QLocalSocket>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "app/single_instance.h"

namespace app {

class SingleInstanceTest : public QObject {
    Q_OBJECT

private slots:
    void theSecondAsksTheFirstToComeToTheFront()
    {
        const QTemporaryDir folder;
        SingleInstance first(folder.path());
        QVERIFY(first.claim());
        QSignalSpy raised(&first, &SingleInstance::raiseWanted);
        SingleInstance second(folder.path());
        QVERIFY(!second.claim());
        QTRY_COMPARE(raised.size(), 1);
    }

    void aSocketLeftByACrashIsNoInstance()
    {
        const QTemporaryDir folder;
        QFile left(folder.filePath(QStringLiteral("turnpike-window.socket")));
        QVERIFY(left.open(QIODevice::WriteOnly));
        left.close();
        SingleInstance instance(folder.path());
        QVERIFY(instance.claim());
    }

    void otherWordsAreNotUnderstood()
    {
        const QTemporaryDir folder;
        SingleInstance instance(folder.path());
        QVERIFY(instance.claim());
        QSignalSpy raised(&instance, &SingleInstance::raiseWanted);
        QLocalSocket socket;
        socket.connectToServer(folder.filePath(QStringLiteral("turnpike-window.socket")));
        QVERIFY(socket.waitForConnected(2000));
        socket.write(QByteArray(100'000, 'q'));
        QTRY_COMPARE(socket.state(), QLocalSocket::UnconnectedState);
        QCOMPARE(raised.size(), 0);
    }
};

} // namespace app

QTEST_GUILESS_MAIN(app::SingleInstanceTest)
#include "single_instance_test.moc"
