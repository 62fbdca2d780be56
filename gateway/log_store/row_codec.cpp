// SPDX-License-Identifier: GPL-3.0-or-later
#include "log_store/row_codec.h"

#include <algorithm>
#include <limits>

namespace gateway::log_store {

namespace {

enum class Kind : std::uint8_t { Number = 0, Bytes = 1 };

/// Numbers of the fields in a record. They are on users' disks: add, never change.
enum class Field : std::uint8_t {
    Undecided,
    Id,
    Key,
    Client,
    Dialect,
    RequestedModel,
    Route,
    Provider,
    Model,
    Stream,
    Status,
    ErrorCode,
    ErrorMessage,
    Attempt,
    InputTokens,
    OutputTokens,
    CacheReadTokens,
    CacheWriteTokens,
    ReasoningTokens,
    CostNanos,
    CostSource,
    SavedNanos,
    FirstToken,
    Total,
    Overhead,
    Cache,
    Tag,
    MetadataJson,
    Session,
    Trace,
    RequestBody,
    ResponseBody,
    Dropped,
    Once,
    DecisionJson,
    CacheWriteHourTokens,
    AudioInputTokens,
    AudioOutputTokens,
    ImageInputTokens,
    ImageOutputTokens,
    Images,
    Milliseconds,
    Characters,
    Units,
    Searches,
    ServiceTier,
    PriceVersion,
    RoutedNanos,
    Program,
    Folder,
    Repository,
    GuardrailsJson,
    RewritesJson,
};

enum class AttemptField : std::uint8_t {
    Undecided,
    Provider,
    Model,
    KeyId,
    Status,
    Error,
    StartedAfter,
    Connect,
    FirstByte,
    Total,
    CostNanos,
};

static_assert(kShareMark ==
              (static_cast<int>(AttemptField::CostNanos) << 1 | static_cast<int>(Kind::Number)));

void putVarint(std::string& out, std::uint64_t value)
{
    char bytes[10];
    std::size_t size = 0;
    while (value >= 0x80) {
        bytes[size++] = static_cast<char>(value | 0x80);
        value >>= 7;
    }
    bytes[size++] = static_cast<char>(value);
    out.append(bytes, size);
}

template <class FieldName>
void putNumber(std::string& out, FieldName field, std::int64_t value)
{
    if (value == 0) return;
    out.push_back(static_cast<char>(static_cast<unsigned>(field) << 1 | static_cast<unsigned>(Kind::Number)));
    // Zigzag: a negative number, which should not be, costs what it is worth and not ten bytes.
    putVarint(out, static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63));
}

template <class FieldName>
void putBytes(std::string& out, FieldName field, std::string_view bytes, bool evenEmpty = false)
{
    if (bytes.empty() && !evenEmpty) return;
    out.push_back(static_cast<char>(static_cast<unsigned>(field) << 1 | static_cast<unsigned>(Kind::Bytes)));
    putVarint(out, bytes.size());
    out.append(bytes);
}

std::size_t attemptBytes(const AttemptRow& attempt)
{
    return attempt.provider.size() + attempt.model.size() + attempt.keyId.size() + attempt.error.size() + 100;
}

void putAttempt(std::string& out, const AttemptRow& attempt)
{
    std::string inner;
    inner.reserve(attemptBytes(attempt));
    putBytes(inner, AttemptField::Provider, attempt.provider);
    putBytes(inner, AttemptField::Model, attempt.model);
    putBytes(inner, AttemptField::KeyId, attempt.keyId);
    putNumber(inner, AttemptField::Status, attempt.status);
    putBytes(inner, AttemptField::Error, attempt.error);
    putNumber(inner, AttemptField::StartedAfter, attempt.startedAfter);
    putNumber(inner, AttemptField::Connect, attempt.connect);
    putNumber(inner, AttemptField::FirstByte, attempt.firstByte);
    putNumber(inner, AttemptField::Total, attempt.total);
    putNumber(inner, AttemptField::CostNanos, attempt.costNanos);
    putBytes(out, Field::Attempt, inner, true);
}

void putList(std::string& out, Field field, const std::vector<std::string>& items)
{
    const std::size_t count = std::min(items.size(), kMaxListItems);
    for (std::size_t i = 0; i < count; ++i)
        putBytes(out, field, items[i], true);
}

/// One field as it stands in the record.
struct Entry {
    unsigned number = 0;
    Kind kind = Kind::Number;
    std::int64_t value = 0;
    std::string_view bytes;
};

class Entries {
public:
    explicit Entries(std::string_view bytes) : m_rest(bytes) {}
    [[nodiscard]] bool atEnd() const { return m_rest.empty(); }

