// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cstdio>

#include "base/strings.h"
#include "config/problem_list.h"
#include "import/foreign_names.h"
#include "import/litellm_parts.h"
#include "import/shared_fields.h"
#include "import/wish.h"

namespace gateway::imports {

namespace {

// Parameters of the request, which the target then has its own values of.
constexpr std::array<std::string_view, 18> kBodyParts = {"temperature",
                                                         "top_p",
                                                         "top_k",
                                                         "n",
                                                         "max_tokens",
                                                         "max_completion_tokens",
                                                         "presence_penalty",
                                                         "frequency_penalty",
                                                         "seed",
                                                         "stop",
                                                         "user",
                                                         "reasoning_effort",
                                                         "response_format",
                                                         "thinking",
                                                         "verbosity",
                                                         "service_tier",
                                                         "parallel_tool_calls",
                                                         "logit_bias"};

constexpr std::array<std::string_view, 11> kProviderParts = {"api_base",
                                                             "base_url",
                                                             "custom_llm_provider",
                                                             "vertex_project",
                                                             "vertex_location",
                                                             "vertex_credentials",
                                                             "aws_region_name",
                                                             "aws_access_key_id",
                                                             "aws_secret_access_key",
                                                             "litellm_credential_name",
                                                             "aws_session_token"};

constexpr std::array<Reason, 8> kParamsLeft{
    {{"api_version", "The gateway knows which version of the API to ask for."},
     {"stream_timeout", "One time-out holds for streams and plain answers."},
     {"organization", "Add a header field of the provider by hand."},
     {"extra_headers", "May hold a key; add them to the provider's headers by hand."},
     {"headers", "May hold a key; add them to the provider's headers by hand."},
     {"max_parallel_requests", "Such a limit is not in this version."},
     {"tags", "Targets have no tags here; a route's condition may ask for metadata."},
     {"max_budget", "Budgets are not in this version."}}};

/// The provider's part of "openai/gpt-4o", and the model's.
struct ModelName {
    const catalog::Preset* preset = nullptr;
    std::string_view model;
};

class Reader {
public:
    Reader(const FileValue& row, const FileValue& root, Draft& draft)
        : m_row(row)
        , m_root(root)
        , m_draft(draft)
        , m_params(row.find("litellm_params"))
        , m_info(row.find("model_info"))
    {
    }

    std::optional<Deployment> read()
    {
        if (!m_params || m_params->textOf("model").empty()) {
            m_draft.left(m_row, "Needs litellm_params with a model.");
            return std::nullopt;
        }
        m_credential = credential();
        const ModelName name = modelName();
        if (!name.preset) {
            m_draft.left(m_row, "It cannot be told whose model this is; write the provider before it, as in "
                                "openai/gpt-4o.");
            return std::nullopt;
        }
        const auto provider = takeProvider(*name.preset);
        if (!provider) return std::nullopt;
        auto target = m_draft.target(*provider, name.model, m_row);
        if (!target) return std::nullopt;
        Deployment made;
        made.row = &m_row;
        made.target = std::move(*target);
        const std::string path = config::memberPath("providers", provider->text);
        m_draft.mapped(*m_params->find("model"), path, "Its model " + config::quotedName(name.model) + ".");
        leaveAll(*m_params, kParamsLeft, m_draft);
        takeNumbers(made);
        takeOverride(made.target);
        if (name.model.find('*') == std::string_view::npos) takeModel(*provider, std::string(name.model));
        return made;
    }

private:
    /// What the row says of its provider, or the credential that it names.
    [[nodiscard]] std::string_view said(std::string_view name) const
    {
        const std::string_view own = m_params->textOf(name);
        return own.empty() && m_credential ? m_credential->textOf(name) : own;
    }

    [[nodiscard]] const FileValue* credential()
    {
        const std::string_view wanted = m_params->textOf("litellm_credential_name");
        const FileValue* list = m_root.find("credential_list");
        if (wanted.empty() || !list) return nullptr;
        for (const FileValue& each : list->children) {
            if (each.textOf("credential_name") != wanted) continue;
            const FileValue* values = each.find("credential_values");
            m_draft.mappedWhole(each, "providers");
            return values;
        }
        return nullptr;
    }

