// SPDX-License-Identifier: GPL-3.0-or-later
#include "listener/request_head.h"

#include <algorithm>
#include <charconv>

#include <boost/beast/http/basic_parser.hpp>

#include "base/strings.h"

namespace gateway::listener {

namespace http = boost::beast::http;

namespace {

/// Beast's parser, keeping views into the input in place of its own field container.
class ViewParser : public http::basic_parser<true> {
public:
    explicit ViewParser(RequestHead& head) : m_head(head) {}

protected:
    void on_request_impl(http::verb, boost::beast::string_view method, boost::beast::string_view target,
                         int version, boost::beast::error_code&) override
    {
        m_head.method = {method.data(), method.size()};
        m_head.target = {target.data(), target.size()};
        m_head.http11 = version == 11;
    }
    void on_response_impl(int, boost::beast::string_view, int, boost::beast::error_code&) override {}
    void on_field_impl(http::field, boost::beast::string_view name, boost::beast::string_view value,
                       boost::beast::error_code&) override
    {
        m_head.fields.push_back({{name.data(), name.size()}, {value.data(), value.size()}});
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
    RequestHead& m_head;
};

bool hasToken(std::string_view list, std::string_view token)
{
    while (!list.empty()) {
        const auto comma = list.find(',');
        std::string_view item = list.substr(0, comma);
        while (!item.empty() && (item.front() == ' ' || item.front() == '\t'))
            item.remove_prefix(1);
        while (!item.empty() && (item.back() == ' ' || item.back() == '\t'))
            item.remove_suffix(1);
        if (equalsIgnoreCase(item, token)) return true;
        if (comma == std::string_view::npos) break;
        list.remove_prefix(comma + 1);
    }
    return false;
}

void readFraming(RequestHead& head)
{
    head.keepAlive = head.http11;
    bool upgradeAsked = false;
    bool webSocket = false;
    for (const HeaderField& field : head.fields) {
        switch (field.name.size()) {
        case 6:
            if (equalsIgnoreCase(field.name, "expect")) {
                head.expectContinue = equalsIgnoreCase(field.value, "100-continue");
                head.unknownExpectation = !head.expectContinue;
            }
            break;
        case 7:
            if (equalsIgnoreCase(field.name, "upgrade")) webSocket = hasToken(field.value, "websocket");
            break;
        case 10:
            if (equalsIgnoreCase(field.name, "connection")) {
                if (hasToken(field.value, "close")) head.keepAlive = false;
                if (!head.http11 && hasToken(field.value, "keep-alive")) head.keepAlive = true;
                upgradeAsked = upgradeAsked || hasToken(field.value, "upgrade");
            }
            break;
        case 14:
            if (equalsIgnoreCase(field.name, "content-length")) {
                head.hasContentLength = true;
                std::from_chars(field.value.data(), field.value.data() + field.value.size(),
                                head.contentLength);
            }
            break;
        case 17:
            if (equalsIgnoreCase(field.name, "transfer-encoding")) head.chunked = true;
            break;
        default:
            break;
        }
    }
    head.upgradeWebSocket = webSocket && upgradeAsked;
}

/// False when the target names another host than the Host field, or a scheme that is not ours.
bool splitTarget(RequestHead& head)
{
    std::string_view target = head.target;
    // Absolute form (RFC 9112, section 3.2.2). Of two different hosts one reader would take this, the next
    // that.
    if (const auto scheme = target.find("://"); scheme != std::string_view::npos && target.front() != '/') {
        const auto begin = scheme + 3;
        const auto end = std::min(target.find_first_of("/?", begin), target.size());
        const std::string_view authority = target.substr(begin, end - begin);
        if (!equalsIgnoreCase(target.substr(0, scheme), "http") ||
            !equalsIgnoreCase(authority, head.field("host")))
            return false;
        target.remove_prefix(end);
    }
    const auto mark = target.find('?');
    head.path = target.substr(0, mark);
    if (head.path.empty()) head.path = "/";
    head.query = mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
    return true;
}

} // namespace

std::string_view RequestHead::field(std::string_view name) const
{
    for (const HeaderField& each : fields) {
        if (each.name.size() == name.size() && equalsIgnoreCase(each.name, name)) return each.value;
    }
    return {};
}

std::string_view RequestHead::onlyField(std::string_view name) const
{
    const auto isNamed = [name](const HeaderField& each) { return equalsIgnoreCase(each.name, name); };
    return std::count_if(fields.begin(), fields.end(), isNamed) == 1 ? field(name) : std::string_view();
}

void RequestHead::clear()
{
    auto kept = std::move(fields);
    kept.clear();
    *this = RequestHead{};
    fields = std::move(kept);
}

Outcome parseRequestHead(std::string_view bytes, const HeadLimits& limits, RequestHead& into)
{
    into.clear();
    if (const auto problem = scanRequestHead(bytes, limits)) return headError(*problem);
    ViewParser parser(into);
    parser.header_limit(static_cast<std::uint32_t>(bytes.size()) + 1);
    parser.body_limit(boost::none);
    boost::beast::error_code error;
    parser.put(boost::asio::const_buffer(bytes.data(), bytes.size()), error);
    if (error && error != http::error::need_more) {
        return clientError(Code::BadRequest, "The request is not valid HTTP/1.1 (" + error.message() + ").");
    }
    readFraming(into);
    if (!splitTarget(into))
        return clientError(Code::BadRequest,
                           "The request line names another host than the Host field. Turnpike is no "
                           "proxy: use its address as the base URL.");
    return Done{};
}

Error headError(const HeadProblem& problem)
{
    switch (problem.fault) {
    case HeadFault::RequestLineTooLong:
        return clientError(Code::UriTooLong, "The request line is too long. Send parameters in the body.");
    case HeadFault::HeadersTooLarge:
    case HeadFault::TooManyFields:
        return clientError(Code::HeadersTooLarge, "The request has too many or too large header fields.");
    case HeadFault::BadTransferEncoding:
        return clientError(Code::NotImplemented, "Only `Transfer-Encoding: chunked` is understood.");
    case HeadFault::UnsupportedVersion:
        return clientError(Code::VersionNotSupported, "Only HTTP/1.1 and HTTP/1.0 are understood.");
    default:
        return clientError(Code::BadRequest, "The request is not valid HTTP/1.1 (at byte " +
                                                 std::to_string(problem.offset) +
                                                 " of its head). Check the client or a proxy in between.");
    }
}

} // namespace gateway::listener
