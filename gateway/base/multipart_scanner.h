// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// Finds the plain fields of a multipart/form-data body (RFC 7578) while its bytes go by, in time linear in
/// them however they are cut. Keeps what is unfinished of a part's head, and the values of small fields; of a
/// file only its name. Lives on one thread.
class MultipartScanner {
public:
    struct Field {
        std::string name;
        bool isFile = false;     // it has a file's name
        bool isWhole = true;     // false: the value is longer than what is kept
        std::string value;       // of a field that is no file
        std::uint64_t begin = 0; // where its content begins in the body, and ends
        std::uint64_t end = 0;
    };
    enum class State : std::uint8_t { Undecided, Before, Head, Content, Done, Bad };

    static constexpr std::size_t kMaxHead = std::size_t{16} * 1024;
    static constexpr std::size_t kMaxValue = std::size_t{4} * 1024;
    static constexpr std::size_t kMaxFields = 256;

    /// `boundary` is the parameter of the Content-Type, without quotes.
    explicit MultipartScanner(std::string_view boundary);

    /// False when this is no such body; then nothing more is taken.
    bool feed(std::string_view bytes);
    [[nodiscard]] State state() const { return m_state; }
    /// Those that are complete, in order.
    [[nodiscard]] const std::vector<Field>& fields() const { return m_fields; }
    /// The first of that name, null while it has not come.
    [[nodiscard]] const Field* find(std::string_view name) const;
    [[nodiscard]] std::size_t count(std::string_view name) const;

private:
    /// Takes what can be told of `input`; the number of bytes that are done with.
    std::size_t step(std::string_view input);
    std::size_t readHead(std::string_view input);
    std::size_t readContent(std::string_view input);
    std::size_t fail();
    void keep(std::string_view content);

    std::string m_delimiter; // CRLF, two dashes, boundary
    std::string m_pending;
    std::uint64_t m_at = 0; // bytes done with
    State m_state = State::Before;
    Field m_field;
    std::vector<Field> m_fields;
};

/// The boundary in a Content-Type of multipart/form-data; nothing for other types or a boundary that RFC 2046
/// does not allow.
[[nodiscard]] std::optional<std::string> multipartBoundary(std::string_view contentType);

} // namespace gateway
