// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/aws_event_scanner.h"

#include <algorithm>
#include <optional>

#include "base/crc32.h"
#include "base/json_text.h"

namespace gateway {
namespace {

constexpr std::size_t kPreludeBytes = 12; // length of all, length of the headers, CRC of these two
constexpr std::size_t kCrcBytes = 4;
constexpr unsigned kStringType = 7;

std::uint32_t numberAt(std::string_view bytes, std::size_t at)
{
    std::uint32_t value = 0;
    for (std::size_t i = at; i < at + 4; ++i) {
        value = value << 8 | static_cast<unsigned char>(bytes[i]);
    }
    return value;
}

void appendNumber(std::string& out, std::uint32_t value, int bytes = 4)
{
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
        out += static_cast<char>(value >> shift & 0xFFU);
    }
}

/// Takes the first `size` bytes; nothing when there are fewer.
std::optional<std::string_view> take(std::string_view& bytes, std::size_t size)
{
    if (bytes.size() < size) return std::nullopt;
    const std::string_view taken = bytes.substr(0, size);
    bytes.remove_prefix(size);
    return taken;
}

std::optional<std::string_view> takeCounted(std::string_view& bytes, std::size_t countBytes)
{
    const auto count = take(bytes, countBytes);
    if (!count) return std::nullopt;
    std::size_t size = 0;
    for (const char byte : *count) {
        size = size << 8 | static_cast<unsigned char>(byte);
    }
    return take(bytes, size);
}

/// The value of a header of that type; nothing for a type that is unknown or not all there.
std::optional<std::string_view> takeValue(std::string_view& bytes, unsigned type)
{
    switch (type) {
    case 0: // true
    case 1: // false
        return std::string_view();
    case 2: // byte
        return take(bytes, 1);
    case 3: // short
        return take(bytes, 2);
    case 4: // integer
        return take(bytes, 4);
    case 5: // long
    case 8: // timestamp
        return take(bytes, 8);
    case 6: // byte array
    case kStringType:
        return takeCounted(bytes, 2);
    case 9: // UUID
        return take(bytes, 16);
    default:
        return std::nullopt;
    }
}

struct Headers {
    std::string_view messageType, eventType, exceptionType, errorCode, errorMessage;
};

void note(Headers& headers, std::string_view name, std::string_view value)
{
    if (name == ":message-type") headers.messageType = value;
    if (name == ":event-type") headers.eventType = value;
    if (name == ":exception-type") headers.exceptionType = value;
    if (name == ":error-code") headers.errorCode = value;
    if (name == ":error-message") headers.errorMessage = value;
}

std::optional<Headers> readHeaders(std::string_view bytes)
{
    Headers headers;
    while (!bytes.empty()) {
        const auto name = takeCounted(bytes, 1);
        if (!name || name->empty()) return std::nullopt;
        const auto type = take(bytes, 1);
        if (!type) return std::nullopt;
        const auto number = static_cast<unsigned char>(type->front());
        const auto value = takeValue(bytes, number);
        if (!value) return std::nullopt;
        if (number == kStringType) note(headers, *name, *value);
    }
    return headers;
}

void appendHeader(std::string& out, std::string_view name, std::string_view value)
{
    appendNumber(out, static_cast<std::uint32_t>(name.size()), 1);
    out += name;
    out += static_cast<char>(kStringType);
    appendNumber(out, static_cast<std::uint32_t>(value.size()), 2);
    out += value;
}

void appendMessage(std::string& out, std::string_view headers, std::string_view payload)
{
    std::string message;
    const std::size_t size = kPreludeBytes + headers.size() + payload.size() + kCrcBytes;
    message.reserve(size);
    appendNumber(message, static_cast<std::uint32_t>(size));
    appendNumber(message, static_cast<std::uint32_t>(headers.size()));
    appendNumber(message, crc32(message));
    message.append(headers).append(payload);
    appendNumber(message, crc32(message));
    out += message;
}

} // namespace

bool AwsEventScanner::refuse(State why)
{
    m_state = why;
    m_pending.clear();
    return false;
}

/// Completes the prelude in m_pending and learns the message's length from it. The length is believed only
/// when its checksum holds: a damaged one could make us wait for bytes that never come.
bool AwsEventScanner::takePrelude(std::string_view& bytes)
{
    const std::size_t missing = std::min(kPreludeBytes - m_pending.size(), bytes.size());
    m_pending.append(bytes.substr(0, missing));
    bytes.remove_prefix(missing);
    if (m_pending.size() < kPreludeBytes) return false;
    const std::size_t size = numberAt(m_pending, 0);
    const std::size_t headerBytes = numberAt(m_pending, 4);
    const std::string_view lengths = std::string_view(m_pending).substr(0, 8);
    if (crc32(lengths) != numberAt(m_pending, 8) || size < kPreludeBytes + kCrcBytes ||
        headerBytes > size - kPreludeBytes - kCrcBytes) {
        return refuse(State::Damaged);
    }
    if (size > m_maxMessageBytes) return refuse(State::TooLarge);
    m_messageBytes = size;
    return true;
}

bool AwsEventScanner::next(std::string_view& bytes, SseEvent& event)
{
    if (m_pendingGiven) {
        m_pending.clear();
        m_pendingGiven = false;
    }
    if (m_state != State::Scanning || bytes.empty()) return false;
    if (m_messageBytes == 0 && !takePrelude(bytes)) return false;
    const std::size_t missing = std::min(m_messageBytes - m_pending.size(), bytes.size());
    m_pending.append(bytes.substr(0, missing));
    bytes.remove_prefix(missing);
    if (m_pending.size() < m_messageBytes) return false;
    m_messageBytes = 0;
    m_pendingGiven = true;
    return deliver(m_pending, event);
}

bool AwsEventScanner::deliver(std::string_view message, SseEvent& event)
{
    const std::size_t end = message.size() - kCrcBytes;
    const std::size_t headerBytes = numberAt(message, 4);
    if (crc32(message.substr(0, end)) != numberAt(message, end)) return refuse(State::Damaged);
    const auto headers = readHeaders(message.substr(kPreludeBytes, headerBytes));
    if (!headers) return refuse(State::Damaged);
    event = {};
    event.raw = message;
    event.data = message.substr(kPreludeBytes + headerBytes, end - kPreludeBytes - headerBytes);
    event.name = headers->eventType;
    if (headers->messageType == "exception" || headers->messageType == "error") {
        event.failed = true;
        event.name = headers->messageType == "error" ? headers->errorCode : headers->exceptionType;
        if (event.data.empty()) {
            m_told.clear();
            JsonWriter(m_told).beginObject().key("message").string(headers->errorMessage).endObject();
            event.data = m_told;
        }
    }
    event.hasData = !event.data.empty();
    return true;
}

void appendAwsEvent(std::string& out, std::string_view type, std::string_view payload)
{
    std::string headers;
    appendHeader(headers, ":event-type", type);
    appendHeader(headers, ":content-type", "application/json");
    appendHeader(headers, ":message-type", "event");
    appendMessage(out, headers, payload);
}

void appendAwsException(std::string& out, std::string_view type, std::string_view payload)
{
    std::string headers;
    appendHeader(headers, ":exception-type", type);
    appendHeader(headers, ":content-type", "application/json");
    appendHeader(headers, ":message-type", "exception");
    appendMessage(out, headers, payload);
}

} // namespace gateway
