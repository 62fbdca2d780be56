// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/multipart_scanner.h"
#include "dialect/rerank.h"
#include "pipeline/relay_exchange.h"

namespace gateway::pipeline {

/// A call to a model that makes or reads something else than text: pictures, sound, films, moderation,
/// reranking. Asked for in JSON, or in a form whose file goes through while only its fields are read. Only
/// the model's name is exchanged, what the route overrides, and the words of reranking, of which there are
/// two sorts; else a target has to speak the same. IO thread only.
class ModalExchange : public RelayExchange {
public:
    using RelayExchange::RelayExchange;

protected:
    [[nodiscard]] Result<std::string> answerBody(const Attempt& attempt, std::string body) override;

private:
    net::Task<Failure> prepare() override;
    void guardJson();
    /// Fields of a form are looked at, files are not; what would have to be masked in one is refused.
    void guardForm();
    net::Task<Failure> prepareJson();
    net::Task<Failure> prepareForm();
    [[nodiscard]] guardrail::EntitySet lookForPersonal() const override;
    [[nodiscard]] RoutedRequest routedRequest() override;
    [[nodiscard]] std::string_view asked(std::string_view name) override;
    [[nodiscard]] bool knowsEnough() const override;
    [[nodiscard]] Failure inspectPart(std::string_view part) override;
    [[nodiscard]] Result<Outgoing> outgoing(Attempt& attempt) override;
    [[nodiscard]] static dialect::RerankShape rerankShape(const Attempt& attempt);
    [[nodiscard]] Result<std::string> editedJson(const Attempt& attempt) const;
    [[nodiscard]] std::string editedForm(const Attempt& attempt);
    void inspectEvent(const SseEvent& event) override;
    [[nodiscard]] std::string brokenEnd(const Error& error) const override;

    std::optional<MultipartScanner> m_form;
    JsonDocument m_document;                                              // of a JSON body
    dialect::RerankShape m_rerankShape = dialect::RerankShape::Undecided; // the client's
    std::string m_model;                    // as the client named it; empty where the route says it
    std::vector<std::string> m_addedFields; // put before the form's own
    bool m_choosesAmong = false;            // the body has members that are for us
};

} // namespace gateway::pipeline
