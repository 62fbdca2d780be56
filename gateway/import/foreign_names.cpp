// SPDX-License-Identifier: GPL-3.0-or-later
#include "import/foreign_names.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/glob.h"
#include "base/program_pages.h"
#include "base/strings.h"
#include "embedded.h"

namespace gateway::imports {

namespace {

using Names = std::pair<std::string_view, std::string_view>;

// Names that differ from the presets' own; in small letters, with dashes.
constexpr std::array<Names, 46> kOthers{{{"amazon-bedrock", "bedrock"},
                                         {"anthropic-text", "anthropic"},
                                         {"aws-bedrock", "bedrock"},
                                         {"azure-openai", "azure"},
                                         {"azure-text", "azure"},
                                         {"bedrock-converse", "bedrock"},
                                         {"codestral", "mistral"},
                                         {"cohere-chat", "cohere"},
                                         {"custom-openai", "custom"},
                                         {"dashscope", "qwen"},
                                         {"docker-model-runner", "docker-model-runner"},
                                         {"featherless-ai", "featherless"},
                                         {"fireworks-ai", "fireworks"},
                                         {"friendliai", "friendli"},
                                         {"github", "github-models"},
                                         {"google", "gemini"},
                                         {"google-ai-studio", "gemini"},
                                         {"google-vertex-ai", "vertex"},
                                         {"grok", "xai"},
                                         {"hosted-vllm", "vllm"},
                                         {"hugging-face", "huggingface"},
                                         {"jina-ai", "jina"},
                                         {"litellm-proxy", "custom"},
                                         {"llamafile", "llama.cpp"},
                                         {"lmstudio", "lm-studio"},
                                         {"meta-llama", "llama-api"},
                                         {"mistral-ai", "mistral"},
                                         {"nebius-ai", "nebius"},
                                         {"novita-ai", "novita"},
                                         {"nvidia-nim", "nvidia"},
                                         {"ollama-chat", "ollama"},
                                         {"openai-like", "custom"},
                                         {"open-ai", "openai"},
                                         {"perplexity-ai", "perplexity"},
                                         {"sambanova-cloud", "sambanova"},
                                         {"text-completion-openai", "openai"},
                                         {"together-ai", "together"},
                                         {"vercel-ai-gateway", "vercel"},
                                         {"vertex-ai", "vertex"},
                                         {"vertex-ai-beta", "vertex"},
                                         {"workers-ai", "cloudflare"},
                                         {"x-ai", "xai"},
                                         {"z-ai", "zhipu"},
                                         {"zai", "zhipu"},
                                         {"zhipuai", "zhipu"},
                                         {"openai-compatible", "custom"}}};

// The makers of models that are commonly named without a provider.
constexpr std::array<Names, 14> kMakers{{{"claude-*", "anthropic"},
                                         {"gpt-*", "openai"},
                                         {"chatgpt-*", "openai"},
                                         {"o1*", "openai"},
                                         {"o3*", "openai"},
                                         {"o4*", "openai"},
                                         {"ft:gpt-*", "openai"},
                                         {"text-embedding-*", "openai"},
                                         {"dall-e-*", "openai"},
                                         {"whisper-*", "openai"},
                                         {"tts-*", "openai"},
                                         {"omni-moderation*", "openai"},
                                         {"command-*", "cohere"},
                                         {"deepseek-*", "deepseek"}}};

} // namespace

const catalog::Presets& presets()
{
    static const catalog::Presets s_presets = [] {
        auto parsed = catalog::Presets::parse(embedded::providersJson);
        releasePages(embedded::providersJson);
        return parsed ? std::move(parsed.value()) : catalog::Presets();
    }();
    return s_presets;
}

const catalog::Preset* presetNamed(std::string_view foreign)
{
    std::string name = lowered(foreign);
    std::replace(name.begin(), name.end(), '_', '-');
    const auto other = std::find_if(kOthers.begin(), kOthers.end(),
                                    [&name](const Names& each) { return each.first == name; });
    return presets().find(other == kOthers.end() ? std::string_view(name) : other->second);
}

const catalog::Preset* presetGuessed(std::string_view name)
{
    for (std::size_t end = name.size(); end != std::string_view::npos && end > 0;
         end = name.find_last_of("-_", end - 1)) {
        if (const catalog::Preset* preset = presetNamed(name.substr(0, end))) return preset;
    }
    return nullptr;
}

const catalog::Preset* presetOfModel(std::string_view model)
{
    const auto maker = std::find_if(kMakers.begin(), kMakers.end(),
                                    [model](const Names& each) { return globMatches(each.first, model); });
    return maker == kMakers.end() ? nullptr : presets().find(maker->second);
}

} // namespace gateway::imports
