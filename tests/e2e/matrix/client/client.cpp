// SPDX-License-Identifier: GPL-3.0-or-later
#include "client/client.h"

namespace matrix {

const std::vector<const Client*>& allClients()
{
    static const std::vector<const Client*> all{
        &chatClient(),   &completionsClient(), &responsesClient(), &anthropicClient(),
        &geminiClient(), &geminiArrayClient(), &ollamaClient(),    &cohereClient()};
    return all;
}

std::int64_t limitOf(Feature feature)
{
    return feature == Feature::Length ? kMaxTokens : kAmpleTokens;
}

bool hasTools(Feature feature)
{
    return feature == Feature::Tools || feature == Feature::ParallelTools || feature == Feature::ToolResult ||
           feature == Feature::SignedTurn || feature == Feature::StructuredTools;
}

bool hasFormat(Feature feature)
{
    return feature == Feature::Structured || feature == Feature::StructuredTools;
}

bool hasCalls(Feature feature)
{
    return feature == Feature::ToolResult || feature == Feature::ForgottenTools;
}

bool reasons(Feature feature)
{
    return feature == Feature::Reasoning || feature == Feature::SignedTurn;
}

std::vector<std::pair<std::string, std::string>> bearer()
{
    return {{"Authorization", "Bearer " + std::string(kClientKey)}};
}

std::string imageUrl()
{
    return "data:image/png;base64," + std::string(kImage);
}

} // namespace matrix
