// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/secrets/blocks.h"

#include <algorithm>

#include "base/base64.h"
#include "guardrail/secrets/likeness.h"
#include "guardrail/secrets/shape.h"

namespace gateway::guardrail {

namespace {

constexpr std::size_t kLongestHeader = 100;
constexpr std::size_t kLeastBody = 40;
constexpr std::size_t kLongRun = 32; // of base64: longer than words
constexpr std::size_t kLineRun = 16;
constexpr std::string_view kBlockEnds = "-----END";

/// What may stand in a block: base64, the lines of its head, line ends in any spelling.
ByteSet blockBytes()
{
    ByteSet bytes = bytesOfClass('z');
    for (const char byte : std::string_view(" \t\r\n\\:,.()"))
        bytes.set(static_cast<unsigned char>(byte));
    return bytes;
}

struct Block {
    bool isKey = false;
    std::size_t end = 0;
    std::size_t body = 0; // bytes that are not white
    std::size_t read = 0; // how far it was looked at
    std::size_t longestRun = 0;
    bool finished = false;
    bool open = false; // the text ends before it does
};

Block blockAt(std::string_view text, std::size_t place)
{
    static const ByteSet kBytes = blockBytes();
    Block block;
    std::size_t head = place + kBlockBegins.size();
    const std::size_t last = std::min(text.size(), head + kLongestHeader);
    const std::size_t name = head;
    while (head < last &&
           (bytesOfClass('u').test(static_cast<unsigned char>(text[head])) || text[head] == ' '))
        ++head;
    block.isKey = text.substr(name, head - name).find("PRIVATE KEY") != std::string_view::npos;
    block.end = head;
    const std::string_view dashes = text.substr(head, 5);
    if (dashes != std::string_view("-----").substr(0, dashes.size()) || head - name >= kLongestHeader)
        return block;
    block.open = head + 5 > text.size();
    if (block.open || !block.isKey) return block;
    std::size_t at = head + 5;
    std::size_t run = 0;
    bool behindLine = false; // what follows a line of a key is its last, even if it is short
    for (; at < text.size() && kBytes.test(static_cast<unsigned char>(text[at])); ++at) {
        if (text[at] == '-' && text.substr(at, kBlockEnds.size()) == kBlockEnds) {
            block.finished = true;
            block.read = at;
            const std::size_t closing = text.find("-----", at + kBlockEnds.size());
            block.open = closing == std::string_view::npos && text.size() - at < kLongestHeader;
            block.end = closing == std::string_view::npos || closing - at > kLongestHeader
                            ? std::min(text.size(), at + kBlockEnds.size())
                            : closing + 5;
            return block;
        }
        if (text[at] <= ' ' || text[at] == '\\') {
            if (run > 0) behindLine = run >= kLineRun;
            run = 0;
            continue;
        }
        ++block.body;
        block.longestRun = std::max(block.longestRun, ++run);
        if (run >= kLineRun || behindLine) block.end = at + 1;
    }
    block.read = at;
    block.open = at == text.size();
    return block;
}

bool isOf(const ByteSet& bytes, char byte)
{
    return bytes.test(static_cast<unsigned char>(byte));
}

} // namespace

std::optional<Found> privateKeyAt(std::string_view text, std::size_t place, std::size_t& read)
{
    if (place < read) return std::nullopt;
    const Block block = blockAt(text, place);
    read = std::max({read, block.end, block.read});
    const bool isLong = block.finished ? block.body >= kLeastBody : block.longestRun >= kLongRun;
    if (!block.isKey || !isLong) return std::nullopt;
    return Found{place, block.end - place, "private_key"};
}

bool isBlockOpen(std::string_view text, std::size_t place)
{
    return blockAt(text, place).open;
}

std::optional<Found> urlPasswordAt(std::string_view text, std::size_t place)
{
    static const ByteSet kScheme = bytesOfClass('l');
    if (place == 0 || !isOf(kScheme, text[place - 1])) return std::nullopt;
    const auto ends = [](char byte) {
        return static_cast<unsigned char>(byte) <= ' ' ||
               std::string_view("/\"'`<>(){}[],;\\|@").find(byte) != std::string_view::npos;
    };
    const std::size_t user = place + 3;
    std::size_t colon = user;
    while (colon < text.size() && colon - user < 64 && text[colon] != ':' && !ends(text[colon]))
        ++colon;
    if (colon >= text.size() || text[colon] != ':') return std::nullopt;
    std::size_t at = colon + 1;
    while (at < text.size() && at - colon < 200 && !ends(text[at]))
        ++at;
    if (at + 1 >= text.size() || text[at] != '@' || ends(text[at + 1])) return std::nullopt;
    const std::string_view password = text.substr(colon + 1, at - colon - 1);
    const bool standIn = isPlaceholder(password) || password.front() == '$' || password.front() == '%' ||
                         password == text.substr(user, colon - user);
    if (password.size() < 4 || standIn || entropyOf(password) < 1.5) return std::nullopt;
    if (password == "pass" || password == "secret") return std::nullopt;
    return Found{colon + 1, password.size(), "connection_password"};
}

std::optional<Found> webTokenAt(std::string_view text, std::size_t place)
{
    static const ByteSet kPart = bytesOfClass('w');
    if (place > 0 && isOf(kPart, text[place - 1])) return std::nullopt;
    const auto partEnd = [&text](std::size_t from) {
        while (from < text.size() && isOf(kPart, text[from]))
            ++from;
        return from;
    };
    const std::size_t head = partEnd(place);
    if (head >= text.size() || text[head] != '.' || head - place > 1024) return std::nullopt;
    const std::size_t claims = partEnd(head + 1);
    if (claims - head < 11 || claims >= text.size() || text[claims] != '.') return std::nullopt;
    const std::size_t end = partEnd(claims + 1);
    if (end - claims < 11) return std::nullopt;
    const auto header = fromBase64(text.substr(place, head - place));
    if (!header || header->find("\"alg\"") == std::string::npos) return std::nullopt;
    return Found{place, end - place, "jwt"};
}

} // namespace gateway::guardrail