    /// False where the bytes are no field.
    bool read(Entry& entry)
    {
        const auto tag = static_cast<unsigned char>(m_rest.front());
        m_rest.remove_prefix(1);
        entry.number = tag >> 1;
        entry.kind = static_cast<Kind>(tag & 1);
        std::uint64_t number = 0;
        if (!readVarint(number)) return false;
        if (entry.kind == Kind::Number) {
            entry.value = static_cast<std::int64_t>(number >> 1 ^ (~(number & 1) + 1));
            return true;
        }
        if (number > m_rest.size()) return false;
        entry.bytes = m_rest.substr(0, number);
        m_rest.remove_prefix(number);
        return true;
    }

private:
    bool readVarint(std::uint64_t& value)
    {
        for (unsigned shift = 0; shift < 64 && !m_rest.empty(); shift += 7) {
            const auto byte = static_cast<unsigned char>(m_rest.front());
            m_rest.remove_prefix(1);
            if (shift == 63 && byte > 1) return false;
            value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
            if (byte < 0x80) return true;
        }
        return false;
    }

    std::string_view m_rest;
};

int toStatus(std::int64_t value)
{
    return static_cast<int>(std::clamp<std::int64_t>(value, 0, std::numeric_limits<int>::max()));
}

std::string* textOf(AttemptRow& attempt, unsigned number)
{
    switch (static_cast<AttemptField>(number)) {
    case AttemptField::Provider:
        return &attempt.provider;
    case AttemptField::Model:
        return &attempt.model;
    case AttemptField::KeyId:
        return &attempt.keyId;
    case AttemptField::Error:
        return &attempt.error;
    default:
        return nullptr;
    }
}

std::int64_t* numberOf(AttemptRow& attempt, unsigned number)
{
    switch (static_cast<AttemptField>(number)) {
    case AttemptField::StartedAfter:
        return &attempt.startedAfter;
    case AttemptField::Connect:
        return &attempt.connect;
    case AttemptField::FirstByte:
        return &attempt.firstByte;
    case AttemptField::Total:
        return &attempt.total;
    case AttemptField::CostNanos:
        return &attempt.costNanos;
    default:
        return nullptr;
    }
}

bool readAttempt(std::string_view bytes, AttemptRow& attempt)
{
    Entries entries(bytes);
    while (!entries.atEnd()) {
        Entry entry;
        if (!entries.read(entry)) return false;
        if (entry.kind == Kind::Bytes) {
            if (auto* text = textOf(attempt, entry.number)) text->assign(entry.bytes);
        } else if (entry.number == static_cast<unsigned>(AttemptField::Status)) {
            attempt.status = toStatus(entry.value);
        } else if (auto* number = numberOf(attempt, entry.number)) {
            *number = entry.value;
        }
    }
    return true;
}

std::string* textOf(LogRow& row, Field field)
{
    switch (field) {
    case Field::Key:
        return &row.key;
    case Field::Client:
        return &row.client;
    case Field::Dialect:
        return &row.dialect;
    case Field::RequestedModel:
        return &row.requestedModel;
    case Field::Route:
        return &row.route;
    case Field::Provider:
        return &row.provider;
    case Field::Model:
        return &row.model;
    case Field::ErrorCode:
        return &row.errorCode;
    case Field::ErrorMessage:
        return &row.errorMessage;
    case Field::CostSource:
        return &row.costSource;
    case Field::Cache:
        return &row.cache;
    case Field::MetadataJson:
        return &row.metadataJson;
    case Field::Session:
        return &row.session;
    case Field::Trace:
        return &row.trace;
    case Field::RequestBody:
        return &row.requestBody;
    case Field::ResponseBody:
        return &row.responseBody;
    case Field::Once:
        return &row.once;
    case Field::DecisionJson:
        return &row.decisionJson;
    case Field::GuardrailsJson:
        return &row.guardrailsJson;
    case Field::RewritesJson:
        return &row.rewritesJson;
    case Field::ServiceTier:
        return &row.serviceTier;
    case Field::PriceVersion:
        return &row.priceVersion;
    case Field::Program:
        return &row.program;
    case Field::Folder:
        return &row.folder;
    case Field::Repository:
        return &row.repository;
    default:
        return nullptr;
    }
}

/// Parts of usage that have prices of their own.
std::int64_t* pieceOf(LogRow& row, Field field)
{
    switch (field) {
    case Field::CacheWriteHourTokens:
        return &row.cacheWriteHourTokens;
    case Field::AudioInputTokens:
        return &row.audioInputTokens;
    case Field::AudioOutputTokens:
        return &row.audioOutputTokens;
    case Field::ImageInputTokens:
        return &row.imageInputTokens;
    case Field::ImageOutputTokens:
        return &row.imageOutputTokens;
    case Field::Images:
        return &row.images;
    case Field::Milliseconds:
        return &row.milliseconds;
    case Field::Characters:
        return &row.characters;
    case Field::Units:
        return &row.units;
    case Field::Searches:
        return &row.searches;
    case Field::RoutedNanos:
        return &row.routedNanos;
    default:
        return nullptr;
    }
}

std::int64_t* numberOf(LogRow& row, Field field)
{
    switch (field) {
    case Field::Id:
        return &row.id.value;
    case Field::InputTokens:
        return &row.inputTokens;
    case Field::OutputTokens:
        return &row.outputTokens;
    case Field::CacheReadTokens:
        return &row.cacheReadTokens;
    case Field::CacheWriteTokens:
        return &row.cacheWriteTokens;
    case Field::ReasoningTokens:
        return &row.reasoningTokens;
    case Field::CostNanos:
        return &row.costNanos;
    case Field::SavedNanos:
        return &row.savedNanos;
    case Field::FirstToken:
        return &row.firstToken;
    case Field::Total:
        return &row.total;
    case Field::Overhead:
        return &row.overhead;
    default:
        return pieceOf(row, field);
    }
}

bool readBytes(const Entry& entry, LogRow& row)
{
    const auto field = static_cast<Field>(entry.number);
    if (field == Field::Attempt) {
        if (row.attempts.size() >= kMaxAttempts) return false;
        return readAttempt(entry.bytes, row.attempts.emplace_back());
    }
    if (field == Field::Tag || field == Field::Dropped) {
        auto& list = field == Field::Tag ? row.tags : row.dropped;
        if (list.size() >= kMaxListItems) return false;
        list.emplace_back(entry.bytes);
        return true;
    }
    if (auto* text = textOf(row, field)) text->assign(entry.bytes);
    return true;
}

void readNumber(const Entry& entry, LogRow& row)
{
    const auto field = static_cast<Field>(entry.number);
    if (field == Field::Stream)
        row.stream = entry.value != 0;
    else if (field == Field::Status)
        row.status = toStatus(entry.value);
    else if (auto* number = numberOf(row, field))
        *number = entry.value;
}

void clear(LogRow& row)
{
    for (unsigned number = 0; number < 64; ++number) {
        if (auto* text = textOf(row, static_cast<Field>(number))) text->clear();
        if (auto* value = numberOf(row, static_cast<Field>(number))) *value = 0;
    }
    row.stream = false;
    row.status = 0;
    row.attempts.clear();
    row.tags.clear();
    row.dropped.clear();
}

} // namespace

