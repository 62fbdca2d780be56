// SPDX-License-Identifier: GPL-3.0-or-later
// The first minutes of a user: start, see the key, paste a provider's, point a tool at the address, see the
// row. Real window, engine and keychain; the provider is scripted. Nothing of a key may be left on the disk
// in clear.
#include <memory>
#include <string>

#include <QAbstractItemModel>
#include <QAbstractItemView>
#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QDirIterator>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLineEdit>
#include <QPointer>
#include <QProcess>
#include <QPushButton>
#include <QTcpServer>
#include <QTest>

#include "app/process_guard.h"
#include "app/window_program.h"
#include "support/http_client.h"
#include "support/processes.h"

using support::FakeUpstream;
using support::http;
using support::HttpReply;

namespace {

const QString kProviderKey = QStringLiteral("sk-ant-api03-canary-7Qm2zXv9LtRb4Wd8");

template <typename Widget>
Widget* shown(QWidget& root, const char* name)
{
    for (auto* widget : root.findChildren<Widget*>(QLatin1String(name))) {
        if (widget->isVisible()) return widget;
    }
    return nullptr;
}

QByteArray contentOf(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// The files below `folder` that hold the text, plain or in a usual disguise.
QStringList filesWith(const QString& folder, const QByteArray& text)
{
    QStringList found;
    // Of base64, what is the same at each of the three places where it may begin in a longer text.
    QList<QByteArray> forms{text, text.toPercentEncoding(), text.toHex(),
                            QByteArray(text).replace('-', "\\u002d")};
    for (qsizetype skip = 0; skip < 3; ++skip) {
        const QByteArray part = text.mid(skip);
        forms.append(part.left(part.size() / 3 * 3).toBase64());
    }
    QDirIterator files(folder, QDir::Files | QDir::Hidden | QDir::System, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString path = files.next();
        const QFileInfo info(path);
        if (!info.isFile()) continue; // Sockets and pipes hold nothing.
        const QByteArray content = contentOf(path);
        for (const QByteArray& form : forms) {
            if (content.contains(form)) found.append(path);
        }
    }
    return found;
}

std::string readBack(app::KeychainStore& keychain, const std::string& name)
{
    std::string found = "(no answer)";
    bool answered = false;
    keychain.read(name, [&](gateway::Result<gateway::Secret> secret) {
        found = secret ? std::string(secret->reveal()) : secret.error().message;
        answered = true;
    });
    (void)QTest::qWaitFor([&] { return answered; }, 10'000);
    return found;
}

} // namespace

class WindowStartTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void showsTheKeyOfTheFirstStart();
    void takesTheProvidersKey();
    void commandsSaveListAndDeleteKeys();
    void answersATool();
    void showsTheRow();
    void endsAndLeavesNothingBehind();
    void theProgramStartsOnceAndEndsOnRequest();

private:
    [[nodiscard]] ui::MainWindow& window() { return m_program->window(); }
    [[nodiscard]] quint16 port() { return m_program->gateway().activity().port; }

    FakeUpstream m_upstream;
    std::unique_ptr<app::WindowProgram> m_program;
    app::CommandLine m_line;
    QByteArray m_clientKey;
};

void WindowStartTest::initTestCase()
{
    QVERIFY2(qEnvironmentVariable("HOME").contains("turnpike-desktop"), "run by run_with_desktop only");
    QVERIFY2(m_upstream.start(), m_upstream.errors());
    const auto line = app::parseCommandLine({"--port", "0"}, {});
    QVERIFY(line);
    m_line = *line;
    m_program = std::make_unique<app::WindowProgram>(m_line);
    m_program->start();
    QVERIFY(QTest::qWaitForWindowExposed(&window()));
    QTRY_COMPARE(m_program->gateway().activity().state, gateway::EngineState::Running);
}

void WindowStartTest::showsTheKeyOfTheFirstStart()
{
    QTRY_VERIFY(shown<QPushButton>(window(), "copyKeyButton") != nullptr);
    QTest::mouseClick(shown<QPushButton>(window(), "copyKeyButton"), Qt::LeftButton);
    QTRY_VERIFY(QGuiApplication::clipboard()->text().startsWith("tp-"));
    m_clientKey = QGuiApplication::clipboard()->text().toLatin1();
    QCOMPARE(http(port(), "GET", "/v1/models", {{"x-api-key", m_clientKey}}).status, 200);
    QCOMPARE(http(port(), "GET", "/v1/models", {{"x-api-key", m_clientKey + "x"}}).status, 401);
}

void WindowStartTest::takesTheProvidersKey()
{
    QTest::mouseClick(shown<QPushButton>(window(), "addProviderButton"), Qt::LeftButton);
    QPointer<QDialog> dialog;
    QTRY_VERIFY((dialog = window().findChild<QDialog*>()) && dialog->isVisible());
    QTest::keyClicks(dialog->findChild<QLineEdit*>("keyEdit"), kProviderKey);
    auto* name = dialog->findChild<QLineEdit*>("nameEdit");
    QCOMPARE(name->text(), QString("anthropic"));
    name->setText("lab");
    dialog->findChild<QLineEdit*>("baseUrlEdit")->setText(m_upstream.url());
    QTest::mouseClick(dialog->findChild<QPushButton*>("acceptButton"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!dialog || !dialog->isVisible(), 20'000);
    QVERIFY2(contentOf(QString::fromStdString(m_line.configPath)).contains("\"keychain:lab/main\""),
             contentOf(QString::fromStdString(m_line.configPath)));
    QCOMPARE(readBack(m_program->keychain(), "lab/main"), kProviderKey.toStdString());
}

void WindowStartTest::commandsSaveListAndDeleteKeys()
{
    const auto run = [](const QStringList& arguments, const QByteArray& input = {}) {
        QProcess command;
        command.start(QStringLiteral(TURNPIKE_BIN "/turnpiked"), arguments);
        command.write(input);
        command.closeWriteChannel();
        return command.waitForFinished(30'000) && command.exitCode() == 0 ? command.readAllStandardOutput()
                                                                          : QByteArray("failed");
    };
    const auto listed = [&](const char* name) {
        for (const QJsonValue& row : QJsonDocument::fromJson(run({"secret", "list", "--json"})).array()) {
            if (row["secret"].toString() == QLatin1String(name)) return row["readable"].toBool();
        }
        return false;
    };
    QVERIFY(listed("keychain:lab/main")); // the window's
    QVERIFY(!listed("keychain:spare/one"));
    QVERIFY(run({"secret", "set", "spare/one"}, "sk-spare-0123456789\n").startsWith("Saved."));
    QVERIFY(run({"secret", "set", "spare/two"}, "sk-spare-9876543210\n").startsWith("Saved."));
    QVERIFY(listed("keychain:spare/one") && listed("keychain:spare/two"));
    QVERIFY(run({"secret", "delete", "spare/one"}).startsWith("Deleted."));
    QVERIFY(!listed("keychain:spare/one") && listed("keychain:spare/two"));
    QVERIFY(run({"secret", "delete", "spare/two"}).startsWith("Deleted."));
    QVERIFY(!listed("keychain:spare/two"));
}

void WindowStartTest::answersATool()
{
    const QByteArray body =
        R"({"model":"lab/mock","max_tokens":50,"stream":true,"messages":[{"role":"user","content":"hi"}]})";
    const auto ask = [&] { return http(port(), "POST", "/v1/messages", {{"x-api-key", m_clientKey}}, body); };
    HttpReply reply;
    QTRY_VERIFY2((reply = ask()).status == 200, reply.body);
    QVERIFY(reply.complete);
    QVERIFY2(reply.body.contains("message_stop"), reply.body);
    const QByteArray sent = QJsonDocument(m_upstream.requests()).toJson();
    QVERIFY2(sent.contains(kProviderKey.toLatin1()), sent);
    QVERIFY2(!sent.contains(m_clientKey), sent);
}

void WindowStartTest::showsTheRow()
{
    window().openPage("requests");
    const auto* table = shown<QAbstractItemView>(window(), "requestsTable");
    QVERIFY(table != nullptr);
    QAbstractItemModel* model = table->model();
    const auto says = [&](const QString& text) {
        for (int column = 0; column < model->columnCount(); ++column) {
            if (model->index(0, column).data().toString().contains(text)) return true;
        }
        return false;
    };
    QTRY_VERIFY(model->rowCount() > 0 && says("lab"));
    QVERIFY(says("mock"));
}

void WindowStartTest::endsAndLeavesNothingBehind()
{
    window().commands().quit->trigger();
    QTRY_COMPARE(m_program->gateway().activity().state, gateway::EngineState::Stopped);
    m_program.reset();
    QGuiApplication::clipboard()->clear();
    const QString home = qEnvironmentVariable("HOME");
    for (const QByteArray& key : {kProviderKey.toLatin1(), m_clientKey})
        QCOMPARE(filesWith(home, key), QStringList());

    const QString config = QString::fromStdString(m_line.configPath);
    const QString data = QString::fromStdString(m_line.dataDir);
    const auto owner = QFile::ReadOwner | QFile::WriteOwner | QFile::ReadUser | QFile::WriteUser;
    const auto folder = owner | QFile::ExeOwner | QFile::ExeUser;
    QCOMPARE(QFileInfo(config).permissions(), owner);
    QCOMPARE(QFileInfo(QFileInfo(config).path()).permissions(), folder);
    QCOMPARE(QFileInfo(data).permissions(), folder);
    int files = 0;
    QDirIterator each(data, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (each.hasNext()) {
        const QString path = each.next();
        QVERIFY2(QFileInfo(path).permissions() == owner, path.toUtf8());
        ++files;
    }
    QVERIFY(files > 0);
}

void WindowStartTest::theProgramStartsOnceAndEndsOnRequest()
{
    quint16 free = 0;
    {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        free = server.serverPort();
    }
    const QString program = QStringLiteral(TURNPIKE_BIN "/turnpike");
    const QStringList arguments{"--port", QString::number(free)};
    QProcess first;
    first.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    first.start(program, arguments);
    QVERIFY(first.waitForStarted());
    QTRY_COMPARE_WITH_TIMEOUT(http(free, "GET", "/health").status, 200, 30'000);
    // The configuration and keys of the window before are there.
    QTRY_COMPARE(http(free, "GET", "/v1/models", {{"x-api-key", m_clientKey}}).status, 200);

    QProcess second;
    second.start(program, arguments);
    QVERIFY(second.waitForFinished(20'000));
    QCOMPARE(second.exitStatus(), QProcess::NormalExit);
    QCOMPARE(second.exitCode(), 0);
    QCOMPARE(first.state(), QProcess::Running);

    first.terminate();
    QVERIFY(first.waitForFinished(20'000));
    QCOMPARE(first.exitStatus(), QProcess::NormalExit);
    QCOMPARE(first.exitCode(), 0);
}

int main(int argc, char** argv)
{
    // The keychain answers through GLib's main loop.
    qunsetenv("QT_NO_GLIB");
    app::guardProcess();
    QApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("turnpike"));
    QGuiApplication::setQuitOnLastWindowClosed(false);
    ui::Theme::instance().apply(ui::Preferences().theme());
    WindowStartTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "window_start_test.moc"
