// SPDX-License-Identifier: GPL-3.0-or-later
#include "options.h"

#include <charconv>
#include <fstream>
#include <iterator>
#include <map>
#include <string_view>

namespace load {

std::string Options::requestBytes() const
{
    std::string bytes =
        method + " " + target + " HTTP/1.1\r\nhost: " + host + ":" + std::to_string(port) + "\r\n";
    for (const auto& header : headers)
        bytes += header + "\r\n";
    if (!body.empty()) {
        bytes += "content-type: application/json\r\ncontent-length: " + std::to_string(body.size()) + "\r\n";
    }
    return bytes + "\r\n" + body;
}

template <typename Number>
static bool readNumber(std::string_view text, Number& into)
{
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), into);
    return error == std::errc() && end == text.data() + text.size();
}

static bool readUrl(std::string_view url, Options& options)
{
    static constexpr std::string_view kScheme = "http://";
    if (!url.starts_with(kScheme)) return false;
    url.remove_prefix(kScheme.size());
    size_t slash = url.find('/');
    std::string_view origin = url.substr(0, slash);
    if (slash != url.npos) options.target = url.substr(slash);
    size_t colon = origin.rfind(':');
    options.host = origin.substr(0, colon);
    return colon == origin.npos || readNumber(origin.substr(colon + 1), options.port);
}

static bool readFile(const std::string& path, std::string& into)
{
    std::ifstream file(path, std::ios::binary);
    into.assign(std::istreambuf_iterator<char>(file), {});
    return file.good() || file.eof();
}

static bool readOption(std::string_view name, const std::string& value, Options& options)
{
    if (name == "--url") return readUrl(value, options);
    if (name == "--method") return options.method = value, true;
    if (name == "--body") return readFile(value, options.body);
    if (name == "--header") return options.headers.push_back(value), true;
    if (name == "--connections") return readNumber(value, options.connections);
    if (name == "--requests") return readNumber(value, options.requests);
    if (name == "--seconds") return readNumber(value, options.seconds);
    if (name == "--warmup") return readNumber(value, options.warmup);
    if (name == "--expect-status") return readNumber(value, options.expectStatus);
    if (name == "--expect-chunks") return readNumber(value, options.expectChunks);
    if (name == "--mark") return options.mark = value, !value.empty();
    return false;
}

static std::string problemOf(const Options& options)
{
    static constexpr size_t kMostConnections = 10'000;
    static constexpr uint64_t kMostRequests = 5'000'000;
    if (options.host.empty()) return "--url http://127.0.0.1:PORT/path is needed";
    // A load generator that is pointed at a stranger by mistake is an attack.
    bool loopback =
        options.host == "localhost" || options.host.starts_with("127.") || options.host == "[::1]";
    if (!loopback) return "only loopback addresses are allowed";
    if (options.connections == 0 || options.connections > kMostConnections)
        return "--connections: 1 to 10000";
    if (options.requests > kMostRequests) return "--requests: at most 5000000";
    if (options.requests == 0 && options.seconds <= 0) return "--requests or --seconds is needed";
    if (options.seconds > kLongestSeconds) return "--seconds: at most 300";
    return {};
}

std::optional<Options> parseOptions(int argc, char** argv, std::string& problem)
{
    Options options;
    for (int i = 1; i < argc; ++i) {
        std::string name = argv[i];
        if (name == "--stream") {
            options.stream = true;
            continue;
        }
        if (i + 1 >= argc || !readOption(name, argv[++i], options)) {
            problem = "cannot use " + name;
            return std::nullopt;
        }
    }
    problem = problemOf(options);
    if (!problem.empty()) return std::nullopt;
    if (options.method.empty()) options.method = options.body.empty() ? "GET" : "POST";
    return options;
}

} // namespace load
