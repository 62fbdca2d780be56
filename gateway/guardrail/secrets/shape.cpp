// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/secrets/shape.h"

#include <algorithm>
#include <charconv>

namespace gateway::guardrail {

namespace {

constexpr std::size_t kLongestPiece = 4096;

void addRange(ByteSet& bytes, unsigned char first, unsigned char last)
{
    for (std::size_t byte = first; byte <= last; ++byte)
        bytes.set(byte);
}

std::size_t numberAt(std::string_view written, std::size_t& place)
{
    std::size_t number = 0;
    const char* const end = written.data() + written.size();
    place =
        static_cast<std::size_t>(std::from_chars(written.data() + place, end, number).ptr - written.data());
    return number;
}

std::string_view moreOfClass(char name)
{
    switch (name) {
    case 'W':
        return "_";
    case 'w':
        return "_-";
    case 'g':
        return "_-=";
    case 'x':
        return "_-.";
    case 'b':
        return "+/=";
    case 'z':
        return "_-+/=";
    default:
        return "";
    }
}

} // namespace

ByteSet bytesOfClass(char name)
{
    ByteSet bytes;
    if (std::string_view("dhHulaWwgxbz").find(name) != std::string_view::npos) addRange(bytes, '0', '9');
    if (std::string_view("hH").find(name) != std::string_view::npos) addRange(bytes, 'a', 'f');
    if (name == 'H') addRange(bytes, 'A', 'F');
    if (std::string_view("lcaWwgxbz").find(name) != std::string_view::npos) addRange(bytes, 'a', 'z');
    if (std::string_view("ucaWwgxbz").find(name) != std::string_view::npos) addRange(bytes, 'A', 'Z');
    for (const char byte : moreOfClass(name))
        bytes.set(static_cast<unsigned char>(byte));
    return bytes;
}

Shape::Shape(std::string_view written)
{
    for (std::size_t i = 0; i < written.size();) {
        if (written[i] == '\'') {
            for (++i; i < written.size() && written[i] != '\''; ++i) {
                Piece& piece = m_pieces.emplace_back(Piece{{}, 1, 1});
                piece.bytes.set(static_cast<unsigned char>(written[i]));
            }
            ++i;
            continue;
        }
        Piece& piece = m_pieces.emplace_back(Piece{bytesOfClass(written[i]), 1, 1});
        if (++i >= written.size() || written[i] != '{') continue;
        piece.least = piece.most = numberAt(written, ++i);
        if (i < written.size() && written[i] == ',') {
            ++i;
            piece.most = written[i] == '}' ? kLongestPiece : numberAt(written, i);
        }
        ++i; // the closing brace
    }
}

std::size_t Shape::matchEnd(std::string_view text, std::size_t from) const
{
    std::size_t place = from;
    for (const Piece& piece : m_pieces) {
        const std::size_t last = std::min(text.size(), place + piece.most);
        const std::size_t start = place;
        while (place < last && piece.bytes.test(static_cast<unsigned char>(text[place])))
            ++place;
        if (place - start < piece.least) return std::string_view::npos;
    }
    // What goes on in the same way is something else, or longer than a service makes it.
    if (place < text.size()) {
        const auto next = static_cast<unsigned char>(text[place]);
        if (m_pieces.back().bytes.test(next) || bytesOfClass('W').test(next)) return std::string_view::npos;
    }
    return place;
}

} // namespace gateway::guardrail
