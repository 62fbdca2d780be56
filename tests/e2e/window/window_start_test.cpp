// SPDX-License-Identifier: GPL-3.0-or-later
// The first minutes of a user: start, see the key, paste a provider's, point a tool at the address, see the
// row. Real window, engine and keychain; the provider is scripted. Nothing of a key may be left on the disk
// in clear.
#include <algorithm>
#include <cstdint>
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
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QProcess>
#include <QPushButton>
#include <QTcpServer>
#include <QTest>

#include "app/process_guard.h"
#include "app/window_program.h"
#include "models/format.h"
#include "models/request_table_model.h"
#include "support/http_client.h"
#include "support/processes.h"

using support::FakeUpstream;
using support::http;
using support::HttpReply;

namespace {

const QString kProviderKey = QStringLiteral("sk-ant-api03-canary-7Qm2zXv9LtRb4Wd8");

const QByteArray kQuestion =
    R"({"model":"lab/claude-sonnet-4-5","max_tokens":50,"stream":true,"messages":[{"role":"user","content":"hi"}]})";

template <typename Widget>
Widget* shown(QWidget& root, const char* name)
{
    for (auto* widget : root.findChildren<Widget*>(QLatin1String(name))) {
        if (widget->isVisible()) return widget;
    }
    return nullptr;
}

int labelsWith(const QWidget& root, const QString& text)
{
    const auto labels = root.findChildren<QLabel*>();
    return static_cast<int>(std::count_if(labels.begin(), labels.end(), [&](const QLabel* label) {
        return label->isVisible() && label->text().contains(text);
    }));
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
    void showsTheRowAndItsCost();
    void endsAndLeavesNothingBehind();
    void theProgramStartsOnceAndEndsOnRequest();

private:
    [[nodiscard]] ui::MainWindow& window() { return m_program->window(); }
    [[nodiscard]] quint16 port() { return m_program->gateway().activity().port; }

    FakeUpstream m_upstream;
    std::unique_ptr<app::WindowProgram> m_program;
    app::CommandLine m_line;
    QByteArray m_clientKey;
    std::int64_t m_costNanos = 0; // of each request
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
    // From now on, without a wait, a tool can use it.
    QCOMPARE(http(port(), "POST", "/v1/messages", {{"x-api-key", m_clientKey}}, kQuestion).status, 200);
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
    const HttpReply reply = http(port(), "POST", "/v1/messages", {{"x-api-key", m_clientKey}}, kQuestion);
    QCOMPARE(reply.status, 200);
    QVERIFY(reply.complete);
    QVERIFY2(reply.body.contains("message_stop"), reply.body);
    const QByteArray sent = QJsonDocument(m_upstream.requests()).toJson();
    QVERIFY2(sent.contains(kProviderKey.toLatin1()), sent);
    QVERIFY2(!sent.contains(m_clientKey), sent);

    // 9 fresh tokens at $3 a million, 3 written to the cache at $3.75, 4 read from it at $0.30, the answer's
    // at $15, in billionths of a dollar.
    const QByteArray last = reply.body.mid(reply.body.indexOf("message_delta"));
    const QByteArray count = last.mid(last.indexOf("\"output_tokens\":") + 16);
    const int answered = count.left(count.indexOf('}')).split(',').front().toInt();
    QVERIFY2(answered > 0, last);
    m_costNanos = 9 * 3'000 + 3 * 3'750 + 4 * 300 + answered * 15'000;
}

void WindowStartTest::showsTheRowAndItsCost()
{
    using Model = ui::RequestTableModel;
    window().openPage("requests");
    const auto* table = shown<QAbstractItemView>(window(), "requestsTable");
    QVERIFY(table != nullptr);
    const QAbstractItemModel* model = table->model();
    const auto cell = [&](int row, int column) { return model->index(row, column).data().toString(); };
    QTRY_VERIFY(model->rowCount() >= 2 && cell(1, Model::Provider) == QLatin1String("lab"));
    for (int row = 0; row < 2; ++row) {
        QVERIFY2(cell(row, Model::Status).startsWith(QLatin1String("200")),
                 qPrintable(cell(row, Model::Status)));
        QCOMPARE(cell(row, Model::Provider), QString("lab"));
        QCOMPARE(cell(row, Model::Cost), ui::formatMoney(m_costNanos));
        QVERIFY2(cell(row, Model::Model).contains("claude-sonnet-4-5"), qPrintable(cell(row, Model::Model)));
    }
    // The side bar adds them up, and Home does.
    window().openPage("home");
    const QString spent = ui::formatMoney(2 * m_costNanos);
    QTRY_COMPARE(labelsWith(window(), spent), 2);
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
