// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "provider/kind.h"

/// AWS Signature Version 4 as the IAM User Guide describes it ("Create a signed AWS API request"), in the
/// form of all services but S3: the path is normalized, and encoded once more than it is sent.
namespace gateway::provider {

struct AwsKey {
    std::string_view accessKeyId;
    std::string_view secretKey;
    std::string_view sessionToken; // empty for long-term keys
};

struct AwsScope {
    std::string_view region;
    std::string_view service;
};

/// A call as it is signed. `headers` are all that are signed, among them Host and X-Amz-Date; their names in
/// any case, in any order, a name perhaps twice.
struct AwsCall {
    std::string_view method;
    std::string_view target; // path and query as they are sent
    const Fields& headers;
    std::string_view body;
};

/// "20150830T123600Z"; `now` in seconds since 1970.
[[nodiscard]] std::string awsTime(std::int64_t now);
/// The text whose hash is signed.
[[nodiscard]] std::string canonicalRequest(const AwsCall& call);
/// The value of the Authorization header. `time` as awsTime gives it, and as the X-Amz-Date of the call says.
[[nodiscard]] std::string sigV4Authorization(const AwsCall& call, std::string_view time, const AwsKey& key,
                                             const AwsScope& scope);

} // namespace gateway::provider
