// SPDX-License-Identifier: GPL-3.0-or-later
// The providers of the matrix, all in one process: each has a path of its own to begin with. What they are
// sent is checked against the schema of their API, then against what the cell's conversation says; a fault is
// answered with 400 and its reason.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <random>

#include "support/fake_upstream/script.h"
#include "upstream/judge.h"
#include "upstream/schema_check.h"

namespace matrix {

namespace {

using nlohmann::json;

const json& schemaOf(const Protocol& protocol)
{
    static std::map<std::string_view, json> all;
    auto found = all.find(protocol.schema());
    if (found == all.end()) {
        const std::string path =
            std::string(TURNPIKE_MATRIX_SCHEMAS "/").append(protocol.schema()).append(".json");
        std::ifstream file(path);
        json schema = json::parse(file, nullptr, false);
        if (schema.is_discarded()) schema = json{{"const", "the schema " + path + " cannot be read"}};
        found = all.emplace(protocol.schema(), std::move(schema)).first;
    }
    return found->second;
}

std::string whole(std::string_view status, std::string_view fields, std::string_view body)
{
    std::string text = "HTTP/1.1 ";
    text.append(status).append("\r\ncontent-type: application/json\r\n").append(fields);
    text.append("content-length: ").append(std::to_string(body.size())).append("\r\n\r\n").append(body);
    return text;
}

std::string chunk(std::string_view bytes)
{
    char size[20];
    std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
    return std::string(size).append(bytes).append("\r\n");
}

std::vector<std::string> cutAnywhere(std::string_view bytes, std::minstd_rand& random, unsigned longest)
{
    std::vector<std::string> cut;
    while (!bytes.empty()) {
        const std::size_t size = std::min<std::size_t>(bytes.size(), 1 + random() % longest);
        cut.emplace_back(bytes.substr(0, size));
        bytes.remove_prefix(size);
    }
    return cut;
}

/// The stream's bytes in chunks and in writes; with a seed both are cut at random places.
void writeStream(fake::Script& script, const Protocol& protocol, const Answer& answer, unsigned seed)
{
    const std::string head = "HTTP/1.1 200 OK\r\ncontent-type: " + std::string(protocol.streamType()) +
                             "\r\ntransfer-encoding: chunked\r\n\r\n";
    std::vector<std::string> events = protocol.events(answer);
    if (seed == 0) {
        script.write(head);
        for (const std::string& event : events)
            script.write(chunk(event));
        script.write("0\r\n\r\n");
        return;
    }
    std::minstd_rand random(seed);
    std::string wire = head;
    for (const std::string& piece : cutAnywhere(joined(events), random, 90))
        wire += chunk(piece);
    wire += "0\r\n\r\n";
    for (std::string& piece : cutAnywhere(wire, random, 400))
        script.write(std::move(piece));
}

fake::Script answered(const fake::HttpRequest& request, const Protocol& protocol)
{
    fake::Script script;
    const std::string_view path = request.target.substr(protocol.root().size());
    const auto refuse = [&](const std::string& why) {
        script.write(whole("400 Bad Request", protocol.errorFields(400),
                           protocol.error(400, "MATRIX " + std::string(protocol.root()) + ": " + why + " | " +
                                                   std::string(request.body.substr(0, 1500)))));
        return script;
    };
    if (std::string fault = protocol.headFault(request, path); !fault.empty()) return refuse(fault);
    const json body = json::parse(request.body, nullptr, false);
    if (body.is_discarded()) return refuse("the body is not JSON");
    if (std::string fault = schemaFault(body, schemaOf(protocol)); !fault.empty()) return refuse(fault);
    const auto marker = findMarker(request.body);
    if (!marker) return refuse("no cell is named");
    const Seen seen = protocol.read(body, path);
    if (std::string fault = judge(seen, *marker); !fault.empty()) return refuse(fault);
    if (marker->feature == Feature::ErrorBefore) {
        script.write(whole("429 Too Many Requests",
                           "retry-after: " + std::to_string(kRetryAfter) + "\r\n" + protocol.errorFields(429),
                           protocol.error(429, kErrorMessage)));
        return script;
    }
    Answer answer = answerFor(*marker, !seen.results.empty());
    answer.model = body.value("model", "the-model");
    answer.includeUsage = !body.contains("stream_options") || body["stream_options"]["include_usage"] == true;
    if (seen.stream)
        writeStream(script, protocol, answer, marker->seed);
    else
        script.write(whole("200 OK", {}, protocol.whole(answer)));
    return script;
}

} // namespace
} // namespace matrix

namespace fake {

Script answerTo(const Call& call)
{
    Script script;
    const matrix::Protocol* protocol = nullptr;
    for (const matrix::Protocol* one : matrix::allProtocols()) {
        const bool named = call.http.target.starts_with(one->root());
        const std::string_view rest = named ? call.http.target.substr(one->root().size()) : "";
        const bool under = named && (rest.empty() || rest[0] == '/');
        if (under && (!protocol || one->root().size() > protocol->root().size())) protocol = one;
    }
    if (!protocol) return script.write(matrix::whole("404 Not Found", {}, "{}"));
    try {
        return matrix::answered(call.http, *protocol);
    } catch (const nlohmann::json::exception& fault) {
        // A schema that lets through what the reader does not expect is this test's own fault.
        return script.write(matrix::whole("500 Internal Server Error", {},
                                          protocol->error(500, std::string("MATRIX: ") + fault.what())));
    }
}

} // namespace fake
