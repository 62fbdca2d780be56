// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/reply_head.h"

#include <algorithm>
#include <charconv>
#include <ctime>

#include <boost/beast/http/basic_parser.hpp>

#include "base/head_scan.h"
#include "base/strings.h"

namespace gateway::upstream {

namespace http = boost::beast::http;

namespace {

constexpr std::size_t kUsualFields = 16; // found without growing
constexpr std::size_t kBareStatusLine = std::string_view("HTTP/1.1 200").size();

/// Beast's parser, keeping views into `bytes` in place of its own field container.
class ViewParser : public http::basic_parser<false> {
public:
    ViewParser(ReplyHead& head, std::string_view bytes) : m_head(head), m_bytes(bytes) {}

    void parse(boost::beast::error_code& error)
    {
        header_limit(static_cast<std::uint32_t>(m_bytes.size()) + 2);
        body_limit(boost::none);
        // Beast wants the space before an empty reason, which many servers leave out.
        const bool bare = m_bytes.substr(kBareStatusLine, 2) == "\r\n";
        if (bare) {
            m_padded = m_bytes;
            m_padded.insert(kBareStatusLine, 1, ' ');
        }
        const std::string_view input = bare ? std::string_view(m_padded) : m_bytes;
        put(boost::asio::const_buffer(input.data(), input.size()), error);
    }

protected:
    void on_request_impl(http::verb, boost::beast::string_view, boost::beast::string_view, int,
                         boost::beast::error_code&) override
    {
    }
    void on_response_impl(int status, boost::beast::string_view, int version,
                          boost::beast::error_code&) override
    {
        m_head.status = status;
        m_head.keepAlive = version == 11;
    }
    void on_field_impl(http::field, boost::beast::string_view name, boost::beast::string_view value,
                       boost::beast::error_code&) override
    {
        if (m_head.fields.empty()) m_head.fields.reserve(kUsualFields);
        m_head.fields.emplace_back(inBytes(name), inBytes(value));
    }
    void on_header_impl(boost::beast::error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, boost::beast::error_code&) override {}
    std::size_t on_body_impl(boost::beast::string_view, boost::beast::error_code&) override { return 0; }
    void on_chunk_header_impl(std::uint64_t, boost::beast::string_view, boost::beast::error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, boost::beast::string_view,
                                   boost::beast::error_code&) override
    {
        return 0;
    }
    void on_finish_impl(boost::beast::error_code&) override {}

private:
    [[nodiscard]] std::string_view inBytes(boost::beast::string_view part) const
    {
        if (m_padded.empty()) return {part.data(), part.size()};
        if (part.empty()) return {};
        return m_bytes.substr(static_cast<std::size_t>(part.data() - m_padded.data()) - 1, part.size());
    }

    ReplyHead& m_head;
    std::string_view m_bytes;
    std::string m_padded;
};

Error invalid(const std::string& what)
{
    return upstreamError(Code::UpstreamInvalidResponse, Retry::NextTarget,
                         "The provider's answer is not valid HTTP/1.1: " + what + ".");
}

void readFraming(ReplyHead& head)
{
    bool closes = false; // holds whatever else is said (RFC 9112, section 9.3)
    for (const auto& [name, value] : head.fields) {
        if (equalsIgnoreCase(name, "content-length")) {
            std::uint64_t length = 0;
            std::from_chars(value.data(), value.data() + value.size(), length);
            head.contentLength = length;
        } else if (equalsIgnoreCase(name, "transfer-encoding")) {
            head.chunked = true;
        } else if (equalsIgnoreCase(name, "content-type")) {
            head.contentType = value;
        } else if (equalsIgnoreCase(name, "content-encoding")) {
            head.contentEncoding = equalsIgnoreCase(value, "identity") ? std::string_view() : value;
        } else if (equalsIgnoreCase(name, "connection")) {
            for (const std::string_view option : splitAt(value, ',')) {
                closes = closes || equalsIgnoreCase(trimmed(option), "close");
                if (equalsIgnoreCase(trimmed(option), "keep-alive")) head.keepAlive = true;
            }
        }
    }
    if (closes || (!head.chunked && !head.contentLength)) head.keepAlive = false;
}

} // namespace

std::string_view ReplyHead::field(std::string_view name) const
{
    for (const auto& [key, value] : fields) {
        if (key.size() == name.size() && equalsIgnoreCase(key, name)) return value;
    }
    return {};
}

std::optional<std::int64_t> ReplyHead::retryAfterMs(std::int64_t nowSeconds) const
{
    const auto number = [](std::string_view text) -> std::optional<double> {
        double value = 0;
        const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
        if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size() ||
            !(value >= 0))
            return std::nullopt;
        return std::min(value, 1e9);
    };
    if (const auto ms = number(field("retry-after-ms"))) return static_cast<std::int64_t>(*ms);
    const std::string_view text = field("retry-after");
    if (const auto secondsToWait = number(text)) return static_cast<std::int64_t>(*secondsToWait * 1000);
    std::tm when{};
    if (!text.empty() && strptime(std::string(text).c_str(), "%a, %d %b %Y %H:%M:%S GMT", &when))
        return std::max<std::int64_t>(0, timegm(&when) - nowSeconds) * 1000;
    return std::nullopt;
}

Outcome parseReplyHead(std::string_view bytes, ReplyHead& into)
{
    into = ReplyHead{};
    HeadLimits limits;
    if (const auto problem = scanResponseHead(bytes, limits)) {
        if (problem->fault == HeadFault::HeadersTooLarge || problem->fault == HeadFault::TooManyFields)
            return upstreamError(Code::UpstreamResponseTooLarge, Retry::NextTarget,
                                 "The provider's answer has too many or too large header fields.");
        return invalid("its head is malformed at byte " + std::to_string(problem->offset));
    }
    ViewParser parser(into, bytes);
    boost::beast::error_code error;
    parser.parse(error);
    if (error && error != http::error::need_more) return invalid(error.message());
    readFraming(into);
    return Done{};
}

} // namespace gateway::upstream
