// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace gateway::upstream {

/// Unpacks a compressed body piece by piece, so that a small input never becomes a huge buffer at once.
class ContentDecoder {
public:
    virtual ~ContentDecoder() = default;
    /// Takes from the front of `input`, appends at most `limit` bytes to `out`. False: the data is broken.
    /// What follows the end is a further member of the same packing, or is skipped.
    virtual bool read(std::string_view& input, std::string& out, std::size_t limit) = 0;
    /// The compressed data may end here.
    [[nodiscard]] virtual bool complete() const = 0;
};

/// gzip, x-gzip, deflate, br, zstd; null for anything else.
[[nodiscard]] std::unique_ptr<ContentDecoder> makeContentDecoder(std::string_view encoding);

} // namespace gateway::upstream
