// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/redaction.h"

#include <algorithm>
#include <array>

#include "base/base64.h"
#include "base/strings.h"

namespace gateway {

namespace {

constexpr std::size_t kShortestSecret = 8;
constexpr std::size_t kShortestKeyTail = 12;

// How the keys of providers and of this gateway begin. Longer prefixes need no own row.
constexpr std::array<std::string_view, 14> kPrefixes = {"sk-",    "tp-",   "pk-",  "rk-", "AIza",
                                                        "gsk_",   "xai-",  "hf_",  "r8_", "AKIA",
                                                        "nvapi-", "pplx-", "csk-", "fw_"};
// What stands before a secret that has no prefix of its own.
constexpr std::array<std::string_view, 8> kIntroductions = {
    "bearer ", "basic ", "?key=", "&key=", "api_key=", "access_token=", "&token=", "?token="};

bool isKeyByte(char c)
{
    return isAsciiAlnum(c) || c == '-' || c == '_';
}

bool isSecretByte(char c)
{
    return isKeyByte(c) || c == '.' || c == '~' || c == '+' || c == '/' || c == '=' || c == '%';
}

std::size_t runLength(std::string_view text, bool (*belongs)(char))
{
    const auto end = std::find_if_not(text.begin(), text.end(), belongs);
    return static_cast<std::size_t>(end - text.begin());
}

/// Length of a key that begins at `at`, 0 when there is none.
std::size_t keyLength(std::string_view text, std::size_t at)
{
    if (at > 0 && isKeyByte(text[at - 1])) return 0;
    const std::string_view rest = text.substr(at);
    for (const std::string_view prefix : kPrefixes) {
        if (!rest.starts_with(prefix)) continue;
        const std::size_t tail = runLength(rest.substr(prefix.size()), isKeyByte);
        if (tail >= kShortestKeyTail) return prefix.size() + tail;
    }
    return 0;
}

/// Length of the words before a secret, 0 when none stand at `at`.
std::size_t introductionLength(std::string_view text, std::size_t at)
{
    for (const std::string_view words : kIntroductions) {
        if (text.size() - at > words.size() && equalsIgnoreCase(text.substr(at, words.size()), words))
            return words.size();
    }
    return 0;
}

/// Tells a secret from the next word of a sentence ("bearer authentication").
bool looksRandom(std::string_view token)
{
    return token.size() >= 24 ||
           (token.size() >= kShortestSecret && std::any_of(token.begin(), token.end(), isAsciiDigit));
}

void replaceAll(std::string& text, std::string_view what)
{
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + kRedacted.size()))
        text.replace(at, what.size(), kRedacted);
}

/// A text that was cut may end in the middle of one.
void replaceCutEnd(std::string& text, std::string_view what)
{
    if (what.size() <= kShortestSecret) return;
    for (std::size_t size = std::min(what.size() - 1, text.size()); size >= kShortestSecret; --size) {
        if (!text.ends_with(what.substr(0, size))) continue;
        text.resize(text.size() - size);
        text += kRedacted;
        return;
    }
}

/// Base64 without padding and without the last character: that one depends on what follows.
std::string encodedStem(std::string encoded)
{
    while (!encoded.empty() && encoded.back() == '=')
        encoded.pop_back();
    if (!encoded.empty()) encoded.pop_back();
    return encoded;
}

} // namespace

std::string withoutSecrets(std::string_view text, std::span<const std::string_view> secrets)
{
    std::string result(text);
    const auto take = [&result](std::string_view what) {
        replaceAll(result, what);
        replaceCutEnd(result, what);
    };
    for (const std::string_view secret : secrets) {
        if (secret.size() < kShortestSecret) continue;
        take(secret);
        take(encodedStem(base64(secret)));
        take(encodedStem(base64Url(secret)));
    }
    return result;
}

std::string withoutKeys(std::string_view text)
{
    std::string result;
    result.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        if (const std::size_t key = keyLength(text, at); key != 0) {
            result += kRedacted;
            at += key;
            continue;
        }
        const std::size_t words = introductionLength(text, at);
        const std::size_t token = words == 0 ? 0 : runLength(text.substr(at + words), isSecretByte);
        if (looksRandom(text.substr(at + words, token))) {
            result.append(text, at, words).append(kRedacted);
            at += words + token;
            continue;
        }
        result += text[at++];
    }
    return result;
}

} // namespace gateway
