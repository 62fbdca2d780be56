// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "base/json_scan.h"

/// Reranking has two shapes: Cohere's, which Jina and most others share (`top_n`, `results`), and Voyage's
/// (`top_k`, `data`). https://docs.cohere.com/reference/rerank,
/// https://docs.voyageai.com/reference/reranker-api
namespace gateway::dialect {

enum class RerankShape : unsigned char { Undecided, Results, Data };

/// What the client speaks, as far as its limit tells; undecided without one.
[[nodiscard]] RerankShape rerankShapeOf(const JsonDocument& request);
/// The request in the words of `shape`; as it came where they are the same.
[[nodiscard]] std::string rerankRequest(std::string_view request, RerankShape shape);
/// The answer likewise.
[[nodiscard]] std::string rerankAnswer(std::string_view answer, RerankShape shape);

} // namespace gateway::dialect
