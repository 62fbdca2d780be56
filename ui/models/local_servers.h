// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include <QFuture>
#include <QObject>
#include <QString>
#include <QTimer>

#include "models/gateway_link.h"

namespace ui {

/// A model server that answers on this computer, and the provider that it would be.
struct FoundServer {
    QString name; // "Ollama"; where it does not say what it is, "Model server"
    gateway::ProviderConfig provider;
    int models = 0;
};

/// Looks for model servers at the addresses of the local presets. Only loopback addresses are asked, never
/// the gateway's own port, and none that a provider has already. Each has a few seconds; several presets with
/// one address are told apart by what answers. GUI thread.
class LocalServers : public QObject {
    Q_OBJECT

public:
    explicit LocalServers(GatewayLink& link, QObject* parent = nullptr);

    /// How long one server may take. For tests; takes effect with the next look.
    void setPatience(std::chrono::milliseconds patience) { m_patience = patience; }
    /// Asks all anew.
    void look();
    void cancel();
    [[nodiscard]] bool isLooking() const { return m_open > 0; }
    /// Whether a look has come to its end, so that what was not found is not there.
    [[nodiscard]] bool hasLooked() const { return m_hasLooked; }
    /// Without those that were added meanwhile.
    [[nodiscard]] const std::vector<FoundServer>& found() const { return m_shown; }

signals:
    void changed();

private:
    struct Probe {
        gateway::ProviderPreset preset; // the first of those at this address
        bool shared = false;            // there are others
        QFuture<gateway::ProviderTest> future;
    };
    void ask(std::size_t place);
    void settle(std::size_t place, int round, const gateway::ProviderTest* answer);
    void endLook();
    void filter();

    GatewayLink& m_link;
    std::chrono::milliseconds m_patience{2500};
    QTimer m_deadline;
    std::vector<Probe> m_probes;
    std::vector<FoundServer> m_found; // by the presets' order once the look has ended
    std::vector<FoundServer> m_shown;
    std::size_t m_open = 0;
    int m_round = 0; // of the look whose answers count
    bool m_hasLooked = false;
};

/// The port of an address on this computer; 0 of every other address.
[[nodiscard]] int loopbackPort(const std::string& url);
/// The preset that a server which names `owner` in its list of models is; empty: it does not tell.
[[nodiscard]] std::string presetOfOwner(const std::string& owner);

} // namespace ui
