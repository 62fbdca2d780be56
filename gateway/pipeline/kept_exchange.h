// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/batch_tally.h"
#include "pipeline/relay_exchange.h"

namespace gateway::pipeline {

/// Files, batches and films that a provider keeps: made at one provider, and asked for again at the same one,
/// which their ids name; and responses, whose ids do not, so that ?provider= has to where there are several
/// that keep them. IO thread only.
class KeptExchange final : public RelayExchange {
public:
    using RelayExchange::RelayExchange;

    /// A provider is there that keeps such things and can be asked for them.
    [[nodiscard]] static bool hasKeeper(const Runtime& runtime, const Endpoint& endpoint);

private:
    [[nodiscard]] bool obeysConfig() const override { return false; }
    net::Task<Failure> prepare() override;
    net::Task<Failure> readBody();
    [[nodiscard]] Failure readIds();
    [[nodiscard]] Failure readBatch(const JsonDocument& document);
    /// An id that the client sent, as the provider wrote it; notes which provider that is.
    [[nodiscard]] Result<std::string> nativeId(std::string_view id, std::string_view param);
    [[nodiscard]] Failure choose();
    void addTarget(const ProviderRuntime& provider);
    [[nodiscard]] Result<Outgoing> outgoing(Attempt& attempt) override;
    [[nodiscard]] Result<std::string> answerBody(const Attempt& attempt, std::string body) override;
    void inspectAnswer(std::string_view bytes) override;
    /// Puts what a batch used into the log, once however often it is told. `results`: the id of the file or
    /// batch that has its results, as the provider wrote it.
    void recordBatch(const std::string& results, const std::vector<BatchTally::Part>& parts);
    void readBatchAnswer(const ProviderRuntime& provider, std::string_view body);
    [[nodiscard]] Cost batchCostOf(const Usage& usage, const ProviderRuntime& provider,
                                   const std::string& model, bool isSum) const;
    [[nodiscard]] bool streamsJson() const override { return isContent(); }
    [[nodiscard]] listener::Headers fieldsOf(const Attempt& attempt,
                                             const upstream::ReplyHead& reply) const override;
    [[nodiscard]] bool isContent() const
    {
        return m_endpoint.after == "/content" || m_endpoint.after == "/results";
    }

    std::string m_provider; // that an id or the query names
    std::string m_id;       // of the path, as the provider wrote it
    std::string m_query;    // with its question mark, for the provider
    std::string m_edited;   // the body with the provider's own ids
    std::optional<BatchTally> m_tally;
};

} // namespace gateway::pipeline
