// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/multipart_scanner.h"

#include <algorithm>

#include "base/strings.h"

namespace gateway {

namespace {

constexpr std::size_t kMaxBoundary = 70; // RFC 2046, section 5.1.1
constexpr std::size_t kMaxName = 256;

bool isBoundaryByte(char byte)
{
    return isAsciiAlnum(byte) || std::string_view("'()+_,-./:=? ").find(byte) != std::string_view::npos;
}

/// Takes a parameter `name=value` or `name="value"` off a header's value; false at its end.
bool nextParameter(std::string_view& rest, std::string_view& name, std::string& value)
{
    const std::size_t semicolon = rest.find(';');
    if (semicolon == std::string_view::npos) return false;
    rest = trimmed(rest.substr(semicolon + 1));
    const std::size_t equals = rest.find('=');
    if (equals == std::string_view::npos) return false;
    name = trimmed(rest.substr(0, equals));
    rest.remove_prefix(equals + 1);
    value.clear();
    if (!rest.starts_with('"')) {
        value = trimmed(rest.substr(0, rest.find(';')));
        rest.remove_prefix(std::min(rest.find(';'), rest.size()));
        return true;
    }
    std::size_t at = 1;
    for (; at < rest.size() && rest[at] != '"'; ++at) {
        // Only these two are escaped so; a path of Windows has single backslashes.
        if (rest[at] == '\\' && at + 1 < rest.size() && (rest[at + 1] == '"' || rest[at + 1] == '\\')) ++at;
        value += rest[at];
    }
    if (at >= rest.size()) return false;
    rest.remove_prefix(at + 1);
    return true;
}

struct Disposition {
    std::string name;
    bool isFile = false;
};

/// Of one part; nothing where it is no form's.
std::optional<Disposition> readDisposition(std::string_view value)
{
    if (!equalsIgnoreCase(trimmed(value.substr(0, value.find(';'))), "form-data")) return std::nullopt;
    Disposition found;
    bool named = false;
    std::string_view name;
    std::string text;
    while (nextParameter(value, name, text)) {
        if (equalsIgnoreCase(name, "name")) {
            // Two names could be read as one part by some and as another by others.
            if (named || text.size() > kMaxName) return std::nullopt;
            named = true;
            found.name = text;
        }
        found.isFile = found.isFile || startsWithIgnoreCase(name, "filename");
    }
    if (!named) return std::nullopt;
    return found;
}

} // namespace

std::optional<std::string> multipartBoundary(std::string_view contentType)
{
    if (!equalsIgnoreCase(trimmed(contentType.substr(0, contentType.find(';'))), "multipart/form-data"))
        return std::nullopt;
    std::optional<std::string> found;
    std::string_view name;
    std::string value;
    while (nextParameter(contentType, name, value)) {
        if (!equalsIgnoreCase(name, "boundary")) continue;
        if (found) return std::nullopt;
        found = value;
    }
    if (!found || found->empty() || found->size() > kMaxBoundary || found->ends_with(' ') ||
        !std::all_of(found->begin(), found->end(), isBoundaryByte))
        return std::nullopt;
    return found;
}

MultipartScanner::MultipartScanner(std::string_view boundary) : m_delimiter("\r\n--" + std::string(boundary))
{
}

bool MultipartScanner::feed(std::string_view bytes)
{
    if (m_state == State::Bad) return false;
    if (m_state == State::Done) return true; // an epilogue means nothing
    m_pending.append(bytes);
    std::string_view input = m_pending;
    while (m_state != State::Done && m_state != State::Bad) {
        const State before = m_state;
        const std::size_t taken = step(input);
        input.remove_prefix(taken);
        m_at += taken;
        if (taken == 0 && m_state == before) break;
    }
    m_pending.erase(0, m_pending.size() - input.size());
    if (m_state == State::Done || m_state == State::Bad) m_pending = std::string();
    return m_state != State::Bad;
}

const MultipartScanner::Field* MultipartScanner::find(std::string_view name) const
{
    const auto found = std::find_if(m_fields.begin(), m_fields.end(),
                                    [name](const Field& field) { return field.name == name; });
    return found == m_fields.end() ? nullptr : &*found;
}

std::size_t MultipartScanner::count(std::string_view name) const
{
    return static_cast<std::size_t>(std::count_if(m_fields.begin(), m_fields.end(),
                                                  [name](const Field& field) { return field.name == name; }));
}

std::size_t MultipartScanner::fail()
{
    m_state = State::Bad;
    return 0;
}

std::size_t MultipartScanner::step(std::string_view input)
{
    switch (m_state) {
    case State::Before: {
        // No client sends a preamble, and whatever stood there two readers could take for different things.
        const std::string_view first = std::string_view(m_delimiter).substr(2);
        const std::size_t known = std::min(first.size(), input.size());
        if (input.substr(0, known) != first.substr(0, known)) return fail();
        if (known < first.size()) return 0;
        m_state = State::Head;
        return known;
    }
    case State::Head:
        return readHead(input);
    case State::Content:
        return readContent(input);
    default:
        return 0;
    }
}

/// What follows a delimiter: the end, or a line end and the part's fields up to an empty line.
std::size_t MultipartScanner::readHead(std::string_view input)
{
    if (input.size() < 2) return 0;
    if (input.starts_with("--")) {
        m_state = State::Done;
        return 2;
    }
    if (!input.starts_with("\r\n")) return fail();
    const std::size_t end = input.substr(0, kMaxHead).find("\r\n\r\n");
    if (end == std::string_view::npos) return input.size() < kMaxHead ? 0 : fail();
    std::string_view lines = input.substr(2, end < 2 ? 0 : end - 2);
    std::optional<Disposition> disposition;
    while (!lines.empty()) {
        const std::string_view line = lines.substr(0, lines.find("\r\n"));
        lines.remove_prefix(std::min(line.size() + 2, lines.size()));
        const std::size_t colon = line.find(':');
        if (colon == std::string_view::npos) return fail();
        if (!equalsIgnoreCase(line.substr(0, colon), "content-disposition")) continue;
        if (disposition) return fail();
        disposition = readDisposition(trimmed(line.substr(colon + 1)));
        if (!disposition) return fail();
    }
    if (!disposition || m_fields.size() >= kMaxFields) return fail();
    m_field = Field();
    m_field.name = std::move(disposition->name);
    m_field.isFile = disposition->isFile;
    m_field.begin = m_at + end + 4;
    m_state = State::Content;
    return end + 4;
}

std::size_t MultipartScanner::readContent(std::string_view input)
{
    const std::size_t found = input.find(m_delimiter);
    if (found == std::string_view::npos) {
        const std::size_t sure = input.size() - std::min(m_delimiter.size() - 1, input.size());
        keep(input.substr(0, sure));
        return sure;
    }
    keep(input.substr(0, found));
    m_field.end = m_at + found;
    m_fields.push_back(std::move(m_field));
    m_state = State::Head;
    return found + m_delimiter.size();
}

void MultipartScanner::keep(std::string_view content)
{
    if (m_field.isFile) return;
    const std::size_t room = kMaxValue - m_field.value.size();
    m_field.value.append(content.substr(0, room));
    m_field.isWhole = m_field.isWhole && content.size() <= room;
}

} // namespace gateway
