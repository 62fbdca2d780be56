// SPDX-License-Identifier: GPL-3.0-or-later
#include "session.h"

#include <algorithm>
#include <cstring>

#include <boost/asio/post.hpp>

#include "text.h"

namespace fake {

namespace asio = boost::asio;
using boost::system::error_code;

static constexpr size_t kFirstBuffer = 16 * 1024;
static constexpr size_t kMostWaiting = 1024 * 1024; // Pipelined bytes read ahead of the current answer.
static constexpr size_t kMostBuffer = 300 * 1024 * 1024;
static constexpr int kWritesPerTurn = 16;

Session::Session(std::unique_ptr<Transport> transport, Shared& shared)
    : m_transport(std::move(transport))
    , m_shared(shared)
    , m_number(++shared.connections)
    , m_timer(m_transport->socket().get_executor())
{
    ++m_shared.openConnections;
    error_code ignored;
    m_transport->socket().set_option(asio::ip::tcp::no_delay(true), ignored);
}

Session::~Session()
{
    close();
}

void Session::start()
{
    m_transport->open([self = shared_from_this()](const error_code& error, size_t) {
        if (error)
            self->close();
        else
            self->read();
    });
}

void Session::ensureRoom(size_t wanted)
{
    if (m_begin == m_end) m_begin = m_end = 0;
    if (m_capacity - m_end >= wanted) return;
    size_t held = m_end - m_begin;
    if (m_capacity >= held + wanted) {
        std::memmove(m_buffer.get(), m_buffer.get() + m_begin, held);
    } else {
        size_t capacity = std::max({kFirstBuffer, m_capacity * 2, held + wanted});
        auto larger = std::make_unique_for_overwrite<char[]>(capacity);
        if (held > 0) std::memcpy(larger.get(), m_buffer.get() + m_begin, held);
        m_buffer = std::move(larger);
        m_capacity = capacity;
    }
    m_begin = 0;
    m_end = held;
}

void Session::read()
{
    if (m_reading || m_closed) return;
    size_t held = m_end - m_begin;
    if (held > (m_playing ? kMostWaiting : kMostBuffer)) return;
    size_t missing = m_reader.needed() > held ? m_reader.needed() - held : 0;
    ensureRoom(std::max(missing, kFirstBuffer / 2));
    m_reading = true;
    m_transport->read(m_buffer.get() + m_end, m_capacity - m_end,
                      [self = shared_from_this()](const error_code& error, size_t size) {
                          self->m_reading = false;
                          if (error) return self->close();
                          self->received(size);
                      });
}

void Session::received(size_t size)
{
    if (m_lingering) return read();
    m_end += size;
    if (!m_playing) handleInput();
    read();
}

void Session::handleInput()
{
    while (!m_playing && !m_closed && !m_lingering && m_begin < m_end) {
        if (m_end - m_begin < m_reader.needed()) return;
        auto state = m_reader.read({m_buffer.get() + m_begin, m_end - m_begin});
        if (state == RequestReader::State::Broken) return close();
        if (state == RequestReader::State::WantsContinue)
            m_transport->writeNow("HTTP/1.1 100 Continue\r\n\r\n");
        if (state != RequestReader::State::Complete) return;

        const HttpRequest& request = m_reader.request();
        m_script.steps.clear();
        m_keepAlive = request.keepAlive;
        bool control = answerControl(request, m_script);
        if (control != m_control) m_shared.openConnections += control ? -1 : 1;
        m_control = control;
        if (!control) {
            Ask ask = readAsk(request);
            m_recorded = m_shared.recorder.began(request, ask, m_number);
            m_script = answerTo({request, ask, m_shared.memory, m_answered++});
        }
        m_begin += m_reader.consumed();
        m_reader.next();
        m_step = m_written = 0;
        m_playing = true;
        m_handling = true;
        play();
        m_handling = false;
    }
}

bool Session::answerControl(const HttpRequest& request, Script& script)
{
    if (!request.target.starts_with("/__")) return false;
    std::string body;
    if (request.target == "/__requests" && request.method == "DELETE") {
        m_shared.recorder.reset();
        m_shared.memory.failures.clear();
        m_shared.memory.tally.reset();
        body = "{}\n";
    } else if (request.target == "/__requests") {
        body = m_shared.recorder.requestsJson();
    } else if (request.target == "/__count") {
        body = m_shared.recorder.countJson();
    } else if (request.target == "/__told") {
        body = m_shared.memory.tally.json();
    } else if (request.target == "/__connections") {
        uint64_t own = m_control ? 0 : 1;
        body = R"({"open":)" + std::to_string(m_shared.openConnections - own) + R"(,"accepted":)" +
               std::to_string(m_shared.connections) + "}\n";
    }
    const char* status = body.empty() ? "404 Not Found" : "200 OK";
    script.write(std::string("HTTP/1.1 ") + status +
                 "\r\ncontent-type: application/json\r\ncontent-length: " + std::to_string(body.size()) +
                 "\r\n\r\n" + body);
    return true;
}

void Session::play()
{
    int writes = 0;
    while (m_playing && !m_closed) {
        if (m_step >= m_script.steps.size()) return scriptEnded();
        Step& step = m_script.steps[m_step];
        // A long script must not hold up the other connections.
        if (step.kind == Step::Kind::Write && ++writes > kWritesPerTurn) return resumeAfter({});
        if (!playStep(step)) return;
    }
}

/// False when the rest of the script is played later, or never.
bool Session::playStep(Step& step)
{
    switch (step.kind) {
    case Step::Kind::Write:
        return playWrite(step);
    case Step::Kind::Wait:
        ++m_step;
        resumeAfter(step.wait);
        return false;
    case Step::Kind::Finish:
        endRequest(false);
        linger();
        return false;
    case Step::Kind::Reset: {
        endRequest(false);
        error_code ignored;
        m_transport->socket().set_option(asio::socket_base::linger(true, 0), ignored);
        close();
        return false;
    }
    case Step::Kind::Hang:
    case Step::Kind::Undecided:
        break;
    }
    return false;
}

bool Session::playWrite(Step& step)
{
    std::string_view rest = std::string_view(step.bytes).substr(m_written);
    size_t written = m_transport->writeNow(rest);
    auto advance = [this, &step] {
        m_written = 0;
        if (--step.repeat == 0) ++m_step;
    };
    if (written == rest.size()) {
        advance();
        return true;
    }
    rest.remove_prefix(written);
    m_transport->write(rest, [self = shared_from_this(), advance](const error_code& error, size_t) {
        if (error || self->m_closed) return self->close();
        advance();
        self->play();
    });
    return false;
}

void Session::resumeAfter(std::chrono::milliseconds wait)
{
    auto resume = [self = shared_from_this()] {
        if (!self->m_closed) self->play();
    };
    if (wait.count() == 0) {
        asio::post(m_timer.get_executor(), std::move(resume));
        return;
    }
    m_timer.expires_after(wait);
    m_timer.async_wait([resume = std::move(resume)](const error_code& error) {
        if (!error) resume();
    });
}

void Session::scriptEnded()
{
    endRequest(false);
    m_playing = false;
    if (!m_keepAlive) return linger();
    if (m_handling) return; // The loop of handleInput() goes on with what was pipelined.
    asio::post(m_timer.get_executor(), [self = shared_from_this()] {
        if (self->m_playing || self->m_closed) return;
        self->handleInput();
        self->read();
    });
}

/// Sends FIN and waits for the peer's: closing with unread bytes would send a reset instead.
void Session::linger()
{
    m_lingering = true;
    error_code ignored;
    m_transport->socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
    m_timer.expires_after(std::chrono::seconds(5));
    m_timer.async_wait([self = shared_from_this()](const error_code& error) {
        if (!error) self->close();
    });
    m_begin = m_end = 0;
    read();
}

void Session::endRequest(bool cancelled)
{
    if (m_recorded) m_shared.recorder.ended(*m_recorded, cancelled);
    m_recorded.reset();
}

void Session::close()
{
    if (m_closed) return;
    m_closed = true;
    endRequest(true);
    if (!m_control) --m_shared.openConnections;
    m_timer.cancel();
    error_code ignored;
    m_transport->socket().close(ignored);
}

} // namespace fake
