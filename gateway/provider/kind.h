// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/secrets.h"

#include "exchange/dialect_id.h"

namespace gateway::provider {

using Fields = std::vector<std::pair<std::string, std::string>>;

/// Gives a header of the client's request, empty when absent.
using ClientField = std::string_view (*)(const void* request, std::string_view name);

/// How one kind of provider is called: URL shape, authentication, quirks. Stateless; any thread.
class Kind {
public:
    virtual ~Kind() = default;
    [[nodiscard]] virtual std::string_view id() const = 0;
    [[nodiscard]] virtual DialectId dialect() const = 0;
    [[nodiscard]] virtual std::string_view defaultBaseUrl() const = 0;
    /// Answers by itself, without a server or a key.
    [[nodiscard]] virtual bool inProcess() const { return false; }
    [[nodiscard]] virtual bool needsKey() const { return true; }
    [[nodiscard]] virtual bool supports(Operation operation) const = 0;
    /// `basePath`: the path of the base URL, without a slash at its end.
    [[nodiscard]] virtual std::string path(std::string_view basePath, Operation operation) const = 0;
    /// Where a free call lists the models; also the test of a key.
    [[nodiscard]] virtual std::string modelsPath(std::string_view basePath) const = 0;
    /// "name: value" with the key in it; the caller wipes it.
    [[nodiscard]] virtual std::string authLine(const Secret& key) const = 0;
    /// Headers that every call needs, and those of the client's that mean something to this provider.
    virtual void addFields(Fields& fields, const void* request, ClientField clientField) const = 0;
};

/// By its id in the configuration; null when this version has none of that name.
[[nodiscard]] const Kind* findKind(std::string_view id);
/// The `claude-*`, `gemini-*`, `gpt-*` rule: the kind that serves a model nobody lists; empty when none does.
[[nodiscard]] std::string_view kindForModelName(std::string_view model);

} // namespace gateway::provider