    [[nodiscard]] ModelName modelName() const
    {
        ModelName name;
        name.model = m_params->textOf("model");
        const std::string_view custom = m_params->textOf("custom_llm_provider");
        if (!custom.empty()) name.preset = presetNamed(custom);
        const auto slash = name.model.find('/');
        const catalog::Preset* prefix =
            slash == std::string_view::npos ? nullptr : presetNamed(name.model.substr(0, slash));
        if (prefix && (!name.preset || name.preset == prefix)) {
            name.preset = prefix;
            name.model.remove_prefix(slash + 1);
            // bedrock/converse/MODEL, vertex_ai/gemini/…: the way to call it, which the gateway knows.
            if (name.model.starts_with("converse/")) name.model.remove_prefix(9);
        }
        if (!name.preset && slash == std::string_view::npos) name.preset = presetOfModel(name.model);
        if (!name.preset && slash == std::string_view::npos && name.model.starts_with("gemini-"))
            name.preset = presets().find(said("vertex_project").empty() ? "gemini" : "vertex");
        return name;
    }

    [[nodiscard]] std::optional<ProviderId> takeProvider(const catalog::Preset& preset)
    {
        Place place{
            said("api_base"), {}, said("vertex_project"), said("vertex_location"), said("aws_region_name")};
        if (place.address.empty()) place.address = said("base_url");
        if (preset.kind == "vertex" && place.vertexRegion.empty()) place.vertexRegion = "us-central1";
        if (preset.kind == "vertex") place.address = {};
        if (place.address.starts_with("os.environ/")) {
            m_draft.left(m_row,
                         "Its address stands in a variable; write it into the file, and import again.");
            return std::nullopt;
        }
        auto wish = wishFor(preset, addressOf(preset.kind, place));
        if (!wish) {
            m_draft.left(m_row, wish.error().message);
            return std::nullopt;
        }
        wish->from = &m_row;
        wish->keyFrom = m_params->find("api_key");
        wish->key = key(preset, *wish);
        auto id = m_draft.provider(*wish);
        if (!id) return id;
        if (wish->key.kind == KeyChoice::Kind::Reference && said("api_key").empty() &&
            preset.kind != "vertex")
            m_draft.mapped(*m_params, config::memberPath("providers", id->text) + ".keys",
                           "Names no key; " + wish->key.ref.text() + " is used.");
        for (const std::string_view part : kProviderParts) {
            if (const FileValue* found = m_params->find(part))
                m_draft.mappedWhole(*found, config::memberPath("providers", id->text));
        }
        return id;
    }

    [[nodiscard]] KeyChoice key(const catalog::Preset& preset, const ProviderWish& wish) const
    {
        if (preset.kind == "bedrock" && !said("aws_secret_access_key").empty())
            return awsKeyIn(said("aws_access_key_id"), said("aws_secret_access_key"));
        if (preset.kind == "vertex") return vertexKey();
        KeyChoice choice = keyIn(said("api_key"));
        if (choice.kind != KeyChoice::Kind::None) {
            return wish.local ? withoutStandIn(choice) : choice;
        }
        // Without one the other program looks into the provider's usual variable.
        const catalog::Preset* named = presets().find(wish.name);
        if (wish.local || !named) return choice;
        if (!named->env.empty()) return keyInVariable(named->env.front());
        choice.kind = KeyChoice::Kind::Elsewhere;
        return choice;
    }

    [[nodiscard]] KeyChoice vertexKey() const
    {
        KeyChoice choice = keyIn(said("vertex_credentials"));
        if (choice.kind == KeyChoice::Kind::Reference) return choice;
        const std::string_view text = said("vertex_credentials");
        if (text.starts_with('/')) {
            if (auto file = parseSecretRef("file:" + std::string(text))) {
                choice.kind = KeyChoice::Kind::Reference;
                choice.ref = std::move(file.value());
                choice.literal = Secret();
                return choice;
            }
        }
        if (!text.starts_with('{')) choice = KeyChoice{KeyChoice::Kind::Elsewhere, {}, {}};
        return choice;
    }

