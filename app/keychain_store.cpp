// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/keychain_store.h"

#include <chrono>
#include <cstring>
#include <utility>

#include <QByteArray>
#include <QString>
#include <qt6keychain/keychain.h>

#include "app/keychain_state.h"

namespace app {

namespace {

using gateway::Code;
using gateway::Done;
using gateway::Error;
using gateway::gatewayError;
using gateway::KeychainState;
using gateway::Result;
using gateway::Secret;
using namespace std::chrono_literals;

constexpr auto kPatience = 10s;

QString service()
{
    return QStringLiteral("turnpike");
}

/// Overwrites the bytes that QtKeychain shares with us; its own copies further down are out of reach.
void wipeShared(const QByteArray& bytes)
{
    explicit_bzero(const_cast<char*>(bytes.constData()), static_cast<std::size_t>(bytes.size()));
}

Error missing(const std::string& name)
{
    return gatewayError(Code::ProviderKeyUnavailable,
                        "The keychain holds no key \"" + name +
                            "\". Save it in the window or with `turnpiked secret set " + name + "`.");
}

} // namespace

KeychainStore::KeychainStore(QObject* parent) : QObject(parent)
{
    m_limit.setSingleShot(true);
    m_limit.setInterval(kPatience);
    connect(&m_limit, &QTimer::timeout, this, &KeychainStore::giveUpWaiting);
}

KeychainStore::~KeychainStore()
{
    // A pending job must not be deleted; it goes with the process, and finds nobody to tell.
    if (m_job) disconnect(m_job, nullptr, this, nullptr);
}

void KeychainStore::read(const std::string& name, ReadDone done)
{
    enqueue({Kind::Read, name, {}, std::move(done), {}});
}

void KeychainStore::write(const std::string& name, Secret secret, WriteDone done)
{
    enqueue({Kind::Write, name, std::move(secret), {}, std::move(done)});
}

void KeychainStore::remove(const std::string& name, WriteDone done)
{
    enqueue({Kind::Remove, name, {}, {}, std::move(done)});
}

void KeychainStore::enqueue(Call call)
{
    if (m_job && !m_current) return answerLater(std::move(call));
    m_waiting.push_back(std::move(call));
    // Not at once: every answer comes later, also that of a keychain that fails immediately.
    QTimer::singleShot(0, this, &KeychainStore::startNext);
}

void KeychainStore::startNext()
{
    if (m_job || m_current || m_waiting.empty()) return;
    m_current = std::make_unique<Call>(std::move(m_waiting.front()));
    m_waiting.pop_front();
    m_job = makeJob(*m_current);
    m_job->setKey(QString::fromStdString(m_current->name));
    connect(m_job, &QKeychain::Job::finished, this, &KeychainStore::finish);
    m_limit.start();
    m_job->start();
}

QKeychain::Job* KeychainStore::makeJob(const Call& call)
{
    if (call.kind == Kind::Read) return new QKeychain::ReadPasswordJob(service());
    if (call.kind == Kind::Remove) return new QKeychain::DeletePasswordJob(service());
    auto* job = new QKeychain::WritePasswordJob(service());
    // As text, so that the desktop's own tools show the key as what it is.
    const std::string_view bytes = call.secret.reveal();
    QString text = QString::fromUtf8(bytes.data(), static_cast<qsizetype>(bytes.size()));
    job->setTextData(text);
    explicit_bzero(text.data(), static_cast<std::size_t>(text.size()) * sizeof(QChar));
    return job;
}

void KeychainStore::finish(QKeychain::Job* job)
{
    m_limit.stop();
    m_job = nullptr;
    Result<Secret> secret = Secret();
    if (auto* reading = qobject_cast<QKeychain::ReadPasswordJob*>(job);
        reading && reading->error() == QKeychain::NoError) {
        const QByteArray bytes = reading->binaryData();
        secret = Secret(std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size())));
        wipeShared(bytes);
    }
    const std::unique_ptr<Call> call = std::move(m_current);
    const QKeychain::Error fault = job->error();
    const std::string detail = job->errorString().toStdString();
    QTimer::singleShot(0, this, &KeychainStore::startNext);
    if (fault == QKeychain::EntryNotFound || fault == QKeychain::CouldNotDeleteEntry) {
        if (call) finishMissing(std::move(*call));
        return;
    }
    if (fault == QKeychain::NoError)
        setState(KeychainState::Ready);
    else if (fault == QKeychain::AccessDenied || fault == QKeychain::AccessDeniedByUser)
        setState(KeychainState::Locked, detail);
    else
        setState(KeychainState::Unavailable, detail);
    if (!call) return; // Its caller was told to wait; stateChanged() says that it is worth another try.
    if (fault != QKeychain::NoError)
        answer(*call, gatewayError(Code::ProviderKeyUnavailable, problem(), detail));
    else if (call->kind == Kind::Read)
        call->readDone(std::move(secret));
    else
        call->writeDone(Done{});
}

void KeychainStore::finishMissing(Call call)
{
    auto shared = std::make_shared<Call>(std::move(call));
    askWhetherKeychainIsLocked(this, [this, shared](bool locked) {
        setState(locked ? KeychainState::Locked : KeychainState::Ready);
        answer(*shared,
               locked ? gatewayError(Code::ProviderKeyUnavailable, problem()) : missing(shared->name));
    });
}

void KeychainStore::giveUpWaiting()
{
    setState(KeychainState::Waiting);
    std::deque<Call> told = std::move(m_waiting);
    m_waiting.clear();
    if (m_current) told.push_front(std::move(*m_current));
    m_current.reset();
    for (Call& call : told)
        answer(call, gatewayError(Code::ProviderKeyUnavailable, problem()));
}

void KeychainStore::answerLater(Call call)
{
    auto shared = std::make_shared<Call>(std::move(call));
    QTimer::singleShot(
        0, this, [this, shared] { answer(*shared, gatewayError(Code::ProviderKeyUnavailable, problem())); });
}

void KeychainStore::answer(Call& call, const Error& error)
{
    if (call.kind == Kind::Read)
        call.readDone(error);
    else
        call.writeDone(error);
}

void KeychainStore::setState(KeychainState state, const std::string& detail)
{
    const bool changed = state != m_state;
    m_state = state;
    m_detail = detail;
    if (changed) emit stateChanged();
}

std::string KeychainStore::problem() const
{
    switch (m_state) {
    case KeychainState::Waiting:
        return "Waiting for the system keychain. Answer its prompt; if you see none, unlock the keychain or "
               "log in to "
               "the desktop again.";
    case KeychainState::Locked:
        return "The system keychain is locked. Unlock it (on most desktops by logging in), then try again.";
    case KeychainState::Unavailable:
        return "The system keychain cannot be used" + (m_detail.empty() ? std::string() : ": " + m_detail) +
               ". Start a keychain service (gnome-keyring or KWallet) in this session, or name the key as "
               "env:VARIABLE "
               "or file:PATH in the configuration.";
    case KeychainState::Undecided:
    case KeychainState::Ready:
        break;
    }
    return {};
}

} // namespace app
