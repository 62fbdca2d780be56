// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include <QByteArray>
#include <QUrl>

#include "app/command_line.h"
#include "app/commands/admin_key.h"
#include "app/commands/answer_fields.h"
#include "app/commands/output.h"

namespace app {

/// Why the running gateway did not do what was asked.
struct AdminFault {
    enum class Kind : std::uint8_t {
        Undecided,
        BadConfig,   // nobody can tell where the gateway is
        NotRunning,  // nobody listens there
        NoKey,       // none is known here, or the gateway has none
        KeyRefused,  // it is not that one
        NotTurnpike, // another program listens there
        NoAnswer,    // it did not come in time, or broke off
        Refused,     // the gateway's own word
    };
    Kind kind = Kind::Undecided;
    std::string code; // "not_running", or as the gateway says
    std::string message;
    int exitCode = kFailed;
    Json problems = Json::array(); // what is wrong with a configuration
};

using AdminAnswer = std::variant<Json, AdminFault>;

/// Calls to the administration of the gateway that runs on this machine with the configuration of a command
/// line. Only to an address of this machine, by no proxy, following no redirection: the key goes nowhere
/// else. Blocking; every call ends within seconds.
class AdminClient {
public:
    explicit AdminClient(const CommandLine& line) : m_line(line) {}

    /// An answer without `needed` is another program's.
    [[nodiscard]] AdminAnswer read(const QByteArray& path, const NeededMember& needed)
    {
        return call("GET", path, needed, {});
    }
    [[nodiscard]] AdminAnswer post(const QByteArray& path, const NeededMember& needed,
                                   const QByteArray& body = {})
    {
        return call("POST", path, needed, body);
    }

private:
    [[nodiscard]] AdminAnswer call(const QByteArray& method, const QByteArray& path,
                                   const NeededMember& needed, const QByteArray& body);
    /// Finds the server and the key, once.
    [[nodiscard]] std::optional<AdminFault> prepare();
    [[nodiscard]] AdminFault faultOf(int status, const QByteArray& body) const;
    [[nodiscard]] AdminFault notTurnpike() const;
    [[nodiscard]] std::string where() const;

    const CommandLine& m_line;
    bool m_ready = false;
    QUrl m_root;
    AdminKey m_key;
};

/// A name as one segment of such a path.
[[nodiscard]] QByteArray segmentOf(const std::string& name);

/// Complains, also in JSON when asked to, and returns the exit code.
int failWith(const AdminFault& fault, bool json);

} // namespace app
