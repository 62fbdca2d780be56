// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "base/aws_event_scanner.h"
#include "dialect_fuzz.h"

namespace {

/// Streams are given as lines of "type payload": hardly any change to a message would leave its checksums
/// right. An exception's type begins with a !.
std::string messagesOf(std::string_view text)
{
    std::string out;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const std::size_t space = std::min(line.find(' '), line.size());
        const std::string_view payload = line.substr(std::min(space + 1, line.size()));
        const bool failed = line.starts_with('!');
        const std::string_view type = line.substr(failed ? 1 : 0, space - (failed ? 1 : 0));
        if (failed) {
            gateway::appendAwsException(out, type, payload);
        } else {
            gateway::appendAwsEvent(out, type, payload);
        }
    }
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace gateway;
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const dialect::Dialect& dialect = dialect::dialectOf(DialectId::Bedrock);
    if (size > 0 && data[0] % 3 == 2) {
        dialect::fuzz::checkStream(dialect, messagesOf(input.substr(1)));
    } else {
        dialect::fuzz::check(dialect, input);
    }
    return 0;
}
