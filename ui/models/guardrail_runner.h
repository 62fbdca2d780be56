// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <QFuture>
#include <QString>

#include "gateway/guardrail_replay.h"

namespace ui {

/// What a guardrail's draft would have found in the last requests.
struct GuardrailRun {
    struct Example {
        gateway::RequestId request;
        QString model;
        gateway::GuardrailReplay::Find find;
    };
    QString problem; // why nothing was found out; empty: it was
    int requests = 0;
    int inScope = 0;
    int hits = 0;                              // requests in which something was found
    int finds = 0;                             // places, and wholes
    int lackedRequests = 0, lackedAnswers = 0; // of those in scope: no text was kept
    std::vector<Example> examples;
};

/// Runs the draft over one page of the log after the other, in the pool. GUI thread.
class GuardrailRunner {
public:
    GuardrailRunner(const gateway::Config& config, const gateway::GuardrailId& id);
    ~GuardrailRunner();
    GuardrailRunner(const GuardrailRunner&) = delete;
    GuardrailRunner& operator=(const GuardrailRunner&) = delete;

    /// What is known once these rows, which have their bodies, are looked at too. One at a time.
    [[nodiscard]] QFuture<GuardrailRun> take(std::vector<gateway::LogRow> rows);

private:
    struct State;
    std::shared_ptr<State> m_state;
};

/// What came of a guardrail's tests, in their order.
struct GuardrailTestResults {
    QString problem; // why they were not run; empty: they were
    std::vector<bool> passed;
};
[[nodiscard]] QFuture<GuardrailTestResults> startGuardrailTests(const gateway::Config& config,
                                                                const gateway::GuardrailId& id);

/// "12 of 1,000 requests: 15 finds."
[[nodiscard]] QString guardrailRunHeadline(const GuardrailRun& run);
/// What could not be looked at, and why.
[[nodiscard]] QString guardrailRunNotes(const GuardrailRun& run);

} // namespace ui
