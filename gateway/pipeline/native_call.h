// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "gateway/result.h"

#include "exchange/dialect_id.h"
#include "provider/kind.h"

namespace gateway::pipeline {

/// What is known of a call that is meant for one provider, by its path there.
struct NativeCall {
    std::string target;                       // path and query, below the provider's base URL
    std::string model;                        // where the path names one
    DialectId dialect = DialectId::Undecided; // in which its answers count what was used
    bool stream = false;                      // the path says that the answer comes piece by piece
};

/// `path` is what stands behind `/proxy/PROVIDER`, with its slash. It goes below the path of the base URL;
/// what that one ends with may stand in front again, so that both `/v1/models` and `/models` are right for a
/// base URL that ends in `/v1`. Error (400): it could lead elsewhere, whoever decodes it and however often. A
/// `key` in the query is a client's way to say who it is, and is taken out.
[[nodiscard]] Result<NativeCall> nativeCall(const provider::Kind& kind, std::string_view basePath,
                                            std::string_view path, std::string_view query);

} // namespace gateway::pipeline
