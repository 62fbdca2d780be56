// SPDX-License-Identifier: GPL-3.0-or-later
#include "import/wish.h"

#include <algorithm>
#include <array>

#include "base/strings.h"
#include "config/address_rules.h"
#include "import/foreign_names.h"

namespace gateway::imports {

namespace {

constexpr std::array<std::string_view, 5> kKindsWithAddress = {"openai", "anthropic", "gemini", "cohere",
                                                               "ollama"};

std::string_view withoutSlashes(std::string_view url)
{
    while (url.ends_with('/'))
        url.remove_suffix(1);
    return url;
}

std::string hostName(std::string_view url)
{
    const auto parts = config::splitUrl(url);
    if (!parts) return "custom";
    std::string name(parts->host);
    if (!parts->port.empty()) name.append("-").append(parts->port);
    return name;
}

bool isNearbyUrl(std::string_view url)
{
    const auto parts = config::splitUrl(url);
    return parts && config::isNearby(parts->host);
}

/// The preset at this address, where a provider at it is called in the way that `kind` is.
const catalog::Preset* presetAt(std::string_view url, std::string_view kind)
{
    static constexpr std::array<std::string_view, 3> kSpeakOpenAi = {"openai", "openai-compatible", "azure"};
    std::string looked(url);
    if (const auto at = looked.find("://localhost"); at != std::string::npos)
        looked.replace(at + 3, 9, "127.0.0.1");
    const catalog::Preset* preset = presets().findByBaseUrl(looked);
    if (!preset || preset->kind == kind) return preset;
    const auto speaks = [](std::string_view each) {
        return std::find(kSpeakOpenAi.begin(), kSpeakOpenAi.end(), each) != kSpeakOpenAi.end();
    };
    return speaks(preset->kind) && speaks(kind) ? preset : nullptr;
}

bool isPlainPart(std::string_view text)
{
    return !text.empty() && text.size() <= 64 &&
           std::all_of(text.begin(), text.end(), [](char c) { return isAsciiAlnum(c) || c == '-'; });
}

} // namespace

Result<ProviderWish> wishFor(const catalog::Preset& preset, std::string_view address)
{
    const std::string_view given = withoutSlashes(trimmed(address));
    const bool openAi = preset.kind == "openai" || preset.kind == "openai-compatible";
    ProviderWish wish;
    wish.name = preset.id;
    wish.kind = preset.kind;
    wish.baseUrl = given.empty() ? std::string_view(preset.baseUrl) : given;
    wish.local = preset.local;
    if (wish.baseUrl.empty() || wish.baseUrl.find('{') != std::string::npos)
        return clientError(Code::InvalidRequest,
                           "Needs the provider's address, which the file does not say.");
    // Other servers are asked as if they were OpenAI: their address tells more than the name.
    if (openAi && !given.empty()) {
        const catalog::Preset* there = presetAt(given, preset.kind);
        wish.kind = there ? there->kind : "openai-compatible";
        wish.local = isNearbyUrl(given);
        if (there)
            wish.name = there->id;
        else if (preset.id == "openai" || preset.id == "custom")
            wish.name = hostName(given);
    }
    const bool known =
        std::find(kKindsWithAddress.begin(), kKindsWithAddress.end(), wish.kind) != kKindsWithAddress.end();
    if (known && wish.baseUrl == preset.baseUrl && wish.kind == preset.kind) wish.baseUrl.clear();
    return wish;
}

ProviderWish wishForCall(std::string_view callAddress)
{
    std::string_view address = withoutSlashes(trimmed(callAddress));
    ProviderWish wish;
    wish.kind = "openai-compatible";
    const auto cut = [&address](std::string_view end) {
        const bool ends = address.ends_with(end);
        if (ends) address.remove_suffix(end.size());
        return ends;
    };
    if (cut("/v1/messages"))
        wish.kind = "anthropic";
    else if (cut("/v1beta/models"))
        wish.kind = "gemini";
    else if (!cut("/chat/completions"))
        cut("/responses");
    wish.baseUrl = withoutSlashes(address);
    wish.local = isNearbyUrl(address);
    if (const catalog::Preset* there = presetAt(address, wish.kind)) {
        wish.name = there->id;
        if (wish.kind == "openai-compatible") wish.kind = there->kind;
        if (wish.kind == "openai" || there->id == wish.kind) wish.baseUrl.clear();
    }
    return wish;
}

std::string addressOf(std::string_view kind, const Place& place)
{
    if (!place.address.empty()) return std::string(place.address);
    if (kind == "azure" && isPlainPart(place.azureResource))
        return std::string("https://").append(place.azureResource).append(".openai.azure.com");
    if (kind == "bedrock" && isPlainPart(place.awsRegion))
        return std::string("https://bedrock-runtime.").append(place.awsRegion).append(".amazonaws.com");
    if (kind != "vertex" || !isPlainPart(place.vertexProject) || !isPlainPart(place.vertexRegion)) return {};
    std::string url = "https://";
    if (place.vertexRegion != "global") url.append(place.vertexRegion).append("-");
    url.append("aiplatform.googleapis.com/v1/projects/").append(place.vertexProject);
    return url.append("/locations/").append(place.vertexRegion);
}

} // namespace gateway::imports
