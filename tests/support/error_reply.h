// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include "support/http_client.h"

namespace support {

/// Empty when `reply` is a whole error of that status and code in OpenAI's shape, with the fields that every
/// answer carries; else what is wrong with it.
[[nodiscard]] QByteArray openAiFault(const HttpReply& reply, int status, const QByteArray& code);
/// The same for Anthropic's shape.
[[nodiscard]] QByteArray anthropicFault(const HttpReply& reply, int status, const QByteArray& code);
/// `code` of an error of either shape, empty when there is none.
[[nodiscard]] QByteArray errorCode(const HttpReply& reply);
/// `error.param` of an error of either shape.
[[nodiscard]] QByteArray errorParam(const HttpReply& reply);
[[nodiscard]] QByteArray errorMessage(const HttpReply& reply);

} // namespace support
