// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/tool_result_text.h"

#include "dialect/content_text.h"

namespace gateway::dialect {

std::string resultText(const ToolResultPart& result)
{
    std::string text;
    for (const auto& content : result.content) {
        if (const auto* one = std::get_if<TextPart>(&content)) text += (text.empty() ? "" : "\n") + one->text;
    }
    return text;
}

std::string toolResultText(const ToolResultPart& result)
{
    std::string text = resultText(result);
    return result.isError && !tellsToolError(text) ? toolErrorText(text) : text;
}

std::vector<Part> toolResultImages(const std::vector<Part>& parts)
{
    std::vector<Part> images;
    for (const Part& part : parts) {
        const auto* result = std::get_if<ToolResultPart>(&part);
        if (!result) continue;
        for (const auto& content : result->content) {
            const auto* image = std::get_if<ImagePart>(&content);
            if (!image) continue;
            images.emplace_back(TextPart{"Image in the result of tool call " + result->callId + ":", {}});
            images.emplace_back(*image);
        }
    }
    return images;
}

} // namespace gateway::dialect