void encodeDetail(const LogRow& row, std::string& out)
{
    const std::size_t attempts = std::min(row.attempts.size(), kMaxAttempts);
    for (std::size_t i = 0; i < attempts; ++i)
        putAttempt(out, row.attempts[i]);
    putNumber(out, Field::CacheWriteHourTokens, row.cacheWriteHourTokens);
    putNumber(out, Field::AudioInputTokens, row.audioInputTokens);
    putNumber(out, Field::AudioOutputTokens, row.audioOutputTokens);
    putNumber(out, Field::ImageInputTokens, row.imageInputTokens);
    putNumber(out, Field::ImageOutputTokens, row.imageOutputTokens);
    putNumber(out, Field::Images, row.images);
    putNumber(out, Field::Milliseconds, row.milliseconds);
    putNumber(out, Field::Characters, row.characters);
    putNumber(out, Field::Units, row.units);
    putNumber(out, Field::Searches, row.searches);
    putBytes(out, Field::ServiceTier, row.serviceTier);
    putBytes(out, Field::PriceVersion, row.priceVersion);
    putBytes(out, Field::Folder, row.folder);
    putBytes(out, Field::MetadataJson, row.metadataJson);
    putBytes(out, Field::Trace, row.trace);
    putList(out, Field::Dropped, row.dropped);
    putBytes(out, Field::DecisionJson, row.decisionJson);
    putBytes(out, Field::GuardrailsJson, row.guardrailsJson);
    putBytes(out, Field::RewritesJson, row.rewritesJson);
}

