// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <sstream>
#include <string>

#include "gateway/dialect/dialect_test_support.h"

#include "base/aws_event_scanner.h"

/// What the tests of the Bedrock dialect share beside what all have.
namespace gateway::dialect::testing {

inline const Dialect& bedrock()
{
    return dialectOf(DialectId::Bedrock);
}

/// Lines of "type payload" as the messages of a stream; a type with a ! behind it is an exception's.
inline std::string framed(const std::string& lines)
{
    std::istringstream in(lines);
    std::string out;
    for (std::string line; std::getline(in, line);) {
        const std::size_t space = line.find(' ');
        const std::string type = line.substr(0, space);
        const std::string payload = space == std::string::npos ? std::string() : line.substr(space + 1);
        if (type.ends_with('!')) {
            appendAwsException(out, type.substr(0, type.size() - 1), payload);
        } else {
            appendAwsEvent(out, type, payload);
        }
    }
    return out;
}

} // namespace gateway::dialect::testing
