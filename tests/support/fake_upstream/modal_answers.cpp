// SPDX-License-Identifier: GPL-3.0-or-later
#include "modal_answers.h"

#include "shallow_json.h"
#include "text.h"
#include "wire.h"

namespace fake {

static constexpr const char* kJson = "application/json";
static constexpr const char* kTokens =
    R"("input_tokens":14,"output_tokens":20,"total_tokens":34,"input_tokens_details":{"text_tokens":10,)"
    R"("image_tokens":4})";

static Script only(std::string bytes)
{
    Script script;
    script.write(std::move(bytes));
    return script;
}

static std::string member(const Call& call, std::string_view name)
{
    if (call.http.body.starts_with('{')) {
        std::string_view raw = memberOf(call.http.body, name);
        return raw.starts_with('"') ? stringValue(raw) : std::string(raw);
    }
    return formField(call.http.body, name);
}

static Script json(const Call& call, const std::string& body)
{
    return only(whole(call.ask, 200, kJson, body));
}

std::string countedBytes(size_t size)
{
    std::string bytes(size, '\0');
    for (size_t i = 0; i < size; ++i)
        bytes[i] = static_cast<char>(i * 31 % 251);
    return bytes;
}

static Script image(const Call& call)
{
    if (member(call, "stream") == "true") {
        std::vector<StreamEvent> events = {
            {EventRole::Content, "image_generation.partial_image",
             R"({"type":"image_generation.partial_image","partial_image_index":0,"b64_json":"AAAA"})"},
            {EventRole::Finish, "image_generation.completed",
             std::string(R"({"type":"image_generation.completed","b64_json":"AAAA","usage":{)") + kTokens +
                 "}}"}};
        return streamScript(call.ask, events, {});
    }
    std::string body = R"({"created":1700000000,"data":[{"b64_json":"AAAA"},{"b64_json":"BBBB"}])";
    // Models that are sold by the image count no tokens.
    if (call.ask.model.find("dall-e") == std::string::npos)
        body += std::string(R"(,"usage":{)") + kTokens + "}";
    return json(call, body + "}");
}

static Script speech(const Call& call)
{
    if (member(call, "stream_format") != "sse")
        return only(whole(call.ask, 200, "audio/mpeg", countedBytes(40'000)));
    std::vector<StreamEvent> events = {
        {EventRole::Content, {}, R"({"type":"speech.audio.delta","audio":"AAAA"})"},
        {EventRole::Finish,
         {},
         R"({"type":"speech.audio.done","usage":{"input_tokens":14,"output_tokens":101,"total_tokens":115}})"}};
    return streamScript(call.ask, events, {});
}

static Script transcript(const Call& call)
{
    static constexpr const char* kUsage =
        R"("usage":{"type":"tokens","input_tokens":14,"input_token_details":{"text_tokens":4,"audio_tokens":10},)"
        R"("output_tokens":5,"total_tokens":19})";
    if (member(call, "stream") == "true") {
        std::vector<StreamEvent> events = {
            {EventRole::Content, {}, R"({"type":"transcript.text.delta","delta":"hello"})"},
            {EventRole::Finish,
             {},
             std::string(R"({"type":"transcript.text.done","text":"hello",)") + kUsage + "}"}};
        return streamScript(call.ask, events, {});
    }
    const std::string format = member(call, "response_format");
    if (format == "text") return only(whole(call.ask, 200, "text/plain; charset=utf-8", "hello\n"));
    if (format == "verbose_json")
        return json(call, R"({"task":"transcribe","language":"english","duration":2.5,"text":"hello",)"
                          R"("segments":[],"usage":{"type":"duration","seconds":3}})");
    return json(call, std::string(R"({"text":"hello",)") + kUsage + "}");
}

static std::string job(const std::string& id, const std::string& model)
{
    return R"({"id":")" + id + R"(","object":"video","model":)" + jsonString(model) +
           R"(,"status":"queued","progress":0,"created_at":1700000000,"size":"720x1280","seconds":"4"})";
}

static std::string file(const std::string& id)
{
    return R"({"id":")" + id +
           R"(","object":"file","bytes":120,"created_at":1700000000,"filename":"a.jsonl",)"
           R"("purpose":"batch"})";
}

static constexpr const char* kBatchLine =
    R"({"id":"batch_req_1","custom_id":"a","error":null,"response":{"status_code":200,"body":{"model":)"
    R"("gpt-4.1-mini","usage":{"prompt_tokens":1000000,"completion_tokens":100000,"total_tokens":1100000}}}})";
static constexpr const char* kMessageLine =
    R"({"custom_id":"a","result":{"type":"succeeded","message":{"model":"claude-opus-4-5","usage":)"
    R"({"input_tokens":500000,"cache_read_input_tokens":100000,"output_tokens":50000}}}})";

static std::string batch(const std::string& id, const std::string& input)
{
    if (id == "batch_done" || id == "batch_told") {
        std::string told =
            R"({"id":")" + id +
            R"(","object":"batch","endpoint":"/v1/chat/completions","input_file_id":"file-in",)"
            R"("output_file_id":"file-lines","status":"completed")";
        if (id == "batch_told")
            told += R"(,"model":"gpt-4.1-mini","usage":{"input_tokens":2000000,"output_tokens":200000,)"
                    R"("total_tokens":2200000})";
        return told + "}";
    }
    return R"({"id":")" + id + R"(","object":"batch","endpoint":"/v1/chat/completions","input_file_id":")" +
           input + R"(","output_file_id":"file-out","error_file_id":null,"status":"in_progress"})";
}

