// SPDX-License-Identifier: GPL-3.0-or-later
#include "meaning/pieces.h"

#include <algorithm>
#include <limits>
#include <string>

namespace gateway::meaning {

namespace {

constexpr std::string_view kSpace = "\xE2\x96\x81"; // stands for a space, and before the first word

std::size_t characterSize(unsigned char first)
{
    if (first < 0x80) return 1;
    if (first < 0xE0) return 2;
    return first < 0xF0 ? 3 : 4;
}

std::string marked(std::string_view text)
{
    std::string out(kSpace);
    for (const char each : text) {
        if (each == ' ')
            out.append(kSpace);
        else
            out.push_back(each);
    }
    return out;
}

/// The best way to get to a place in the text.
struct Step {
    float score = -std::numeric_limits<float>::infinity();
    std::size_t from = 0;
    std::uint32_t id = 0;
};

class PieceCut {
public:
    PieceCut(const Pieces& pieces, std::string_view text)
        : m_pieces(pieces), m_text(text), m_steps(text.size() + 1)
    {
        m_steps[0].score = 0;
        for (std::size_t at = 0; at < text.size(); at += sizeAt(at)) {
            if (!isReached(at)) continue;
            if (!goOnWithPieces(at)) reach(at, at + sizeAt(at), 0, 0);
        }
    }

    [[nodiscard]] std::vector<std::uint32_t> ids() const
    {
        std::vector<std::uint32_t> found;
        for (std::size_t at = m_text.size(); at > 0; at = m_steps[at].from) {
            if (m_steps[at].id != 0 || found.empty() || found.back() != 0) found.push_back(m_steps[at].id);
        }
        std::reverse(found.begin(), found.end());
        return found;
    }

private:
    [[nodiscard]] bool isReached(std::size_t at) const
    {
        return m_steps[at].score > -std::numeric_limits<float>::infinity();
    }
    [[nodiscard]] std::size_t sizeAt(std::size_t at) const
    {
        return std::min(characterSize(static_cast<unsigned char>(m_text[at])), m_text.size() - at);
    }

    void reach(std::size_t from, std::size_t to, float score, std::uint32_t id)
    {
        const float whole = m_steps[from].score + score;
        if (whole >= m_steps[to].score) m_steps[to] = {whole, from, id};
    }

    /// All pieces that stand at that place. False: none does.
    bool goOnWithPieces(std::size_t at)
    {
        bool any = false;
        std::size_t first = 0, end = m_pieces.size();
        for (std::size_t size = 1; at + size <= m_text.size() && first < end; ++size) {
            narrow(first, end, size - 1, m_text[at + size - 1]);
            // The shortest of those that begin alike is the first.
            if (first == end || m_pieces.at(first).size() != size) continue;
            reach(at, at + size, m_pieces.scores[first], m_pieces.ids[first]);
            any = true;
        }
        return any;
    }

    /// Leaves those whose byte at that place is that one.
    void narrow(std::size_t& first, std::size_t& end, std::size_t place, char byte) const
    {
        const auto rank = [this, place](std::size_t piece) {
            const std::string_view text = m_pieces.at(piece);
            return place < text.size() ? static_cast<int>(static_cast<unsigned char>(text[place])) : -1;
        };
        const int wanted = static_cast<unsigned char>(byte);
        const auto search = [&](int above) {
            std::size_t low = first, high = end;
            while (low < high) {
                const std::size_t middle = low + (high - low) / 2;
                if (rank(middle) < above)
                    low = middle + 1;
                else
                    high = middle;
            }
            return low;
        };
        const std::size_t from = search(wanted), to = search(wanted + 1);
        first = from;
        end = to;
    }

    const Pieces& m_pieces;
    std::string_view m_text;
    std::vector<Step> m_steps;
};

} // namespace

std::vector<std::uint32_t> piecesOf(const Pieces& pieces, std::string_view text, std::size_t most)
{
    if (text.empty()) return {};
    std::vector<std::uint32_t> ids = PieceCut(pieces, marked(text)).ids();
    if (ids.size() > most) ids.resize(most);
    return ids;
}

} // namespace gateway::meaning
