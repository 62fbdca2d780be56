// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/json_schema.h"

#include <utility>

#include "base/json_scan.h"
#include "base/strings.h"
#include "guardrail/check_kind.h"
#include "guardrail/json_mend.h"

namespace gateway::guardrail {

namespace {

class JsonSchemaCheck final : public Check {
public:
    JsonSchemaCheck(JsonSchema schema, bool bare, bool otherWay)
        : m_schema(std::move(schema)), m_bare(bare), m_otherWay(otherWay)
    {
    }

    [[nodiscard]] Opinion judge(const Subject& subject) const override
    {
        std::string why;
        bool isJson = false;
        for (const std::string_view part : jsonParts(subject.text)) {
            // A model may nest as deeply as it likes; what compares values follows each level.
            JsonDocument scanned;
            if (scanJson(part, scanned)) continue;
            const auto value = nlohmann::json::parse(part, nullptr, false);
            // A schema may want a list, or a number: what is no object counts where the whole text is it.
            if (value.is_discarded() ||
                (!value.is_structured() && part.size() != trimmed(subject.text).size()))
                continue;
            const auto fault = m_schema.fault(value);
            if (fault && why.empty()) why = *fault;
            isJson = true;
            if (!fault) return fitting(subject.text, part);
        }
        if (m_otherWay) return isJson ? Opinion() : Opinion{true, "the answer has no JSON in it"};
        Opinion opinion{true, isJson ? "the answer's JSON does not fit the schema" + where(why)
                                     : "the answer has no valid JSON in it"};
        opinion.instead = mended(subject.text);
        return opinion;
    }

private:
    [[nodiscard]] Opinion fitting(std::string_view text, std::string_view part) const
    {
        if (m_otherWay) return {true, "the answer's JSON fits the schema that it should not fit"};
        if (!m_bare || part.size() == text.size()) return {};
        return {true, "the answer says more than the JSON", std::string(part)};
    }

    /// The place alone: names of members may be what somebody said.
    static std::string where(const std::string& fault)
    {
        const auto colon = fault.rfind(": ");
        return colon == std::string::npos ? std::string() : " (a value " + fault.substr(colon + 2) + ")";
    }

    [[nodiscard]] std::optional<std::string> mended(std::string_view text) const
    {
        auto better = mendedJson(text);
        if (!better) return std::nullopt;
        const auto value = nlohmann::json::parse(*better, nullptr, false);
        if (value.is_discarded() || m_schema.fault(value)) return std::nullopt;
        return better;
    }

    JsonSchema m_schema;
    bool m_bare;
    bool m_otherWay;
};

Result<std::unique_ptr<Check>> makeJsonSchema(const Parameters& parameters)
{
    auto schema = JsonSchema::parse(parameters.json("schema"));
    if (!schema) return schema.error();
    return std::unique_ptr<Check>(
        new JsonSchemaCheck(std::move(*schema), parameters.flag("bare"), parameters.flag("not")));
}

} // namespace

const CheckKind& jsonSchemaKind()
{
    static const CheckKind kind = [] {
        CheckKind made{
            "json_schema",
            "JSON of a schema",
            "Fails unless the answer has JSON in it that fits a schema. With the action rewrite, JSON that "
            "is not quite JSON is mended.",
            {{"schema", Parameter::Type::Json, "Schema"},
             {"bare", Parameter::Type::Flag, "Nothing but the JSON", "false"},
             {"not", Parameter::Type::Flag, "The other way round", "false"}},
            false,
            false,
            true,
            makeJsonSchema};
        made.mends = true;
        return made;
    }();
    return kind;
}

} // namespace gateway::guardrail
