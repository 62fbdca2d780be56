// SPDX-License-Identifier: GPL-3.0-or-later
#include "provider/openai_paths.h"

namespace gateway::provider {

std::string_view openAiPath(Operation operation)
{
    switch (operation) {
    case Operation::Moderate:
        return "/moderations";
    case Operation::MakeImage:
        return "/images/generations";
    case Operation::EditImage:
        return "/images/edits";
    case Operation::VaryImage:
        return "/images/variations";
    case Operation::Speak:
        return "/audio/speech";
    case Operation::Transcribe:
        return "/audio/transcriptions";
    case Operation::TranslateSpeech:
        return "/audio/translations";
    case Operation::Rerank: // not OpenAI's, but where compatible servers have it
        return "/rerank";
    case Operation::Video:
        return "/videos";
    case Operation::File:
        return "/files";
    case Operation::Batch:
        return "/batches";
    case Operation::Response:
        return "/responses";
    default:
        return {};
    }
}

} // namespace gateway::provider
