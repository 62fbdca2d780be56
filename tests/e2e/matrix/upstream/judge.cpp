// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/judge.h"

#include <algorithm>

namespace matrix {

namespace {

using nlohmann::json;

std::string toolsFault(const Seen& seen)
{
    if (seen.tools.size() != 1) return std::to_string(seen.tools.size()) + " tools arrived instead of one";
    const Seen::Tool& tool = seen.tools[0];
    if (tool.name != kToolName) return "the tool is called " + tool.name;
    if (tool.description != kToolDescription) return "the tool's description is '" + tool.description + "'";
    const json wanted = json::parse(kToolSchema);
    for (const char* part : {"properties", "required"}) {
        if (tool.schema.value(part, json()) != wanted[part])
            return std::string("the tool's schema lost its ") + part + ": " + tool.schema.dump();
    }
    return {};
}

std::string resultsFault(const Seen& seen, std::size_t wanted)
{
    if (seen.calls.size() != wanted || seen.results.size() != wanted)
        return std::to_string(seen.calls.size()) + " calls and " + std::to_string(seen.results.size()) +
               " results arrived instead of " + std::to_string(wanted) + " each";
    for (std::size_t i = 0; i < wanted; ++i) {
        if (seen.calls[i].name != kToolName) return "a call is of " + seen.calls[i].name;
        if (seen.calls[i].arguments != json::parse(kCalls[i].arguments))
            return "a call's arguments are " + seen.calls[i].arguments.dump();
        // By its id where there is one, else by its place.
        const Seen::Result* found = &seen.results[i];
        for (const Seen::Result& result : seen.results) {
            if (!result.id.empty() && result.id == seen.calls[i].id) found = &result;
        }
        if (found->text.find(kCalls[i].result) == std::string::npos)
            return "the result of call " + std::to_string(i) + " is '" + found->text + "'";
    }
    return {};
}

/// Without tools, calls may also be told in words.
std::string forgottenFault(const Seen& seen)
{
    if (!seen.calls.empty()) return resultsFault(seen, kCalls.size());
    for (const CallRow& call : kCalls) {
        if ((seen.user + seen.assistant).find(call.result) == std::string::npos)
            return "the result of a call is lost";
    }
    return {};
}

std::string signedTurnFault(const Seen& seen, const Marker& marker)
{
    if (seen.results.empty())
        return seen.reasons ? toolsFault(seen) : "the wish for reasoning did not arrive";
    if (marker.signedTurn && seen.signature != kSignature)
        return "the signature of the turn before is '" + seen.signature + "'";
    if (std::string fault = resultsFault(seen, 1); !fault.empty()) return fault;
    return toolsFault(seen);
}

std::string formatFault(const Seen& seen)
{
    const json wanted = json::parse(kSchema);
    if (!seen.format.is_object()) return "no schema for the answer arrived";
    for (const char* part : {"type", "properties", "required"}) {
        if (seen.format.value(part, json()) != wanted[part])
            return std::string("the answer's schema lost its ") + part + ": " + seen.format.dump();
    }
    return {};
}

} // namespace

std::string judge(const Seen& seen, const Marker& marker)
{
    if (!seen.fault.empty()) return seen.fault;
    if (!findMarker(seen.user)) return "the user's text did not arrive as the user's";
    switch (marker.feature) {
    case Feature::History:
        if (!seen.user.starts_with(kFirstUser)) return "the first question did not arrive: " + seen.user;
        return seen.assistant == kFirstAnswer ? std::string()
                                              : "the first answer is '" + seen.assistant + "'";
    case Feature::System:
        return seen.system == kSystem ? std::string() : "the system text is '" + seen.system + "'";
    case Feature::Image:
        return seen.images == std::vector<std::string>{std::string(kImage)} ? "" : "the image did not arrive";
    case Feature::Tools:
        if (marker.forced && seen.choice != "required" && seen.choice != "unsayable")
            return "the tool choice is '" + seen.choice + "'";
        return toolsFault(seen);
    case Feature::ParallelTools:
        return toolsFault(seen);
    case Feature::ToolResult:
        if (std::string fault = resultsFault(seen, kCalls.size()); !fault.empty()) return fault;
        return toolsFault(seen);
    case Feature::ForgottenTools:
        return forgottenFault(seen);
    case Feature::Structured:
        return formatFault(seen);
    case Feature::StructuredTools:
        if (std::string fault = toolsFault(seen); !fault.empty()) return fault;
        if (marker.unformatted) return seen.format.is_null() ? "" : "a schema for the answer beside tools";
        return formatFault(seen);
    case Feature::Reasoning:
        return seen.reasons ? std::string() : "the wish for reasoning did not arrive";
    case Feature::SignedTurn:
        return signedTurnFault(seen, marker);
    case Feature::Length:
        return seen.maxTokens == kMaxTokens ? std::string() : "the limit of tokens did not arrive";
    default:
        return {};
    }
}

Answer answerFor(const Marker& marker, bool secondTurn)
{
    Answer answer;
    answer.text.assign(kTextPieces.begin(), kTextPieces.end());
    switch (marker.feature) {
    case Feature::Tools:
        answer.text.clear();
        answer.calls.assign(kCalls.begin(), kCalls.begin() + 1);
        answer.ending = Ending::Calls;
        break;
    case Feature::ParallelTools:
        answer.calls.assign(kCalls.begin(), kCalls.end());
        answer.ending = Ending::Calls;
        break;
    case Feature::Structured:
    case Feature::StructuredTools:
        answer.text.assign(kJsonPieces.begin(), kJsonPieces.end());
        break;
    case Feature::Reasoning:
        answer.thinking.assign(kThinkingPieces.begin(), kThinkingPieces.end());
        answer.reasoned = true;
        break;
    case Feature::SignedTurn:
        answer.reasoned = !secondTurn;
        if (secondTurn) break;
        answer.thinking.assign(kThinkingPieces.begin(), kThinkingPieces.end());
        answer.text.clear();
        answer.calls.assign(kCalls.begin(), kCalls.begin() + 1);
        answer.ending = Ending::Calls;
        break;
    case Feature::Refusal:
        answer.text.assign({std::string(kRefusal)});
        answer.ending = Ending::Refusal;
        break;
    case Feature::Length:
        answer.ending = Ending::Length;
        break;
    case Feature::ErrorInside:
        answer.ending = Ending::Failure;
        break;
    default:
        break;
    }
    return answer;
}

} // namespace matrix
