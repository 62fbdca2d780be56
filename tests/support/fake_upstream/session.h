// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/steady_timer.hpp>

#include "http_request.h"
#include "recorder.h"
#include "script.h"
#include "transport.h"

namespace fake {

/// What all connections share; one thread.
struct Shared {
    explicit Shared(bool record) : recorder(record) {}

    Recorder recorder;
    Memory memory;
    uint64_t connections = 0;
    uint64_t openConnections = 0; // Those that last asked for the record are not counted.
};

/// One connection: reads requests, plays their scripts one after the other. A read is always pending, so that
/// a peer that leaves in the middle of an answer is noticed at once.
class Session : public std::enable_shared_from_this<Session> {
public:
    Session(std::unique_ptr<Transport> transport, Shared& shared);
    ~Session();
    void start();

private:
    void read();
    void received(size_t size);
    void handleInput();
    bool answerControl(const HttpRequest& request, Script& script);
    void play();
    bool playStep(Step& step);
    bool playWrite(Step& step);
    void resumeAfter(std::chrono::milliseconds wait);
    void scriptEnded();
    void linger();
    void endRequest(bool cancelled);
    void close();
    void ensureRoom(size_t wanted);

    std::unique_ptr<Transport> m_transport;
    Shared& m_shared;
    const uint64_t m_number;
    boost::asio::steady_timer m_timer;

    std::unique_ptr<char[]> m_buffer;
    size_t m_capacity = 0;
    size_t m_begin = 0;
    size_t m_end = 0;
    RequestReader m_reader;

    Script m_script;
    size_t m_step = 0;
    size_t m_written = 0; // Of the current step's bytes.
    std::optional<uint64_t> m_recorded;
    uint64_t m_answered = 0;
    bool m_playing = false;
    bool m_handling = false; // Inside handleInput(), on this very call stack.
    bool m_reading = false;
    bool m_keepAlive = true;
    bool m_control = false;
    bool m_lingering = false;
    bool m_closed = false;
};

} // namespace fake
