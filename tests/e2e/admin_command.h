// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QEventLoop>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QProcessEnvironment>
#include <QStringList>
#include <QTimer>

#include "e2e/administered_gateway.h"

namespace e2e {

/// What a run of turnpiked told.
struct Told {
    int exitCode = -1;
    QByteArray out, err;
    [[nodiscard]] QJsonObject json() const { return QJsonDocument::fromJson(out).object(); }
};

/// Lets servers of the test answer meanwhile. No output ever holds the key.
[[nodiscard]] inline Told runTurnpiked(const QProcessEnvironment& environment, const QStringList& words,
                                       const QByteArray& input = {})
{
    QProcess process;
    process.setProcessEnvironment(environment);
    process.setProgram(QStringLiteral(TURNPIKE_BIN "/turnpiked"));
    process.setArguments(words);
    QEventLoop loop;
    QTimer limit;
    QObject::connect(&process, &QProcess::finished, &loop, &QEventLoop::quit);
    QObject::connect(&limit, &QTimer::timeout, &process, &QProcess::kill);
    limit.start(60'000);
    process.start();
    process.write(input);
    process.closeWriteChannel();
    if (process.waitForStarted()) loop.exec();
    Told told{process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
              process.readAllStandardOutput(), process.readAllStandardError()};
    if (told.out.contains(AdministeredGateway::kAdminKey) ||
        told.err.contains(AdministeredGateway::kAdminKey))
        qFatal("The key was shown.");
    return told;
}

} // namespace e2e