static std::string messageBatch(const Call& call, const std::string& id)
{
    return R"({"id":")" + id +
           R"(","type":"message_batch","processing_status":"ended","results_url":"http://)" +
           std::string(call.http.header("host")) + R"(/v1/messages/batches/)" + id + R"(/results"})";
}

static std::string list(const std::string& first, const std::string& id)
{
    return R"({"object":"list","data":[)" + first + R"(],"first_id":")" + id + R"(","last_id":")" + id +
           R"(","has_more":false})";
}

/// What is kept under an id: /COLLECTION, /COLLECTION/ID, /COLLECTION/ID/WHAT.
static Script kept(const Call& call, std::string_view collection, std::string_view rest)
{
    const bool made = call.http.method == "POST" && rest.empty();
    const size_t slash = rest.find('/', 1);
    std::string id(rest.substr(0, slash).substr(rest.empty() ? 0 : 1));
    const std::string_view what = slash == rest.npos ? std::string_view() : rest.substr(slash + 1);
    if (what == "content" || what == "results") {
        if (id == "file-lines" || id == "msgbatch_lines") {
            const std::string line = id == "file-lines" ? kBatchLine : kMessageLine;
            return only(whole(call.ask, 200, "application/octet-stream", line + "\n" + line + "\n"));
        }
        const char* type = collection == "/videos" ? "video/mp4" : "application/octet-stream";
        return only(whole(call.ask, 200, type, countedBytes(100'000)));
    }
    const char* usual = collection == "/videos"    ? "video_abc"
                        : collection == "/files"   ? "file-abc"
                        : collection == "/batches" ? "batch_abc"
                                                   : "msgbatch_abc";
    if (id.empty()) id = usual;
    if (call.http.method == "DELETE")
        return json(call, R"({"id":")" + id + R"(","object":"deleted","deleted":true})");
    std::string one = file(id);
    if (collection == "/videos") one = job(id, call.ask.model.empty() ? "sora-2" : call.ask.model);
    if (collection == "/batches") one = batch(id, made ? member(call, "input_file_id") : "file-abc");
    if (collection == "/messages/batches") one = messageBatch(call, id);
    return json(call, rest.empty() && !made ? list(one, id) : one);
}

/// Of a response that was made before, by its id.
static Script keptResponse(const Call& call, const std::string& rest)
{
    const std::string id = jsonString(rest.substr(0, rest.find('/')));
    if (rest.ends_with("/input_items"))
        return json(call, R"({"object":"list","data":[],"first_id":null,"last_id":null,"has_more":false})");
    if (call.http.method == "DELETE")
        return json(call, R"({"object":"response","deleted":true,"id":)" + id + "}");
    const std::string status = rest.ends_with("/cancel") ? "cancelled" : "completed";
    return json(call, R"({"object":"response","status":")" + status + R"(","output":[],"id":)" + id + "}");
}

std::optional<Script> modalAnswer(const Call& call)
{
    const std::string& path = call.ask.versionless;
    const bool post = call.http.method == "POST";
    if (post && path == "/moderations")
        return json(call,
                    R"({"id":"modr-fake","model":"omni","results":[{"flagged":false,"categories":{}}]})");
    if (post && path.starts_with("/images/")) return image(call);
    if (post && path == "/audio/speech") return speech(call);
    if (post && (path == "/audio/transcriptions" || path == "/audio/translations")) return transcript(call);
    if (post && path == "/rerank")
        return json(call, R"({"id":"rr-fake","results":[{"index":1,"relevance_score":0.9}],)"
                          R"("meta":{"billed_units":{"search_units":1}}})");
    if (path.starts_with("/responses/resp_")) return keptResponse(call, path.substr(11));
    for (const char* collection : {"/videos", "/files", "/batches", "/messages/batches"}) {
        if (path == collection || path.starts_with(std::string(collection) + "/"))
            return kept(call, collection, std::string_view(path).substr(std::string_view(collection).size()));
    }
    // Calls that no dialect has say what was asked.
    if (path.starts_with("/native/"))
        return json(call, R"({"method":)" + jsonString(call.http.method) + R"(,"target":)" +
                              jsonString(call.http.target) + R"(,"bytes":)" +
                              std::to_string(call.http.body.size()) + "}");
    return std::nullopt;
}

} // namespace fake
