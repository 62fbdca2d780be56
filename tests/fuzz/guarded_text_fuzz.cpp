// SPDX-License-Identifier: GPL-3.0-or-later
// Texts and arguments behind guardrails: JSON stays JSON, what is no place stays as it came, and a text in
// parts says what the whole says of it.
#include <memory>
#include <string>
#include <string_view>

#include "base/json_scan.h"
#include "fuzz_require.h"
#include "guardrail/stream_guard.h"

using namespace gateway;
using namespace gateway::guardrail;

namespace {

struct Guarded {
    explicit Guarded(const char* check)
    {
        GuardrailConfig rule;
        rule.id = GuardrailId("rule");
        rule.check = check;
        rule.on = "both";
        rule.action = "mask";
        rule.restore = true;
        Config config;
        config.guardrails = {rule};
        set = std::make_unique<RuleSet>(config);
        rules = {&set->rules().front()};
    }

    std::unique_ptr<RuleSet> set;
    std::vector<const Rule*> rules;
};

void requireSameInParts(std::string_view text)
{
    JsonPlain whole;
    whole.feed(text);
    whole.finish();
    const std::size_t cut = text.empty() ? 0 : static_cast<unsigned char>(text.front()) % text.size();
    JsonPlain parts;
    parts.feed(text.substr(0, cut));
    parts.feed(text.substr(cut));
    parts.finish();
    FUZZ_REQUIRE(whole.text() == parts.text());
    for (std::size_t i = 0; i <= whole.text().size(); ++i) {
        FUZZ_REQUIRE(whole.rawAt(i) == parts.rawAt(i));
        FUZZ_REQUIRE(whole.rawAt(i) <= text.size());
        FUZZ_REQUIRE(i == 0 || whole.rawAt(i - 1) <= whole.rawAt(i));
    }
}

/// Places lie within the text, in order, apart from each other.
void requireInOrder(const Check& check, std::string_view text)
{
    std::vector<Found> found;
    check.find(text, found);
    std::size_t end = 0;
    for (const Found& each : found) {
        FUZZ_REQUIRE(each.size > 0 && each.start >= end && each.start + each.size <= text.size());
        FUZZ_REQUIRE(!each.kind.empty());
        end = each.start + each.size;
    }
    // Where it is no JSON, an escape may hide what stands there.
    const bool escapes = text.find_first_of("\"\\") != std::string_view::npos;
    FUZZ_REQUIRE(found.empty() || escapes || check.mayFind(text));
    FUZZ_REQUIRE(check.openSince(text) <= text.size());
}

void requireGuarded(const Guarded& guarded, std::string_view text)
{
    Masks masks("salt");
    TextGuard guard(guarded.rules, masks);
    const auto plain = guard.guard(text, Stage::Response, 1);
    FUZZ_REQUIRE(plain.has_value() == guard.anyAlarm());
    // What stands there already in the form of a mask of this text would be put back, too: by chance it does
    // not.
    if (plain) FUZZ_REQUIRE(masks.restored(*plain, false) == text);

    Masks jsonMasks("salt");
    TextGuard jsonGuard(guarded.rules, jsonMasks);
    JsonDocument document;
    const auto json = jsonGuard.guardJson(text, Stage::ToolCall, 1);
    if (json && !scanJson(text, document)) FUZZ_REQUIRE(!scanJson(*json, document));

    for (const bool isJson : {false, true}) {
        TextGuard streamGuard(guarded.rules, masks);
        StreamGuard stream(streamGuard, nullptr, Stage::Response, 1, isJson);
        std::string out;
        for (std::size_t at = 0; at < text.size(); at += 7)
            out += stream.feed(text.substr(at, 7));
        out += stream.finish();
        if (!streamGuard.anyAlarm()) FUZZ_REQUIRE(out == text);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size)
{
    static const Guarded kGuarded[] = {Guarded("pii"), Guarded("injection"), Guarded("urls"),
                                       Guarded("profanity"), Guarded("code")};
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    requireSameInParts(text);
    for (const Guarded& each : kGuarded) {
        requireInOrder(*each.rules.front()->check, text);
        requireGuarded(each, text);
    }
    return 0;
}
