// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/check_kind.h"

namespace gateway::guardrail {

#define CHECK(kind) const CheckKind& kind();
#include "guardrail/checks.def"
#undef CHECK

const std::vector<const CheckKind*>& checkKinds()
{
    static const std::vector<const CheckKind*> kinds{
#define CHECK(kind) &kind(),
#include "guardrail/checks.def"
#undef CHECK
    };
    return kinds;
}

const CheckKind* findCheckKind(std::string_view id)
{
    for (const CheckKind* each : checkKinds()) {
        if (each->id == id) return each;
    }
    return nullptr;
}

Result<std::unique_ptr<Check>> makeCheck(const CheckKind& kind, std::string_view json)
{
    auto parameters = Parameters::parse(kind.parameters, json);
    if (!parameters) return parameters.error();
    return kind.make(parameters.value());
}

} // namespace gateway::guardrail
