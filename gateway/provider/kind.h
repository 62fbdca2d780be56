// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/result.h"
#include "gateway/secrets.h"

#include "exchange/dialect_id.h"

namespace gateway::provider {

using Fields = std::vector<std::pair<std::string, std::string>>;

/// Gives a header of the client's request, empty when absent.
using ClientField = std::string_view (*)(const void* request, std::string_view name);

/// A call to make, as far as the provider's URL and body depend on it. Views outlive the use.
struct CallShape {
    std::string_view basePath; // of the base URL, without a slash at its end
    Operation operation = Operation::Undecided;
    DialectId dialect = DialectId::Undecided; // in which the body is written
    std::string_view model;                   // as the provider names it
    bool stream = false;
    bool batch = true; // of Embed: the body holds a list of inputs; false only where Gemini's client sent one
};

/// What a kind wants changed in a body that is right for its dialect.
struct BodyRules {
    std::string addJson;             // an object merged over the top level; empty: nothing
    std::vector<std::string> remove; // top-level members
};

/// The whole call but for its authentication, which may depend on all of it.
struct CallBytes {
    std::string_view method;
    std::string_view authority; // the Host header
    std::string_view target;    // path and query
    const Fields& fields;
    std::string_view body;
    std::int64_t now = 0; // seconds since 1970
};

/// A call that has to be made first, because the key is only good for getting a token.
struct TokenCall {
    std::string url; // https://…
    std::string contentType;
    std::string body; // secret
};
struct Token {
    Secret secret;
    std::int64_t validSeconds = 0;
};

/// Where the catalog has a model.
struct CatalogName {
    std::string_view kind, model;
};

/// How one kind of provider is called: URL shape, authentication, quirks. Stateless; any thread.
class Kind {
public:
    virtual ~Kind() = default;
    [[nodiscard]] virtual std::string_view id() const = 0;
    /// The dialect that bodies are written in when the client's own is none of `speaks`.
    [[nodiscard]] virtual DialectId dialect(std::string_view model) const = 0;
    /// True for each dialect in which the model can be asked: a client that speaks it has its bytes passed
    /// on.
    [[nodiscard]] virtual bool speaks(DialectId wanted, std::string_view model) const
    {
        return wanted == dialect(model);
    }
    [[nodiscard]] virtual std::string_view defaultBaseUrl() const = 0;
    /// Answers by itself, without a server or a key.
    [[nodiscard]] virtual bool inProcess() const { return false; }
    [[nodiscard]] virtual bool needsKey() const { return true; }
    [[nodiscard]] virtual bool supports(Operation operation) const = 0;
    /// Path and query.
    [[nodiscard]] virtual std::string path(const CallShape& call) const = 0;
    /// What stands before the path of a call in the provider's own words.
    [[nodiscard]] virtual std::string nativeBase(std::string_view basePath) const
    {
        return std::string(basePath);
    }
    /// Where a free call lists the models; also the test of a key. Empty where there is no such call.
    [[nodiscard]] virtual std::string modelsPath(std::string_view basePath) const = 0;
    /// Path and query of the WebSocket that talks to the model as OpenAI's Realtime API does. Empty where
    /// there is none.
    [[nodiscard]] virtual std::string realtimePath(std::string_view /*basePath*/,
                                                   std::string_view /*model*/) const
    {
        return {};
    }
    /// False where that call lists what there is, rather than what can be called by that name.
    [[nodiscard]] virtual bool listsItsModels() const { return true; }
    [[nodiscard]] virtual BodyRules bodyRules(const CallShape&) const { return {}; }
    /// For a kind that has no rows of its own because it sells what others make; empty otherwise.
    [[nodiscard]] virtual CatalogName catalogName(std::string_view /*model*/) const { return {}; }
    /// Headers that every call needs, and those of the client's that mean something to this provider.
    virtual void addFields(Fields& fields, const void* request, ClientField clientField) const = 0;

    /// The lines of the head that prove who calls, "name: value", CRLF between them; the caller wipes them.
    /// `secret` is the key, or the token that it was exchanged for.
    [[nodiscard]] virtual std::string authLines(const Secret& secret, const CallBytes& call) const = 0;
    /// All of a key that must not be repeated to anyone, in whole and in parts.
    [[nodiscard]] virtual std::vector<std::string_view> secretParts(const Secret& secret) const
    {
        return {secret.reveal()};
    }
    /// True where the proof depends on the body, so that all of it has to be there first.
    [[nodiscard]] virtual bool signsBody(const Secret&) const { return false; }
    /// True where the key itself never goes into a call, but has to be exchanged for a token first.
    [[nodiscard]] virtual bool wantsToken(const Secret&) const { return false; }
    /// `now`: seconds since 1970. Errors: the key is not what such a provider gives out.
    [[nodiscard]] virtual Result<TokenCall> tokenCall(const Secret& key, std::int64_t now) const;
    [[nodiscard]] virtual Result<Token> readToken(std::string_view answer) const;
};

/// By its id in the configuration; null when this version has none of that name.
[[nodiscard]] const Kind* findKind(std::string_view id);
/// The `claude-*`, `gemini-*`, `gpt-*` rule: the kind that serves a model nobody lists; empty when none does.
[[nodiscard]] std::string_view kindForModelName(std::string_view model);

/// "name: " and the secret, with room for both made at once so that no copy of the secret is left behind.
[[nodiscard]] std::string secretLine(std::string_view begin, const Secret& secret);

} // namespace gateway::provider
