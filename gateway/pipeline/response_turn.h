// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "gateway/result.h"

#include "access/virtual_keys.h"
#include "base/json_scan.h"
#include "pipeline/response_store.h"

namespace gateway::pipeline {

/// Whose answers a caller may go on from.
[[nodiscard]] std::string keeperOf(const access::VirtualKey* key);

/// One request of the Responses dialect and the answers that are kept: what it goes on from, and its own
/// answer to come. Used by one thread at a time. `document` outlives it.
class ResponseTurn {
public:
    ResponseTurn(ResponseStore& store, std::string owner, const JsonDocument& document, std::string idBase);

    /// Reads from another one from now on: a copy of the same.
    void readFrom(const JsonDocument& document) { m_document = &document; }
    /// It goes on from something that is kept here, so that no provider knows it.
    [[nodiscard]] bool refersHere() const { return m_previous || !m_items.empty(); }
    /// The whole conversation as one request; `body` is what the document was read from. Error: too large.
    [[nodiscard]] Result<std::string> expanded(std::string_view body) const;
    /// The answer, unless the request does not want it kept.
    void keep(std::string_view answer) const;

private:
    [[nodiscard]] std::string_view findItem(std::string_view id) const;

    ResponseStore& m_store;
    std::string m_owner;
    const JsonDocument* m_document;
    std::string m_idBase;
    std::shared_ptr<const KeptResponse> m_previous;
    std::unordered_map<std::string, std::shared_ptr<const KeptItem>> m_items;
};

} // namespace gateway::pipeline
