// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>

#include <QObject>
#include <QTimer>

#include "gateway/secrets.h"

namespace QKeychain {
class Job;
}

namespace app {

/// The OS keychain through QtKeychain, entries of the service "turnpike". Owner's thread, which needs a
/// running event loop (GLib's on Linux). Jobs run one at a time. A job that does not end in time (a prompt
/// that nobody answers) is left alone, since QtKeychain cannot be interrupted; its caller and all that come
/// after it are told to wait.
class KeychainStore : public QObject, public gateway::SecretStore {
    Q_OBJECT

public:
    explicit KeychainStore(QObject* parent = nullptr);
    ~KeychainStore() override;

    void read(const std::string& name, ReadDone done) override;
    void write(const std::string& name, gateway::Secret secret, WriteDone done) override;
    void remove(const std::string& name, WriteDone done) override;
    [[nodiscard]] gateway::KeychainState state() const override { return m_state; }
    [[nodiscard]] std::string problem() const override;

signals:
    /// The keychain became usable, or stopped to be; keys may be read again.
    void stateChanged();

private:
    enum class Kind { Undecided, Read, Write, Remove };
    struct Call {
        Kind kind = Kind::Undecided;
        std::string name;
        gateway::Secret secret;
        ReadDone readDone;
        WriteDone writeDone;
    };

    void enqueue(Call call);
    void startNext();
    [[nodiscard]] QKeychain::Job* makeJob(const Call& call);
    void finish(QKeychain::Job* job);
    void finishMissing(Call call);
    void giveUpWaiting();
    void setState(gateway::KeychainState state, const std::string& detail = {});
    void answer(Call& call, const gateway::Error& error);
    void answerLater(Call call);

    std::deque<Call> m_waiting;
    std::unique_ptr<Call> m_current; // Null while a job runs whose caller was told to wait.
    QKeychain::Job* m_job = nullptr; // Deletes itself once finished, never earlier.
    QTimer m_limit;
    gateway::KeychainState m_state = gateway::KeychainState::Undecided;
    std::string m_detail;
};

} // namespace app
