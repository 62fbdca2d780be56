// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <charconv>
#include <utility>

#include "base/strings.h"
#include "guardrail/check_kind.h"

namespace gateway::guardrail {

namespace {

/// A host that could be one: labels of letters, digits and dashes, or an address in brackets. No look-up.
bool isHostText(std::string_view host)
{
    if (host.size() > 253 || host.empty()) return false;
    if (host.front() == '[') return host.back() == ']' && host.size() > 3;
    for (const std::string_view label : splitAt(host, '.')) {
        const bool isLabel = !label.empty() && label.size() <= 63 && label.front() != '-' &&
                             label.back() != '-' && std::all_of(label.begin(), label.end(), [](char c) {
                                 return isAsciiAlnum(c) || c == '-' || static_cast<unsigned char>(c) >= 0x80;
                             });
        if (!isLabel) return false;
    }
    return true;
}

bool isUrlText(std::string_view url)
{
    url.remove_prefix(url.find("://") + 3);
    std::string_view authority = url.substr(0, url.find_first_of("/?#"));
    if (const auto user = authority.rfind('@'); user != std::string_view::npos)
        authority.remove_prefix(user + 1);
    const auto colon =
        authority.find(':', authority.rfind(']') == std::string_view::npos ? 0 : authority.rfind(']'));
    if (colon != std::string_view::npos) {
        const std::string_view digits = authority.substr(colon + 1);
        unsigned port = 0;
        const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), port);
        if (!digits.empty() &&
            (read.ec != std::errc() || read.ptr != digits.data() + digits.size() || port > 65535))
            return false;
        authority = authority.substr(0, colon);
    }
    return isHostText(authority);
}

class ValidUrlsCheck final : public Check {
public:
    explicit ValidUrlsCheck(bool otherWay) : m_otherWay(otherWay) {}

    [[nodiscard]] Opinion judge(const Subject& subject) const override
    {
        bool valid = true;
        const std::string_view text = subject.text;
        for (std::size_t at = text.find("http"); at != std::string_view::npos && valid;
             at = text.find("http", at)) {
            const std::size_t end = std::min(text.find_first_of(" \t\r\n\f\v", at), text.size());
            const std::string_view url = text.substr(at, end - at);
            if (url.starts_with("http://") || url.starts_with("https://")) {
                valid = isUrlText(url);
                at = end;
            } else {
                at += 4;
            }
        }
        if (valid != m_otherWay) return {};
        return {true,
                m_otherWay ? "all addresses in the text are valid" : "an address in the text cannot be one"};
    }

private:
    bool m_otherWay;
};

Result<std::unique_ptr<Check>> makeValidUrls(const Parameters& parameters)
{
    return std::unique_ptr<Check>(new ValidUrlsCheck(parameters.flag("not")));
}

} // namespace

const CheckKind& validUrlsKind()
{
    static const CheckKind kind{
        "valid_urls",
        "Valid addresses",
        "Fails where an address of the web in the text cannot be one. Nothing is looked up.",
        {{"not", Parameter::Type::Flag, "The other way round", "false"}},
        false,
        true,
        true,
        makeValidUrls};
    return kind;
}

} // namespace gateway::guardrail
