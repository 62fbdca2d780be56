// SPDX-License-Identifier: GPL-3.0-or-later
#include "dialect/content_text.h"

#include <algorithm>
#include <random>

#include "base/json_text.h"
#include "dialect/json_object.h"

namespace gateway::dialect {

std::optional<DataUrl> splitDataUrl(std::string_view url)
{
    if (!url.starts_with("data:")) return std::nullopt;
    const std::size_t comma = url.find(',');
    if (comma == std::string_view::npos) return std::nullopt;
    const std::string_view head = url.substr(5, comma - 5);
    if (!head.ends_with(";base64")) return std::nullopt;
    return DataUrl{head.substr(0, head.find(';')), url.substr(comma + 1)};
}

std::string joinDataUrl(std::string_view mediaType, std::string_view base64)
{
    std::string url = "data:";
    url.append(mediaType).append(";base64,").append(base64);
    return url;
}

ImagePart imageAt(std::string_view url)
{
    ImagePart image;
    if (const auto data = splitDataUrl(url)) {
        image.mediaType = data->mediaType;
        image.base64 = data->base64;
    } else {
        image.url = url;
    }
    return image;
}

std::string addressOf(const ImagePart& image)
{
    return image.url.empty() ? joinDataUrl(image.mediaType, image.base64) : image.url;
}

std::string imageInWords(const ImagePart& image)
{
    if (!image.url.empty()) return "[The model answered with an image: " + image.url + "]";
    return "[The model answered with an image (" + image.mediaType + "), for which this API has no place.]";
}

void noteDropped(std::vector<std::string>& dropped, std::string_view name)
{
    constexpr std::size_t kMaxNames = 32;
    constexpr std::size_t kMaxNameBytes = 64;
    if (dropped.size() >= kMaxNames) return;
    std::string shown(name.substr(0, kMaxNameBytes));
    std::replace_if(
        shown.begin(), shown.end(), [](char byte) { return byte <= ' ' || byte > '~' || byte == ','; }, '_');
    if (std::find(dropped.begin(), dropped.end(), shown) == dropped.end()) {
        dropped.push_back(std::move(shown));
    }
}

std::string joinedText(const std::vector<Part>& parts)
{
    std::string text;
    for (const Part& part : parts) {
        const auto* one = std::get_if<TextPart>(&part);
        if (!one || one->text.empty()) continue;
        if (!text.empty()) {
            text += "\n\n";
        }
        text += one->text;
    }
    return text;
}

bool tellsToolError(std::string_view text)
{
    if (jsonKindOf(text) != JsonKind::Object || !isJsonObject(text)) return false;
    const JsonObject object(text);
    const std::string_view error = object.raw("error");
    return !error.empty() && error != "false" && error != "\"\"";
}

std::string toolErrorText(std::string_view text)
{
    std::string wrapped = "{\"error\":";
    appendJsonString(wrapped, text.empty() ? "The tool failed." : text);
    return wrapped + '}';
}

std::string newToolCallId()
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    thread_local std::mt19937_64 engine{std::random_device{}()};
    std::string id = "call_";
    std::uint64_t bits = engine();
    for (int i = 0; i < 16; ++i, bits >>= 4U) {
        id += kDigits[bits & 15U];
    }
    return id;
}

std::string customArguments(std::string_view input)
{
    std::string out = "{\"input\":";
    appendJsonString(out, input);
    out += '}';
    return out;
}

std::string customInput(std::string_view argumentsJson)
{
    const JsonObject arguments(argumentsJson);
    return arguments.kind("input") == JsonKind::String ? arguments.text("input") : std::string(argumentsJson);
}

std::string formatInstruction(std::string_view responseFormat)
{
    const JsonObject format(responseFormat);
    const std::string kind = format.text("type");
    if (kind != "json_schema" && kind != "json_object") return {};
    std::string words =
        "Answer with one JSON object and nothing else: no words before or after it, no code fence.";
    const std::string_view schema = format.object("json_schema").raw("schema");
    if (kind == "json_schema" && !schema.empty())
        words += " It has to be valid against this JSON Schema:\n" + std::string(schema);
    return words;
}

bool sayFormat(Request& request)
{
    std::string words = formatInstruction(request.responseFormatJson);
    if (words.empty()) return false;
    const auto place = std::find_if(request.messages.begin(), request.messages.end(),
                                    [](const Message& message) { return message.role != Role::System; });
    request.messages.insert(place, Message{Role::System, {TextPart{std::move(words), {}}}});
    return true;
}

} // namespace gateway::dialect
