// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/sse_scanner.h"
#include "listener/request_handler.h"
#include "net/web_socket.h"

namespace gateway::pipeline {

/// An error as a message of the Responses dialect's WebSocket: `{"type":"error","status":…,"error":{…}}`.
struct FrameError {
    int status = 400;
    std::string_view code;
    std::string_view message;
    std::string_view param = {};
};
[[nodiscard]] std::string errorFrame(const FrameError& error);

/// The answer to one turn of a Responses WebSocket: each event of the stream that an exchange writes becomes
/// one text message, a refusal an error message. After the first message that ends a turn no other follows,
/// so that nothing is left for the next one. IO thread only.
class FrameResponder : public listener::Responder {
public:
    explicit FrameResponder(net::WebSocket& client) : m_client(client) {}

    net::Task<bool> send(const listener::Answer& answer) override;
    net::Task<bool> begin(const listener::Answer& head, std::string_view first) override;
    net::Task<bool> write(std::string_view bytes) override;
    net::Task<bool> finish(std::string_view last) override;
    void cut() override { m_gone = true; }
    [[nodiscard]] bool gone() const override { return m_gone; }

    net::Task<bool> sendFrame(std::string_view text);
    /// The Response object of an answer that came to its end; empty otherwise.
    [[nodiscard]] const std::string& answer() const { return m_answer; }
    /// The items that were done, in their order; what an answer that repeats none consisted of.
    [[nodiscard]] const std::vector<std::string>& doneItems() const { return m_items; }

private:
    void take(const SseEvent& event);

    net::WebSocket& m_client;
    SseScanner m_scanner;
    std::string m_frames;            // of one write, one after the other
    std::vector<std::size_t> m_ends; // of each in m_frames
    std::string m_answer;
    std::vector<std::string> m_items;
    bool m_gone = false;
    bool m_over = false;
};

} // namespace gateway::pipeline
