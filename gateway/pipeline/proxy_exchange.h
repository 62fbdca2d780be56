// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "pipeline/native_call.h"
#include "pipeline/relay_exchange.h"

namespace gateway::pipeline {

/// `/proxy/PROVIDER/…`: any call in the provider's own words. Its key is put in, everything else goes through
/// as it came. JSON bodies are held whole and checked, so that the model is known, nobody reads them in
/// another way than we did, and guardrails of requests hold for their texts; other bodies go through part by
/// part. IO thread only.
class ProxyExchange final : public RelayExchange {
public:
    using RelayExchange::RelayExchange;

private:
    [[nodiscard]] bool obeysConfig() const override { return false; }
    net::Task<Failure> prepare() override;
    net::Task<Failure> guardJson(const ProviderRuntime& provider);
    net::Task<Failure> obeyHere(const ProviderRuntime& provider);
    [[nodiscard]] Failure choose(const ProviderRuntime*& provider);
    [[nodiscard]] Failure plan(const ProviderRuntime& provider);
    [[nodiscard]] bool signs(const ProviderRuntime& provider) const;
    [[nodiscard]] Failure unfit(const ProviderRuntime&, std::string_view) const override { return {}; }
    [[nodiscard]] Result<Outgoing> outgoing(Attempt& attempt) override;
    [[nodiscard]] Result<std::string> answerBody(const Attempt& attempt, std::string body) override;
    net::Task<Failure> guardAnswer(std::string& body) override;
    [[nodiscard]] Failure refusedStream() const override;
    void inspectEvent(const SseEvent& event) override;
    void inspectEnd() override;
    [[nodiscard]] std::optional<Framing> framingOf(const upstream::ReplyHead& reply) const override;
    [[nodiscard]] bool streamsJson() const override { return m_native.stream; }
    [[nodiscard]] listener::Headers fieldsOf(const Attempt& attempt,
                                             const upstream::ReplyHead& reply) const override;

    NativeCall m_native;
    const dialect::Dialect* m_counting = nullptr; // the dialect that the answer's usage is in
    std::unique_ptr<dialect::StreamMeter> m_meter;
};

} // namespace gateway::pipeline
