// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "gateway/dry_run.h"

#include "engine/dry_request.h"
#include "pipeline/guarding.h"
#include "pipeline/runtime.h"
#include "routing/plan.h"

namespace gateway::engine {

/// What masks of dry runs are made with: nobody sees any.
struct DryMasks {
    std::string salt = guardrail::newMaskSalt();
    guardrail::FindCache found;
};

/// Shows a request to the guardrails that hold for it, as for a client's. Used for one.
class DryGuarding {
public:
    /// All of it outlives this.
    DryGuarding(const pipeline::Runtime& runtime, const ReadRequest& read, const routing::Plan& plan,
                const std::vector<routing::RouteStep>& steps, DryMasks& masks);

    /// The refusal that a client would get; nothing where it would get none.
    [[nodiscard]] std::optional<Error> refused() const;
    /// A rule lets it go to local models only; null: none does.
    [[nodiscard]] const guardrail::Verdict* keepsIn() const;
    [[nodiscard]] std::vector<DryGuardrail> told() const;

private:
    pipeline::Guarding m_guarding;
    std::vector<const guardrail::Rule*> m_asking;
};

} // namespace gateway::engine
