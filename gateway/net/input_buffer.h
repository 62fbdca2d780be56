// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstring>
#include <memory>
#include <string_view>

#include <boost/asio/buffer.hpp>

namespace gateway::net {

/// Bytes read and not yet used, contiguous. Starts small, since thousands of quiet streams keep one each, and
/// grows when a read fills it.
class InputBuffer {
public:
    static constexpr std::size_t kSmall = std::size_t{3} * 1024;
    static constexpr std::size_t kLarge = std::size_t{64} * 1024;
    static constexpr std::size_t kMostKept = std::size_t{16} * 1024;

    [[nodiscard]] std::string_view view() const { return {m_bytes.get() + m_begin, m_end - m_begin}; }
    [[nodiscard]] bool empty() const { return m_begin == m_end; }
    /// Leaves the rest where it is, since a read behind it may be under way.
    void consume(std::size_t n) { m_begin += n; }

    /// Room for the next read. Moves bytes; views taken before are void.
    [[nodiscard]] boost::asio::mutable_buffer prepare()
    {
        const std::size_t kept = m_end - m_begin;
        if (kept == 0 && !m_filled) rest();
        std::size_t wanted = m_capacity ? m_capacity : kSmall;
        if (m_filled && wanted < kLarge) wanted = kLarge;
        while (wanted - kept < wanted / 4)
            wanted *= 2;
        if (wanted > m_capacity) {
            std::unique_ptr<char[]> larger(new char[wanted]);
            if (kept) std::memcpy(larger.get(), m_bytes.get() + m_begin, kept); // no bytes: no source either
            m_bytes = std::move(larger);
            m_capacity = wanted;
        } else if (m_begin) {
            std::memmove(m_bytes.get(), m_bytes.get() + m_begin, kept);
        }
        m_begin = 0;
        m_end = kept;
        return {m_bytes.get() + m_end, m_capacity - m_end};
    }
    void commit(std::size_t n)
    {
        m_end += n;
        m_filled = m_end == m_capacity;
    }
    /// Gives a large buffer back when a connection falls quiet. Not while a read into it is under way.
    void rest()
    {
        if (empty() && m_capacity > kMostKept) {
            m_bytes.reset();
            m_capacity = m_begin = m_end = 0;
            m_filled = false;
        }
    }

private:
    std::unique_ptr<char[]> m_bytes;
    std::size_t m_capacity = 0, m_begin = 0, m_end = 0;
    bool m_filled = false;
};

} // namespace gateway::net