void encodeRow(const LogRow& row, std::string& out)
{
    out.reserve(out.size() + 512 + row.requestBody.size() + row.responseBody.size());
    putNumber(out, Field::Id, row.id.value);
    putBytes(out, Field::Once, row.once);
    putBytes(out, Field::Key, row.key);
    putBytes(out, Field::Client, row.client);
    putBytes(out, Field::Dialect, row.dialect);
    putBytes(out, Field::RequestedModel, row.requestedModel);
    putBytes(out, Field::Route, row.route);
    putBytes(out, Field::Provider, row.provider);
    putBytes(out, Field::Model, row.model);
    putNumber(out, Field::Stream, row.stream ? 1 : 0);
    putNumber(out, Field::Status, row.status);
    putBytes(out, Field::ErrorCode, row.errorCode);
    putBytes(out, Field::ErrorMessage, row.errorMessage);
    putNumber(out, Field::InputTokens, row.inputTokens);
    putNumber(out, Field::OutputTokens, row.outputTokens);
    putNumber(out, Field::CacheReadTokens, row.cacheReadTokens);
    putNumber(out, Field::CacheWriteTokens, row.cacheWriteTokens);
    putNumber(out, Field::CostNanos, row.costNanos);
    putBytes(out, Field::CostSource, row.costSource);
    putNumber(out, Field::FirstToken, row.firstToken);
    putNumber(out, Field::Total, row.total);
    putNumber(out, Field::Overhead, row.overhead);
    putBytes(out, Field::Cache, row.cache);
    putList(out, Field::Tag, row.tags);
    putNumber(out, Field::ReasoningTokens, row.reasoningTokens);
    putNumber(out, Field::SavedNanos, row.savedNanos);
    putNumber(out, Field::RoutedNanos, row.routedNanos);
    putBytes(out, Field::Session, row.session);
    putBytes(out, Field::Program, row.program);
    putBytes(out, Field::Repository, row.repository);
    encodeDetail(row, out);
    putBytes(out, Field::RequestBody, row.requestBody);
    putBytes(out, Field::ResponseBody, row.responseBody);
}

bool decodeDetail(std::string_view bytes, LogRow& row)
{
    Entries entries(bytes);
    while (!entries.atEnd()) {
        Entry entry;
        if (!entries.read(entry)) return false;
        if (entry.kind == Kind::Number)
            readNumber(entry, row);
        else if (!readBytes(entry, row))
            return false;
    }
    return true;
}

bool decodeRowInto(std::string_view bytes, LogRow& row)
{
    clear(row);
    return decodeDetail(bytes, row) && row.id.value > 0;
}

std::optional<LogRow> decodeRow(std::string_view bytes)
{
    LogRow row;
    if (!decodeRowInto(bytes, row)) return std::nullopt;
    return row;
}

} // namespace gateway::log_store
