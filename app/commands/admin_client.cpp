// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/admin_client.h"

#include <QHostAddress>
#include <QNetworkInterface>
#include <QNetworkProxy>
#include <QTcpSocket>

#include "gateway/config_io.h"

#include "app/commands/admin_call.h"
#include "app/commands/answer_fields.h"
#include "app/commands/config_edit.h"
#include "app/port_holder.h"

namespace app {

namespace {

using Kind = AdminFault::Kind;

constexpr int kConnectMilliseconds = 2000;

/// The configuration that the server has: the last good one while the file is not valid.
gateway::Result<gateway::ParsedConfig> standingConfig(const std::string& path)
{
    auto loaded = loadConfig(path);
    if (loaded) return loaded;
    auto lastGood = gateway::readConfigFile(path + ".bak");
    if (!lastGood || lastGood->empty()) return loaded;
    gateway::ParsedConfig parsed = gateway::parseConfig(*lastGood);
    if (!parsed.usable()) return loaded;
    return parsed;
}

/// Where the server is reached from here. Nothing for an address that is not this machine's.
std::optional<QHostAddress> ownAddress(const std::string& host)
{
    QHostAddress address(QString::fromStdString(host));
    if (address.isNull() || address == QHostAddress(QHostAddress::AnyIPv4)) // or "localhost"
        address = QHostAddress(QHostAddress::LocalHost);
    else if (address == QHostAddress(QHostAddress::AnyIPv6) || address == QHostAddress(QHostAddress::Any))
        address = QHostAddress(QHostAddress::LocalHostIPv6);
    if (address.isLoopback() || QNetworkInterface::allAddresses().contains(address)) return address;
    return std::nullopt;
}

bool isListening(const QHostAddress& address, std::uint16_t port)
{
    QTcpSocket probe;
    probe.setProxy(QNetworkProxy::NoProxy);
    probe.connectToHost(address, port);
    const bool listens = probe.waitForConnected(kConnectMilliseconds);
    probe.abort();
    return listens;
}

} // namespace

std::string AdminClient::where() const
{
    return m_root.toString().toStdString();
}

std::optional<AdminFault> AdminClient::prepare()
{
    const auto config = standingConfig(m_line.configPath);
    if (!config) return AdminFault{Kind::BadConfig, "invalid_request", config.error().message, kBadInput};
    const gateway::ServerConfig& server = config->config.server;
    const std::uint16_t port = m_line.port.value_or(server.port);
    if (port == 0)
        return AdminFault{Kind::BadConfig, "invalid_request",
                          "Say on which port the server listens: --port N, as it told when it started.",
                          kBadInput};
    const auto address = ownAddress(server.host);
    m_root.setScheme(QStringLiteral("http"));
    m_root.setHost(address ? address->toString() : QString::fromStdString(server.host));
    m_root.setPort(port);
    if (!address || !isListening(*address, port))
        return AdminFault{Kind::NotRunning, "not_running",
                          "No Turnpike is running at " + where() +
                              ". Start the window or `turnpiked serve`; where it listens on another port, "
                              "say so with --port."};
    auto key = readAdminKey(m_line, config->config);
    if (!key) {
        const bool isInput = key.error().code == gateway::Code::InvalidRequest;
        return AdminFault{isInput ? Kind::BadConfig : Kind::NoKey,
                          isInput ? "invalid_request" : "no_admin_key", key.error().message,
                          isInput ? kBadInput : kFailed};
    }
    m_key = *std::move(key);
    m_ready = true;
    return std::nullopt;
}

AdminAnswer AdminClient::call(const QByteArray& method, const QByteArray& path, const NeededMember& needed,
                              const QByteArray& body)
{
    if (!m_ready) {
        if (auto fault = prepare()) return *std::move(fault);
    }
    const QUrl url = QUrl::fromEncoded(m_root.toEncoded() + "/admin/v1" + path, QUrl::StrictMode);
    const AdminReply reply = sendAdminCall(url, m_key.secret, method, body);
    if (reply.timedOut)
        return AdminFault{Kind::NoAnswer, "timed_out",
                          "Turnpike at " + where() + " has not answered within " +
                              std::to_string(kPatienceSeconds) +
                              " seconds. Look whether it took effect, then try again; if it stays so, start "
                              "the server anew."};
    if (reply.tooLarge) return notTurnpike();
    if (!reply.problem.empty())
        return AdminFault{Kind::NoAnswer, "broken_off",
                          "The connection to " + where() + " broke off (" +
                              harmless(masked(reply.problem, m_key.secret.reveal())) +
                              "). Look whether the server still runs" +
                              (method == "GET" ? "" : " and whether it took effect") + ", and try again."};
    if (reply.status < 200 || reply.status > 299) return faultOf(reply.status, reply.body);
    Json answer = parseAnswer(reply.body, m_key.secret.reveal());
    if (!isThere(needed, answer)) return notTurnpike();
    return answer;
}

AdminFault AdminClient::notTurnpike() const
{
    const std::string holder = harmless(portHolder(static_cast<std::uint16_t>(m_root.port())));
    return {Kind::NotTurnpike, "not_turnpike",
            "What answers at " + where() + " is not Turnpike's administration" +
                (holder.empty() ? std::string() : ": the port is held by " + holder) +
                ". Say where Turnpike listens with --port, or see `turnpiked doctor`."};
}

AdminFault AdminClient::faultOf(int status, const QByteArray& body) const
{
    const Json answer = parseAnswer(body, m_key.secret.reveal());
    const Json error = answer.is_object() && answer.contains("error") ? answer["error"] : Json();
    const std::string code = harmless(textIn(error, "code"));
    if (code.empty()) return notTurnpike();
    if (status == 401)
        return {Kind::KeyRefused, "invalid_api_key",
                "Turnpike at " + where() + " refuses the admin key, which is from " + m_key.source +
                    ". It has to be the one that the server read from its server.admin_key, or it found "
                    "none when it started; after a change of the key start the server anew."};
    if (status == 404 && code == "unknown_url")
        return {Kind::NoKey, "no_admin_key",
                "Turnpike at " + where() +
                    " has no administration: it found no admin key. Set one where server.admin_key says, and "
                    "start the server anew."};
    AdminFault fault{Kind::Refused, code, harmless(textIn(error, "message")),
                     status == 400 ? kBadInput : kFailed};
    if (fault.message.empty()) fault.message = "Turnpike refuses it (" + code + ").";
    fault.problems = listIn(error, "problems");
    return fault;
}

QByteArray segmentOf(const std::string& name)
{
    return QUrl::toPercentEncoding(QString::fromStdString(name));
}

int failWith(const AdminFault& fault, bool json)
{
    std::string text = fault.message;
    for (const Json& problem : fault.problems)
        text += "\n  " + harmless(textIn(problem, "path") + ": " + textIn(problem, "message"));
    complain(text);
    if (json) {
        Json error = {{"code", fault.code}, {"message", fault.message}};
        if (!fault.problems.empty()) error["problems"] = fault.problems;
        printJson({{"error", error}});
    }
    return fault.exitCode;
}

} // namespace app
