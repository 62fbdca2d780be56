// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "gateway/config.h"

#include "config/fields_of.h"

/// The part of the table that is about guardrails; read config_fields.h.
namespace gateway::config {

template <>
struct Fields<GuardrailScope> {
    static constexpr std::string_view kName = "guardrail_scope";
    static void visit(auto& field)
    {
        field("routes", &GuardrailScope::routes);
        field("keys", &GuardrailScope::keys);
        field("dialects", &GuardrailScope::dialects);
        field("clients", &GuardrailScope::clients);
    }
};

template <>
struct Fields<GuardrailTest> {
    static constexpr std::string_view kName = "guardrail_test";
    static void visit(auto& field)
    {
        field("text", &GuardrailTest::text);
        field("on", &GuardrailTest::on);
        field("expect", &GuardrailTest::expect);
    }
    static bool sameEntry(const GuardrailTest& a, const GuardrailTest& b) { return a.text == b.text; }
};

template <>
struct Fields<GuardrailConfig> {
    static constexpr std::string_view kName = "guardrail";
    static void visit(auto& field)
    {
        field("check", &GuardrailConfig::check);
        field("on", &GuardrailConfig::on);
        field("action", &GuardrailConfig::action);
        field("mode", &GuardrailConfig::mode);
        field("enabled", &GuardrailConfig::enabled);
        field("restore", &GuardrailConfig::restore);
        field("mask_as", &GuardrailConfig::maskAs);
        field("scope", &GuardrailConfig::scope);
        field("route", &GuardrailConfig::route);
        field("on_error", &GuardrailConfig::onError);
        field("message", &GuardrailConfig::message);
        field("retries", &GuardrailConfig::retries);
        field("exceptions", &GuardrailConfig::exceptions);
        field.object("params", &GuardrailConfig::paramsJson);
        field("secret", &GuardrailConfig::secret);
        field("tests", &GuardrailConfig::tests);
    }
};

template <>
struct Naming<GuardrailConfig> {
    static constexpr bool kOwnerKeys = true;
    static auto& nameOf(auto& guardrail) { return guardrail.id.text; }
};

} // namespace gateway::config
