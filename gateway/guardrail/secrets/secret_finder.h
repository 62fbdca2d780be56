// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "guardrail/check.h"
#include "guardrail/pattern_set.h"
#include "guardrail/secrets/rules.h"
#include "guardrail/secrets/shape.h"

namespace gateway::guardrail {

/// Finds secrets in a text, in one pass for how they begin and exact means for the rest. Immutable; any
/// thread.
class SecretFinder {
public:
    explicit SecretFinder(const std::filesystem::path& cacheFile = {},
                          PatternSet::Engine engine = PatternSet::Engine::Undecided);
    /// The one of the process, made when it is first asked for.
    [[nodiscard]] static const SecretFinder& shared();
    /// Where the shared one keeps what it has compiled. Only before it is first asked for.
    static void keepCompiledIn(const std::filesystem::path& cacheFile);

    using Wanted = std::function<bool(std::string_view kind)>;
    /// Appends the places of secrets by place, none overlapping another; what is known by its service before
    /// what only looks like a secret. `wanted` empty: all kinds.
    void find(std::string_view text, const Wanted& wanted, std::vector<Found>& into) const;
    /// Whether the text, with JSON's escapes in it, may hold any. False is certain.
    [[nodiscard]] bool mayFind(std::string_view json) const;
    [[nodiscard]] bool hyperscan() const { return m_set->hyperscan(); }

private:
    enum class Sort : std::uint8_t {
        Undecided,
        Rules,
        PrivateKey,
        UrlPassword,
        WebToken,
        AzureSecret,
        TerraformToken,
        Generic
    };
    /// What a beginning leads to.
    struct Lead {
        Sort sort = Sort::Undecided;
        std::size_t size = 0; // of the word
        std::vector<std::uint16_t> rules = {};
    };
    struct Pass;

    std::size_t leadOf(std::string_view word, bool anyCase, Sort sort);
    void addRule(std::uint16_t rule);
    [[nodiscard]] bool mayHide(std::string_view json) const;
    void follow(const Lead& lead, std::size_t place, Pass& pass) const;
    void byRule(std::uint16_t rule, std::size_t place, std::size_t wordSize, Pass& pass) const;

    std::vector<Beginning> m_beginnings; // while it is made
    std::vector<Lead> m_leads;           // by beginning
    std::vector<Shape> m_shapes;         // by rule
    ByteSet m_spelled;                   // what stands in beginnings
    std::shared_ptr<const PatternSet> m_set;
};

/// Every kind that can be found, each once.
[[nodiscard]] std::vector<std::string_view> secretKinds();

/// The place from which on a secret may have begun that `text` does not end yet; its size when none can have.
/// What is found before it stays as it is whatever follows. A private key is open from its first line on
/// until its last, anything else as long as the bytes at the end could be of a value.
[[nodiscard]] std::size_t openSince(std::string_view text);

} // namespace gateway::guardrail
