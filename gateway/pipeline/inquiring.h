// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "gateway/result.h"

#include "guardrail/check.h"
#include "guardrail/rule_set.h"
#include "net/task.h"
#include "pipeline/thread_context.h"

namespace gateway::pipeline {

struct InquiryReply {
    int status = 0;
    std::string body;
};

/// What an exchange that asks for a guardrail says of itself, and can do about it meanwhile.
struct InquiryUnderWay {
    std::string trace;            // its id
    std::function<void()> cancel; // set while one is; to be called once at most
};

/// Makes what a guardrail's check asks: of a model by the configuration's own routes, with a row of its own
/// in the log (tag `guardrail`, the asking request as its trace) and nobody's virtual key, or of its address.
/// No guardrail looks at it. IO thread only. Error: nobody answered, or not in time.
net::Task<Result<InquiryReply>> inquire(ThreadContext& context, std::shared_ptr<const Runtime> runtime,
                                        const guardrail::Rule& rule, const guardrail::Inquiry& inquiry,
                                        InquiryUnderWay& underWay);

/// The same, as the check understands it.
net::Task<Result<guardrail::Opinion>> opinionOf(ThreadContext& context,
                                                std::shared_ptr<const Runtime> runtime,
                                                const guardrail::Rule& rule,
                                                const guardrail::Inquiry& inquiry, InquiryUnderWay& underWay);

} // namespace gateway::pipeline
