// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "base/head_scan.h"

namespace gateway::access {

/// What the checks at the door need of a request's header, gathered in one pass without allocation. Views
/// point into the header; values lose the blanks around them.
class AccessFields {
public:
    AccessFields() = default;
    explicit AccessFields(std::span<const HeaderField> fields);
    void add(std::string_view name, std::string_view value);

    std::string_view host;
    std::string_view origin;
    std::string_view key; // as the fields agree on it; empty when none has one
    std::size_t hosts = 0, origins = 0, authorizations = 0;
    bool foreignSite = false;  // Sec-Fetch-Site says that another site asks
    bool keysDisagree = false; // two fields carry different keys

    /// Takes a key from wherever it stood, a query included.
    void addKey(std::string_view value);

private:
    void addAuthorization(std::string_view value);
    void addSubprotocolKey(std::string_view offered);
};

} // namespace gateway::access
