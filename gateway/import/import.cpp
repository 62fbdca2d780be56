// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/import.h"

#include <algorithm>
#include <array>

#include "gateway/config_io.h"

#include "base/strings.h"
#include "config/config_limits.h"
#include "import/draft.h"
#include "import/file_value.h"
#include "import/programs.h"

namespace gateway {

namespace {

using imports::FileValue;

struct Program {
    ImportKind kind;
    void (*take)(const FileValue& root, imports::Draft& draft);
};

bool hasAny(const FileValue& root, std::initializer_list<std::string_view> names)
{
    return std::any_of(names.begin(), names.end(),
                       [&root](std::string_view name) { return root.find(name); });
}

Program programOf(const FileValue& root)
{
    if (hasAny(root, {"Providers", "Router"}))
        return {ImportKind::ClaudeCodeRouter, imports::takeClaudeCodeRouter};
    if (hasAny(root, {"model_list", "litellm_settings", "router_settings", "general_settings"}))
        return {ImportKind::LiteLlm, imports::takeLiteLlm};
    if (hasAny(root, {"elements"})) return {ImportKind::Cloudflare, imports::takeCloudflare};
    if (hasAny(root, {"strategy", "targets", "provider", "virtual_key"}))
        return {ImportKind::Portkey, imports::takePortkey};
    return {ImportKind::Undecided, nullptr};
}

/// What the programs' own servers answer with has the thing itself a step further in.
const FileValue& unwrapped(const FileValue& root)
{
    for (const std::string_view name : {"config", "result", "route", "data"}) {
        const FileValue* inner = root.find(name);
        if (inner && inner->isMap() && programOf(root).kind == ImportKind::Undecided &&
            programOf(*inner).kind != ImportKind::Undecided)
            return *inner;
    }
    return root;
}

Result<FileValue> readFile(std::string_view text)
{
    if (text.size() > config::kMaxFileBytes)
        return clientError(Code::InvalidRequest, "The file is larger than 1 MiB.");
    std::string_view begin = text;
    if (begin.starts_with("\xEF\xBB\xBF")) begin.remove_prefix(3);
    begin = trimmed(begin);
    const bool json = begin.starts_with('{') || begin.starts_with("//") || begin.starts_with("/*");
    return json ? imports::parseJsonFile(text) : imports::parseYamlFile(text);
}

bool hasError(const Config& config)
{
    ParsedConfig parsed;
    parsed.problems = validate(config);
    return !parsed.usable();
}

} // namespace

std::string_view importKindName(ImportKind kind)
{
    constexpr std::array<std::string_view, 5> kNames = {"", "LiteLLM", "Portkey", "Cloudflare",
                                                        "claude-code-router"};
    return kNames[static_cast<std::size_t>(kind)];
}

Result<Imported> importConfig(const Config& current, std::string_view text)
{
    const Result<FileValue> read = readFile(text);
    if (!read) return read.error();
    const FileValue& root = unwrapped(*read);
    const Program program = programOf(root);
    if (!program.take)
        return clientError(
            Code::InvalidRequest,
            "The file is none that can be taken over: a LiteLLM config.yaml, a Portkey config, a "
            "Cloudflare dynamic route, or claude-code-router's config.json.");
    imports::Draft draft(current);
    program.take(root, draft);
    Imported imported = draft.finish(program.kind, root);
    if (hasError(imported.config))
        return gatewayError(Code::Internal, hasError(current)
                                                ? "The configuration that it would be added to is not valid."
                                                : "What was made of the file would not be valid.");
    return imported;
}

} // namespace gateway
