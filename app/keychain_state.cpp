// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/keychain_state.h"

#include <utility>

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QObject>
#include <QString>
#include <QTimer>
#include <QVariant>

namespace app {

void askWhetherKeychainIsLocked(QObject* context, std::function<void(bool locked)> answer)
{
    constexpr int kLimitMs = 3000;
    const QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected()) {
        QTimer::singleShot(0, context, [answer = std::move(answer)] { answer(false); });
        return;
    }
    QDBusMessage call = QDBusMessage::createMethodCall(
        QStringLiteral("org.freedesktop.secrets"), QStringLiteral("/org/freedesktop/secrets/aliases/default"),
        QStringLiteral("org.freedesktop.DBus.Properties"), QStringLiteral("Get"));
    call << QStringLiteral("org.freedesktop.Secret.Collection") << QStringLiteral("Locked");
    auto* watcher = new QDBusPendingCallWatcher(bus.asyncCall(call, kLimitMs), context);
    QObject::connect(watcher, &QDBusPendingCallWatcher::finished, context,
                     [answer = std::move(answer)](QDBusPendingCallWatcher* done) {
                         const QDBusPendingReply<QDBusVariant> reply = *done;
                         done->deleteLater();
                         answer(!reply.isError() && reply.value().variant().toBool());
                     });
}

} // namespace app