    void takeNumbers(Deployment& made)
    {
        const auto limit = [&](const char* name, std::optional<std::uint32_t>& into) {
            const FileValue* found = m_params->find(name);
            if (!found) return;
            const auto count = found->whole(1, 1'000'000'000);
            if (!count) return m_draft.left(*found, "Needs a whole number from 1.");
            into = static_cast<std::uint32_t>(*count);
            m_draft.mapped(*found, std::string("routes.*.targets.limits.") + name);
        };
        limit("rpm", made.target.limits.rpm);
        limit("tpm", made.target.limits.tpm);
        if (const FileValue* weight = m_params->find("weight")) {
            const auto number = weight->number();
            if (number && *number >= 0) made.weight = number;
            if (made.weight)
                m_draft.mapped(*weight, "routes.*.targets.weight");
            else
                m_draft.left(*weight, "Needs a number from 0.");
        }
        if (const FileValue* order = m_params->find("order")) {
            made.order = order->whole(-1'000'000, 1'000'000);
            m_draft.mapped(*order, "routes.*.targets", "By the order of the targets.");
        }
        if (const FileValue* timeout = m_params->find("timeout")) {
            made.firstByte = timeIn(*timeout, std::chrono::seconds(1));
            m_draft.mapped(*timeout, "routes.*.timeout.first_byte_ms",
                           "Where all of its model have the same.");
        }
        for (const std::string_view name : {"num_retries", "max_retries"}) {
            const FileValue* retries = m_params->find(name);
            const auto count = retries ? retries->whole(0, 10) : std::nullopt;
            if (count) made.attempts = static_cast<std::uint32_t>(*count);
            if (retries)
                m_draft.mapped(*retries, "routes.*.retry.attempts", "Where all of its model have the same.");
        }
    }

    void takeOverride(TargetConfig& target)
    {
        FileValue map;
        map.kind = FileValue::Kind::Map;
        for (const std::string_view name : kBodyParts) {
            const FileValue* found = m_params->find(name);
            if (!found) continue;
            map.children.push_back(*found);
            m_draft.mappedWhole(*found, "routes.*.targets.override",
                                "Also where a client says something else.");
        }
        if (const FileValue* extra = m_params->find("extra_body"); extra && extra->isMap()) {
            m_draft.mapped(*extra, "routes.*.targets.override");
            for (const FileValue& each : extra->children) {
                if (map.find(each.key)) continue;
                map.children.push_back(each);
                m_draft.mappedWhole(each, "routes.*.targets.override");
            }
        }
        target.overrideJson = m_draft.overrideJson(map);
    }

    /// What the row says of its model's price and context.
    void takeModel(const ProviderId& provider, std::string name)
    {
        ModelConfig model;
        model.name = std::move(name);
        PriceOverride price;
        const std::string path =
            config::memberPath(config::memberPath("providers", provider.text) + ".models", model.name);
        const FileValue* first = nullptr;
        const auto take = [&](std::string_view key, std::optional<std::string>& into) {
            const FileValue* found = m_info ? m_info->find(key) : nullptr;
            if (!found) found = m_params->find(key);
            if (!found) return;
            into = perMillion(*found);
            if (first) m_draft.mapped(*found, path + ".price");
            if (!first) first = found;
        };
        take("input_cost_per_token", price.input);
        take("output_cost_per_token", price.output);
        take("cache_read_input_token_cost", price.cacheRead);
        take("cache_creation_input_token_cost", price.cacheWrite);
        if (price != PriceOverride()) model.price = price;
        if (const FileValue* context = m_info ? m_info->find("max_input_tokens") : nullptr) {
            model.context = context->whole(1, 1'000'000'000);
            if (first) m_draft.mapped(*context, path + ".context");
            if (!first) first = context;
        }
        if (first) m_draft.addModel(provider, std::move(model), *first);
        if (!m_info) return;
        for (const FileValue& each : m_info->children) {
            if (!m_draft.wasTold(each)) m_draft.left(each, "The catalog knows this of the model.");
        }
    }

    /// Dollars for a million of what costs that much each.
    static std::optional<std::string> perMillion(const FileValue& each)
    {
        const auto number = each.number();
        if (!number || !(*number >= 0 && *number <= 1)) return std::nullopt;
        std::array<char, 40> text{};
        const int size = std::snprintf(text.data(), text.size(), "%.9f", *number * 1e6);
        std::string amount(text.data(), static_cast<std::size_t>(size));
        amount.erase(amount.find_last_not_of('0') + 1);
        if (amount.ends_with('.')) amount.pop_back();
        return amount;
    }

    const FileValue& m_row;
    const FileValue& m_root;
    Draft& m_draft;
    const FileValue* m_params;
    const FileValue* m_info;
    const FileValue* m_credential = nullptr;
};

} // namespace

std::optional<Deployment> readDeployment(const FileValue& row, const FileValue& root, Draft& draft)
{
    return Reader(row, root, draft).read();
}

} // namespace gateway::imports
