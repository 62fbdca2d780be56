// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/result.h"

namespace gateway {

/// A provider key in memory: locked against swapping, zeroed when freed. No stream, no JSON, no `==`.
/// Copies share one buffer, so there is a single copy of the bytes. Any thread.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string_view bytes);

    [[nodiscard]] bool empty() const;
    /// For writing into a header; the view lives as long as any copy of this secret.
    [[nodiscard]] std::string_view reveal() const;
    /// The last four characters behind an ellipsis, for the window; all hidden when it is short.
    [[nodiscard]] std::string masked() const;

private:
    struct Buffer;
    std::shared_ptr<const Buffer> m_buffer;
};

/// Overwrites the bytes of a string that held a secret on its way to a Secret.
void wipe(std::string& text);

/// The key in what a file or a person gave: without blanks around it, and on one line, so that it can stand
/// in a header field. The JSON files that Google gives out as keys may come on several lines. Nothing where
/// there is no key, or more than one line.
[[nodiscard]] std::optional<Secret> secretIn(std::string_view text);

enum class SecretKind : std::uint8_t { Undecided, Keychain, Environment, File };

/// Where a secret is kept: `keychain:NAME`, `env:VARIABLE` or `file:PATH`.
struct SecretRef {
    SecretKind kind = SecretKind::Undecided;
    std::string name;

    [[nodiscard]] std::string text() const;
    bool operator==(const SecretRef&) const = default;
};

[[nodiscard]] Result<SecretRef> parseSecretRef(std::string_view text);
/// Reads an `env:` or `file:` secret (a file must be a regular one with mode 0600 or stricter); not for
/// `keychain:`.
[[nodiscard]] Result<Secret> readLocalSecret(const SecretRef& ref);

enum class KeychainState : std::uint8_t { Undecided, Ready, Waiting, Locked, Unavailable };

/// The OS keychain as the gateway sees it. Owner's thread only; implemented in app/ (QtKeychain) and in tests
/// (memory). Every call answers exactly once, later, on the same thread; none blocks.
class SecretStore {
public:
    using ReadDone = std::function<void(Result<Secret>)>;
    using WriteDone = std::function<void(Outcome)>;

    SecretStore() = default;
    SecretStore(const SecretStore&) = delete;
    SecretStore& operator=(const SecretStore&) = delete;
    virtual ~SecretStore() = default;

    virtual void read(const std::string& name, ReadDone done) = 0;
    virtual void write(const std::string& name, Secret secret, WriteDone done) = 0;
    virtual void remove(const std::string& name, WriteDone done) = 0;
    [[nodiscard]] virtual KeychainState state() const = 0;
    /// In plain words what is wrong and what to do; empty when ready.
    [[nodiscard]] virtual std::string problem() const = 0;
};

} // namespace gateway
