// SPDX-License-Identifier: GPL-3.0-or-later
#include "provider/google.h"

#include <algorithm>

#include "base/base64.h"
#include "base/json_scan.h"
#include "base/json_text.h"
#include "base/rs256.h"
#include "base/strings.h"

namespace gateway::provider::google {

namespace {

constexpr std::string_view kTokenUrl = "https://oauth2.googleapis.com/token";
constexpr std::string_view kScope = "https://www.googleapis.com/auth/cloud-platform";
constexpr std::int64_t kValidSeconds = 3600; // the most that may be asked for
constexpr std::int64_t kMostSeconds = 12 * 3600;

std::string member(std::string_view object, std::string_view key)
{
    return decodeJsonString(memberValue(object, key)).value_or(std::string());
}

/// What the file itself names, where that is Google's: it decides where the signed claim is sent.
std::string tokenUrl(std::string_view file)
{
    constexpr std::string_view kScheme = "https://";
    std::string url = member(file, "token_uri");
    if (!url.starts_with(kScheme) || hasControlByte(url)) return std::string(kTokenUrl);
    const std::string_view rest = std::string_view(url).substr(kScheme.size());
    const std::string_view host = rest.substr(0, rest.find_first_of("/?#"));
    const bool googles =
        host.ends_with(".googleapis.com") && host.find_first_of("@:\\ ") == std::string_view::npos;
    return googles ? url : std::string(kTokenUrl);
}

std::string header(std::string_view file)
{
    std::string text;
    JsonWriter json(text);
    json.beginObject().key("alg").string("RS256").key("typ").string("JWT");
    if (const std::string id = member(file, "private_key_id"); !id.empty()) json.key("kid").string(id);
    json.endObject();
    return text;
}

std::string claims(std::string_view email, std::string_view audience, std::int64_t now)
{
    std::string text;
    JsonWriter json(text);
    json.beginObject().key("iss").string(email).key("scope").string(kScope).key("aud").string(audience);
    json.key("iat").integer(now).key("exp").integer(now + kValidSeconds).endObject();
    return text;
}

Error badFile(const char* why)
{
    Error error = gatewayError(Code::ProviderKeyUnavailable,
                               std::string("The service account's key cannot be used: ") + why +
                                   ". Store the whole JSON file that Google Cloud gave out.");
    error.retry = Retry::NextTarget;
    return error;
}

} // namespace

std::string verb(const CallShape& call)
{
    switch (call.operation) {
    case Operation::CountTokens:
        return ":countTokens";
    case Operation::Embed:
        return call.batch ? ":batchEmbedContents" : ":embedContent";
    default:
        return call.stream ? ":streamGenerateContent?alt=sse" : ":generateContent";
    }
}

std::string pathText(std::string_view model)
{
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string text;
    for (const char letter : model) {
        const auto byte = static_cast<unsigned char>(letter);
        if (isAsciiAlnum(letter) || std::string_view("-_.~/@:+").find(letter) != std::string_view::npos)
            text += letter;
        else
            text.append({'%', kHex[byte >> 4U], kHex[byte & 15U]});
    }
    return text;
}

bool isAccountFile(std::string_view key)
{
    return key.starts_with('{');
}

Result<TokenCall> accountTokenCall(const Secret& key, std::int64_t now)
{
    const std::string_view file = key.reveal();
    JsonDocument document;
    if (scanJson(file, document) || document.root != JsonKind::Object) return badFile("it is not JSON");
    if (member(file, "type") != "service_account") return badFile("its `type` is not service_account");
    const std::string email = member(file, "client_email");
    std::string pem = member(file, "private_key");
    if (email.empty() || pem.empty()) return badFile("`client_email` or `private_key` is missing");
    TokenCall call;
    call.url = tokenUrl(file);
    const std::string signedText = base64Url(header(file)) + '.' + base64Url(claims(email, call.url, now));
    const auto signature = rs256(pem, signedText);
    wipe(pem);
    if (!signature) return badFile("its `private_key` is not an RSA key in PEM form");
    call.contentType = "application/x-www-form-urlencoded";
    call.body = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=" + signedText +
                '.' + base64Url(*signature);
    return call;
}

Result<Token> accountToken(std::string_view answer)
{
    JsonDocument document;
    const bool whole = !scanJson(answer, document) && document.root == JsonKind::Object;
    std::string text = whole ? member(answer, "access_token") : std::string();
    if (text.empty() || hasControlByte(text))
        return upstreamError(Code::ProviderAuthFailed, Retry::NextTarget,
                             "Google answered the service account's key without a token.");
    Token token;
    token.secret = Secret(text);
    wipe(text);
    const auto seconds = jsonInteger(memberValue(answer, "expires_in")).value_or(kValidSeconds);
    token.validSeconds = std::clamp<std::int64_t>(seconds, 0, kMostSeconds);
    return token;
}

} // namespace gateway::provider::google
