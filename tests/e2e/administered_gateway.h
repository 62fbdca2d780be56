// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

#include "support/http_client.h"
#include "support/processes.h"

namespace e2e {

/// A real turnpiked with an admin key, and calls to its /admin/v1.
class AdministeredGateway {
public:
    static constexpr const char* kAdminKey = "adm-canary-5a1f0be7c4";

    AdministeredGateway() = default;
    AdministeredGateway(const AdministeredGateway&) = delete;
    AdministeredGateway& operator=(const AdministeredGateway&) = delete;
    ~AdministeredGateway() { end(); }

    /// Every answer of `lab/mock` is 16 tokens in and 7 out, which cost 23 thousandths of a dollar.
    [[nodiscard]] bool start(const QString& upstreamUrl, const QJsonObject& more = {})
    {
        end();
        gateway = std::make_unique<support::GatewayProcess>(upstreamUrl);
        QFile key(gateway->folder() + "/admin.key");
        if (!key.open(QIODevice::WriteOnly) || key.write(kAdminKey) < 0) return false;
        key.close();
        key.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
        const QJsonObject price{
            {"input", 1000}, {"output", 1000}, {"cache_read", 1000}, {"cache_write", 1000}};
        QJsonObject providers = gateway->configuration()["providers"].toObject();
        if (QJsonObject lab = providers.value("lab").toObject(); !lab.isEmpty()) {
            lab["models"] = QJsonObject{{"mock", QJsonObject{{"price", price}}}};
            providers["lab"] = lab;
        }
        gateway->configure({{"providers", providers}, {"x-team", "ours"}});
        gateway->configure(more);
        QJsonObject server = more["server"].toObject();
        if (!server.contains("admin_key")) server["admin_key"] = "file:" + key.fileName();
        gateway->configure({{"server", server}});
        return gateway->start();
    }

    [[nodiscard]] support::HttpReply call(const QByteArray& method, const QByteArray& path,
                                          const QByteArray& body = {}, support::HeaderList headers = {}) const
    {
        headers.emplaceBack("Authorization", QByteArray("Bearer ") + kAdminKey);
        return support::http(gateway->port(), method, "/admin/v1" + path, headers, body);
    }
    [[nodiscard]] QJsonObject read(const QByteArray& path) const
    {
        return QJsonDocument::fromJson(call("GET", path).body).object();
    }

    std::unique_ptr<support::GatewayProcess> gateway;

private:
    /// Before its folder goes, in which it may still write.
    void end() const
    {
        if (gateway) gateway->kill();
    }
};

} // namespace e2e
