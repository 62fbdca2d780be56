// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include <nlohmann/json.hpp>

#include <QTest>

#include "gateway/config_io.h"

#include "config/config_fields.h"
#include "config/problem_list.h"
#include "embedded.h"

using gateway::config::Fields;
using gateway::config::knownKeys;
using Json = nlohmann::json;

class ConfigSchemaTest : public QObject {
    Q_OBJECT

private:
    Json m_schema;

    static std::vector<std::string> sorted(std::vector<std::string> names)
    {
        std::sort(names.begin(), names.end());
        return names;
    }

    template <class T>
    void compare(const Json& object)
    {
        const std::string name(Fields<T>::kName);
        const auto& known = knownKeys<T>();
        std::vector<std::string> inSchema;
        for (const auto& [key, rule] : object.at("properties").items()) {
            inSchema.push_back(key);
            const bool later = std::find(known.notYet.begin(), known.notYet.end(), key) != known.notYet.end();
            const bool saysLater =
                rule.value("description", "").find("Not in this version") != std::string::npos;
            std::string place = name;
            place.append(".").append(key);
            QVERIFY2(later == (saysLater && !rule.contains("enum")), place.c_str());
        }
        std::vector<std::string> inCode = known.current;
        inCode.insert(inCode.end(), known.notYet.begin(), known.notYet.end());
        QVERIFY2(sorted(inSchema) == sorted(inCode), name.c_str());
        QVERIFY2(object.at("additionalProperties") == false, name.c_str());
        QVERIFY2(object.at("patternProperties").contains("^x-"), name.c_str());
    }

    template <class T>
    void compareDefinition()
    {
        compare<T>(m_schema.at("$defs").at(std::string(Fields<T>::kName)));
    }

private slots:
    void initTestCase()
    {
        m_schema = Json::parse(gateway::embedded::configSchemaJson, nullptr, false);
        QVERIFY(m_schema.is_object());
        QCOMPARE(m_schema.value("$schema", ""), std::string("https://json-schema.org/draft/2020-12/schema"));
    }

    void namesTheKeysThatTheCodeReads()
    {
        compare<gateway::Config>(m_schema);
        compareDefinition<gateway::ServerConfig>();
        compareDefinition<gateway::ServerLimits>();
        compareDefinition<gateway::NetworkConfig>();
        compareDefinition<gateway::ProviderConfig>();
        compareDefinition<gateway::HealthCheckConfig>();
        compareDefinition<gateway::ProviderKey>();
        compareDefinition<gateway::ModelConfig>();
        compareDefinition<gateway::PriceOverride>();
        compareDefinition<gateway::DataPolicy>();
        compareDefinition<gateway::DataRules>();
        compareDefinition<gateway::RetryConfig>();
        compareDefinition<gateway::TimeoutConfig>();
        compareDefinition<gateway::RouteConfig>();
        compareDefinition<gateway::TargetConfig>();
        compareDefinition<gateway::TargetLimits>();
        compareDefinition<gateway::CircuitConfig>();
        compareDefinition<gateway::SemanticConfig>();
        compareDefinition<gateway::ShadowConfig>();
        compareDefinition<gateway::RouteTest>();
        compareDefinition<gateway::GuardrailTest>();
        compareDefinition<gateway::RouteExpectation>();
        compareDefinition<gateway::VirtualKeyConfig>();
        compareDefinition<gateway::GuardrailConfig>();
        compareDefinition<gateway::GuardrailScope>();
    }

    void listsTheSameNames()
    {
        const auto listed = [this](const char* object, const char* key) {
            return sorted(
                m_schema["$defs"][object]["properties"][key]["enum"].get<std::vector<std::string>>());
        };
        QVERIFY(listed("provider", "kind") == sorted(gateway::providerKinds()));
        QVERIFY(listed("route", "strategy") == sorted(gateway::strategyNames()));
    }

    void everyReferenceLeadsSomewhere()
    {
        const std::string text(gateway::embedded::configSchemaJson);
        const std::string mark = "\"#/$defs/";
        for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
            const auto begin = at + mark.size();
            const std::string name = text.substr(begin, text.find('"', begin) - begin);
            QVERIFY2(m_schema["$defs"].contains(name), name.c_str());
        }
    }

    void givesTheDefaultsOfTheCode()
    {
        const gateway::ServerConfig server;
        const Json& properties = m_schema["$defs"]["server"]["properties"];
        QCOMPARE(properties["port"]["default"].get<int>(), static_cast<int>(server.port));
        QCOMPARE(properties["host"]["default"].get<std::string>(), server.host);
        QCOMPARE(properties["max_body_bytes"]["default"].get<std::uint64_t>(), server.maxBodyBytes);
        QCOMPARE(properties["admin_key"]["default"].get<std::string>(), server.adminKey.text());
        QCOMPARE(properties["drain_seconds"]["default"].get<std::int64_t>(),
                 static_cast<std::int64_t>(server.drain.count()));
        const Json& limits = m_schema["$defs"]["limits"]["properties"];
        QCOMPARE(limits["header_bytes"]["default"].get<unsigned>(), server.limits.headerBytes);
        QCOMPARE(limits["keepalive_idle_ms"]["default"].get<std::int64_t>(),
                 static_cast<std::int64_t>(server.limits.keepaliveIdle.count()));
        QCOMPARE(limits["websocket_idle_ms"]["default"].get<std::int64_t>(),
                 static_cast<std::int64_t>(server.limits.webSocketIdle.count()));
    }
};

QTEST_GUILESS_MAIN(ConfigSchemaTest)
#include "config_schema_test.moc"
