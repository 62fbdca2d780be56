// SPDX-License-Identifier: GPL-3.0-or-later
// A gateway with three IO threads under load from plain sockets, while its owner reconfigures, pauses, asks
// and at last stops it in the middle of the work.
#include <arpa/inet.h>
#include <atomic>
#include <cstdio>
#include <fstream>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include <QCoreApplication>
#include <QTemporaryDir>
#include <QTimer>

#include "gateway/gateway.h"

namespace {

constexpr int kClients = 4;
constexpr int kRounds = 40; // of the owner's

/// An agent that has made the same call twice.
const std::string kLooping =
    R"(","tools":[{"type":"function","function":{"name":"t"}}],"messages":[{"role":"user","content":"go"},)"
    R"({"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"t","arguments":"{}"}}]},)"
    R"({"role":"tool","tool_call_id":"a","content":"x"},)"
    R"({"role":"assistant","tool_calls":[{"id":"b","type":"function","function":{"name":"t","arguments":"{}"}}]},)"
    R"({"role":"tool","tool_call_id":"b","content":"x"}]})";

/// One request on a connection of its own; true when an answer came. `leave`: closes after the first bytes.
bool callOnce(std::uint16_t port, const std::string& key, const std::string& body, bool leave)
{
    const int handle = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bool answered = false;
    if (::connect(handle, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
        const std::string request =
            "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
            "\r\nAuthorization: Bearer " + key +
            "\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: " +
            std::to_string(body.size()) + "\r\n\r\n" + body;
        static_cast<void>(::send(handle, request.data(), request.size(), MSG_NOSIGNAL));
        char buffer[4096];
        while (::recv(handle, buffer, sizeof buffer, 0) > 0) {
            answered = true;
            if (leave) break;
        }
    }
    ::close(handle);
    return answered;
}

void work(std::uint16_t port, const std::string& key, int client, const std::atomic<bool>& over,
          std::atomic<int>& answers)
{
    const std::string tail = R"(","messages":[{"role":"user","content":"one two three four"}]})";
    for (int call = client; !over.load(); ++call) {
        const bool stream = call % 2 == 0;
        const bool leave = call % 5 == 0;
        std::string model = leave ? "sandbox/slow" : call % 7 == 0 ? "sandbox/flaky" : "sandbox/echo";
        if (call % 3 == 1) model = "paid/m"; // waits for the owner's word
        const std::string body = std::string(stream ? R"({"stream":true,"model":")" : R"({"model":")") +
                                 model + (call % 4 == 3 ? kLooping : tail);
        if (callOnce(port, key, body, leave)) ++answers;
    }
}

} // namespace

int main(int argc, char** argv)
{
    QCoreApplication application(argc, argv);
    const QTemporaryDir folder;
    const gateway::FreshKey fresh = gateway::makeVirtualKey();
    const std::string key(fresh.key.reveal());
    const std::string config = folder.filePath(QStringLiteral("config.json")).toStdString();
    // Nobody listens at the paid provider's address; its budget is used up from the start and asks.
    std::ofstream(config) << R"({"version":1,"server":{"io_threads":3},"keys":{"race":{"sha256":")"
                          << fresh.sha256
                          << R"("}},"providers":{"paid":{"kind":"openai-compatible","base_url":)"
                             R"("http://127.0.0.1:1/v1","retry":{"attempts":0},"models":{"m":{"price":)"
                             R"({"input":1,"output":1}}}}},"budgets":{"all":{"usd":0,"per":"day",)"
                             R"("at_limit":"ask","ask_more_usd":0.000001,"ask_ms":1000}},)"
                             R"("loop_guard":{"same_calls":2,"session_usd":1}})";
    gateway::GatewayOptions options;
    options.configPath = config;
    options.dataDir = folder.filePath(QStringLiteral("data")).toStdString();
    options.port = 0;
    gateway::Gateway door(options);

    std::atomic<bool> over{false};
    std::atomic<int> answers{0};
    std::vector<std::thread> clients;
    int round = 0;
    bool failed = false;
    QTimer owner;
    QObject::connect(&owner, &QTimer::timeout, [&] {
        gateway::Config next = *door.config();
        next.server.drain = gateway::seconds(1 + round % 3);
        next.aliases = {{"alias-" + std::to_string(round), "sandbox/echo"}};
        door.apply(next);
        if (round % 4 == 0) door.pause();
        if (round % 4 == 1) door.resume();
        for (const gateway::SpendQuestion& question : door.activity().questions)
            door.answerQuestion(question.id, round % 6 != 0);
        if (round % 7 == 3) door.allowMore(QStringLiteral("all"), false, 1);
        door.alerts({});
        door.requests({});
        door.figures({0, 0, 3'600'000'000, 0});
        door.usage({0, "model"});
        door.sendTrial(QStringLiteral("sandbox/echo"), QStringLiteral("hello"));
        door.testProvider(gateway::ProviderId("sandbox"));
        if (++round == kRounds) {
            owner.stop();
            door.stop();
        }
    });
    QObject::connect(&door, &gateway::Gateway::started, [&] {
        const std::uint16_t port = door.activity().port;
        for (int client = 0; client < kClients; ++client)
            clients.emplace_back([&, port, client] { work(port, key, client, over, answers); });
        owner.start(50);
    });
    QObject::connect(&door, &gateway::Gateway::failed, [&](const QString&, const QString& message) {
        std::fprintf(stderr, "%s\n", qPrintable(message));
        failed = true;
        QCoreApplication::exit(1);
    });
    QObject::connect(&door, &gateway::Gateway::stopped, [&] {
        over = true;
        QCoreApplication::exit(0);
    });
    door.start();
    const int code = QCoreApplication::exec();
    for (std::thread& client : clients)
        client.join();
    if (failed || answers.load() == 0) {
        std::fprintf(stderr, "answers: %d\n", answers.load());
        return 1;
    }
    return code;
}
