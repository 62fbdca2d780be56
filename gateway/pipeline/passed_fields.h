// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>
#include <vector>

#include "listener/request_handler.h"
#include "listener/request_head.h"
#include "upstream/reply_head.h"
#include "upstream/request_head.h"

namespace gateway::pipeline {

/// A client's fields that go on to the provider of a call that is passed on whole: all but those of the
/// connection and its framing (RFC 9110, section 7.6.1), keys, cookies, a browser's, a proxy's, and what is
/// meant for this gateway or its peers. A field that came several times is one, joined with commas.
[[nodiscard]] upstream::RequestFields passedRequestFields(const listener::RequestHead& head);

/// The fields of an answer that go on to the client: none of the connection, of another site's rights or
/// cookies, of this gateway's own, and none that holds one of the secrets. Names are views into the reply.
[[nodiscard]] listener::Headers passedAnswerFields(const upstream::ReplyHead& reply,
                                                   const std::vector<std::string_view>& secrets);

} // namespace gateway::pipeline
