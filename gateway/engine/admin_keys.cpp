// SPDX-License-Identifier: GPL-3.0-or-later
// Virtual keys: made, changed, made anew and taken back by the administration. The clear key is in one answer
// only.
#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

#include "gateway/virtual_key.h"

#include "base/json_text.h"
#include "base/strings.h"
#include "base/wall_clock.h"
#include "config/config_fields.h"
#include "engine/admin_answers.h"
#include "engine/admin_bodies.h"
#include "engine/admin_desk.h"

namespace gateway::engine {

using config::JsonTree;

namespace {

constexpr std::int64_t kUsualOverlap = 86'400;       // seconds
constexpr std::int64_t kLongestOverlap = 31'536'000; // seconds
constexpr std::size_t kHashShown = 8;                // hex digits, to tell keys apart

/// What only the gateway itself writes into a key.
constexpr std::array<std::string_view, 4> kOwnFields{"sha256", "prefix", "created", "former"};

std::optional<pipeline::AdminAnswer> refuseOwnFields(JsonTree& body)
{
    for (const std::string_view field : kOwnFields) {
        if (body.find(field))
            return adminRefusal(400, codeName(Code::InvalidRequest),
                                "`" + std::string(field) + "` is made by the gateway and cannot be set.",
                                field);
    }
    return std::nullopt;
}

/// Merging looks for each member among the others.
bool hasTooMany(const JsonTree& patch)
{
    constexpr std::size_t kMost = 64; // far more than a key or a part of it has
    if (patch.kind != JsonKind::Object) return false;
    return patch.children.size() > kMost ||
           std::any_of(patch.children.begin(), patch.children.end(), hasTooMany);
}

/// RFC 7396: null takes a member away, objects are merged, all else is replaced.
void mergePatch(JsonTree& into, const JsonTree& patch)
{
    if (into.kind != JsonKind::Object) into.assign(JsonTree::object());
    for (const JsonTree& member : patch.children) {
        if (member.kind == JsonKind::Null)
            into.erase(member.key);
        else if (member.kind == JsonKind::Object)
            mergePatch(into.member(member.key), member);
        else
            into.member(member.key).assign(member);
    }
}

std::string_view keyStateName(const VirtualKeyConfig& key, std::int64_t now)
{
    if (key.paused) return "paused";
    const auto end = expiryMicros(key.expires);
    return end && *end <= now ? "expired" : "active";
}

void writeLimits(JsonWriter& json, const RateLimits& limits)
{
    const auto write = [&json](std::string_view name, const auto& value) {
        if (value) json.key(name).integer(static_cast<std::int64_t>(*value));
    };
    json.key("limits").beginObject();
    write("rpm", limits.rpm);
    write("rph", limits.rph);
    write("rpd", limits.rpd);
    write("tpm", limits.tpm);
    write("tph", limits.tph);
    write("tpd", limits.tpd);
    write("concurrent", limits.concurrent);
    if (limits.queue) json.key("queue_ms").integer(limits.queue->count());
    json.endObject();
}

/// A key that could not be made: without good randomness there is none.
pipeline::AdminAnswer noRandomness()
{
    return adminRefusal(500, codeName(Code::Internal), "The system gave no randomness for a key. Try again.");
}

} // namespace

void AdminDesk::writeKey(JsonWriter& json, const VirtualKeyConfig& key, std::int64_t lastUsed)
{
    json.key("name").string(key.id.text);
    json.key("state").string(keyStateName(key, nowMicros()));
    writeText(json, "prefix", key.prefix);
    json.key("sha256_begin").string(std::string_view(key.sha256).substr(0, kHashShown));
    writeText(json, "created", key.created);
    writeText(json, "expires", key.expires);
    json.key("paused").boolean(key.paused);
    writeList(json, "models", key.models);
    writeList(json, "routes", key.routes);
    writeList(json, "dialects", key.dialects);
    writeList(json, "tags", key.tags);
    json.key("budget");
    if (key.budget && key.budget->usd)
        json.beginObject()
            .key("usd")
            .raw(*key.budget->usd)
            .key("per")
            .string(budgetPeriodName(key.budget->per))
            .endObject();
    else
        json.null();
    writeLimits(json, key.limits);
    writeText(json, "former_until", key.former ? key.former->until : std::string());
    writeMoment(json, "last_used", lastUsed);
}

AdminDesk::Answer AdminDesk::keyAnswer(const Config& config, const std::string& name, const Secret& fresh,
                                       int status) const
{
    const VirtualKeyConfig* key = config.findKey(name);
    if (!key) return notFound(kKeys.noun, name);
    Answer answer;
    answer.status = status;
    JsonWriter json(answer.body);
    json.beginObject();
    if (!fresh.empty()) json.key("key").string(fresh.reveal());
    const auto& uses = m_means.door.activity().keyUses;
    const auto use =
        std::find_if(uses.begin(), uses.end(), [&name](const KeyUse& each) { return each.id.text == name; });
    writeKey(json, *key, use == uses.end() ? 0 : use->lastUsed);
    json.endObject();
    return answer;
}

void AdminDesk::keys(const Call& call, const Done& done)
{
    if (call.method == "POST") return createKey(call, done);
    Answer answer;
    JsonWriter json(answer.body);
    json.beginObject().key("keys").beginArray();
    std::unordered_map<std::string_view, std::int64_t> lastUses;
    for (const KeyUse& use : m_means.door.activity().keyUses)
        lastUses.emplace(use.id.text, use.lastUsed);
    for (const VirtualKeyConfig& key : m_means.file.config()->keys) {
        const auto use = lastUses.find(key.id.text);
        json.beginObject();
        writeKey(json, key, use == lastUses.end() ? 0 : use->second);
        json.endObject();
    }
    json.endArray().endObject();
    answer.headers.emplace_back("ETag", entityTag(m_means.file.text()));
    done(std::move(answer));
}

void AdminDesk::createKey(const Call& call, const Done& done)
{
    auto body = bodyObject(call.body);
    if (auto* refused = std::get_if<Answer>(&body)) return done(std::move(*refused));
    JsonTree given = std::move(std::get<JsonTree>(body));
    if (auto refused = refuseOwnFields(given)) return done(std::move(*refused));
    const JsonTree* said = given.find("name");
    const std::string name = said ? decodeJsonString(said->scalar).value_or("") : std::string();
    if (name.empty() || config::isOwnerKey(name))
        return done(adminRefusal(400, codeName(Code::InvalidRequest),
                                 "`name` has to be the key's name, which does not begin with x-.", "name"));
    given.erase("name");
    const FreshKey fresh = makeVirtualKey();
    if (fresh.key.empty()) return done(noRandomness());
    VirtualKeyConfig noted;
    noteMade(noted, fresh.key, nowMicros());
    JsonTree made = JsonTree::object();
    made.member("sha256").assign(JsonTree::string(fresh.sha256));
    made.member("prefix").assign(JsonTree::string(noted.prefix));
    made.member("created").assign(JsonTree::string(noted.created));
    made.children.insert(made.children.end(), given.children.begin(), given.children.end());
    const auto add = [name, made](JsonTree& entries) -> std::optional<Answer> {
        if (entries.find(name))
            return adminRefusal(
                409, "already_exists",
                "There is a key `" + name + "` already. Choose another name, or delete it first.", "name");
        entries.member(name).assign(made);
        return std::nullopt;
    };
    changeEntries(
        kKeys, call, add,
        [this, name, key = fresh.key](const Config& config) { return keyAnswer(config, name, key, 201); },
        done);
}

void AdminDesk::key(const Call& call, const Done& done)
{
    const std::string& name = call.path.name;
    if (call.method == "DELETE") return entry(kKeys, call, done);
    if (config::isOwnerKey(name)) return done(notFound(kKeys.noun, name));
    if (call.method == "GET") {
        Answer found = keyAnswer(*m_means.file.config(), name, {}, 200);
        if (found.status == 200) found.headers.emplace_back("ETag", entityTag(m_means.file.text()));
        return done(std::move(found));
    }
    auto body = bodyObject(call.body);
    if (auto* refused = std::get_if<Answer>(&body)) return done(std::move(*refused));
    JsonTree patch = std::move(std::get<JsonTree>(body));
    if (auto refused = refuseOwnFields(patch)) return done(std::move(*refused));
    if (hasTooMany(patch))
        return done(adminRefusal(400, codeName(Code::InvalidRequest), "No key has as many members as this."));
    const auto merge = [name, patch](JsonTree& entries) -> std::optional<Answer> {
        JsonTree* key = entries.find(name);
        if (!key) return notFound(kKeys.noun, name);
        mergePatch(*key, patch);
        return std::nullopt;
    };
    changeEntries(
        kKeys, call, merge, [this, name](const Config& config) { return keyAnswer(config, name, {}, 200); },
        done);
}

void AdminDesk::rotateKey(const Call& call, const Done& done)
{
    const std::string& name = call.path.name;
    auto body = bodyObject(call.body);
    if (auto* refused = std::get_if<Answer>(&body)) return done(std::move(*refused));
    std::int64_t overlap = kUsualOverlap;
    for (const JsonTree& member : std::get<JsonTree>(body).children) {
        const auto seconds = member.key == "overlap_seconds" ? jsonInteger(member.scalar) : std::nullopt;
        if (!seconds || *seconds < 0 || *seconds > kLongestOverlap)
            return done(adminRefusal(400, codeName(Code::InvalidRequest),
                                     "The body takes `overlap_seconds`, for how long the key before is good "
                                     "yet: 0 to 31536000.",
                                     shortened(member.key, 80)));
        overlap = *seconds;
    }
    const FreshKey fresh = makeVirtualKey();
    if (fresh.key.empty()) return done(noRandomness());
    Change made;
    made.ifMatch = call.ifMatch;
    made.edit = [name, fresh, overlap](std::string& text) -> std::optional<Answer> {
        auto file = fileObject(text);
        if (auto* refused = std::get_if<Answer>(&file)) return std::move(*refused);
        ParsedConfig parsed = parseConfig(text);
        for (VirtualKeyConfig& key : parsed.config.keys) {
            if (key.id.text != name) continue;
            key = rotated(std::move(key), fresh.key, fresh.sha256, seconds(overlap), nowMicros());
            text = updateConfigText(text, parsed.config);
            return std::nullopt;
        }
        return notFound(kKeys.noun, name);
    };
    made.answer = [this, name, key = fresh.key](const Config& config, const auto&) {
        return keyAnswer(config, name, key, 200);
    };
    made.done = done;
    change(std::move(made));
}

} // namespace gateway::engine
