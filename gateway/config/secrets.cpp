// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/secrets.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_descriptor.h"
#include "base/strings.h"

namespace gateway {

namespace {

constexpr std::size_t kMaxFileBytes = 16 * 1024;
constexpr std::size_t kMaxSecretNameBytes = 256;
constexpr std::size_t kShortSecret = 12;

bool isVariableName(std::string_view name)
{
    const auto isWord = [](char c) { return isAsciiAlnum(c) || c == '_'; };
    return !name.empty() && !isAsciiDigit(name.front()) && std::all_of(name.begin(), name.end(), isWord);
}

/// `where` names the place, never the bytes.
Result<Secret> checkedSecret(std::string_view bytes, const std::string& where)
{
    if (auto secret = secretIn(bytes)) return *std::move(secret);
    const char* const problem =
        trimmed(bytes).empty() ? " is empty." : " holds more than one line or control characters.";
    return gatewayError(Code::ProviderKeyUnavailable, where + problem);
}

Result<Secret> readVariable(const std::string& name)
{
    const char* value = std::getenv(name.c_str());
    if (value == nullptr)
        return gatewayError(Code::ProviderKeyUnavailable,
                            "The environment variable " + name + " is not set.");
    return checkedSecret(value, "The environment variable " + name);
}

/// Why the opened file must not be used; empty when it may be.
std::string fileProblem(int descriptor)
{
    struct stat info = {};
    if (fstat(descriptor, &info) != 0) return std::strerror(errno);
    if (!S_ISREG(info.st_mode)) return "it is not a regular file";
    if (info.st_uid != geteuid() && info.st_uid != 0) return "it belongs to another user";
    if ((info.st_mode & 0077U) != 0) return "other users could read it; run chmod 600 on it";
    if (info.st_size > static_cast<off_t>(kMaxFileBytes)) return "it is larger than 16 KiB";
    return {};
}

Result<Secret> readFile(const std::string& path)
{
    const auto refuse = [&path](const std::string& why) {
        return gatewayError(Code::ProviderKeyUnavailable,
                            "The key file " + path + " cannot be used: " + why + ".");
    };
    // A link is followed: what counts is the file it leads to, and that one is checked after it was opened.
    // O_NONBLOCK keeps a pipe in its place from holding us up.
    const FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file) return refuse(std::strerror(errno));
    if (const std::string problem = fileProblem(file.number()); !problem.empty()) return refuse(problem);
    std::array<char, kMaxFileBytes + 1> bytes;
    std::size_t size = 0;
    ssize_t count = 0;
    while (size < bytes.size() && (count = read(file.number(), bytes.data() + size, bytes.size() - size)) > 0)
        size += static_cast<std::size_t>(count);
    Result<Secret> secret = count < 0 ? refuse(std::strerror(errno))
                            : size > kMaxFileBytes
                                ? refuse("it is larger than 16 KiB")
                                : checkedSecret({bytes.data(), size}, "The key file " + path);
    explicit_bzero(bytes.data(), bytes.size());
    return secret;
}

} // namespace

/// Own pages: they can be locked, kept out of core dumps and given back zeroed without touching a neighbour.
struct Secret::Buffer {
    explicit Buffer(std::string_view bytes) : size(bytes.size())
    {
        const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
        mapped = (size + page - 1) / page * page;
        void* pages = mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (pages == MAP_FAILED) {
            mapped = 0;
            data = new char[size];
        } else {
            data = static_cast<char*>(pages);
            // Either may fail under a tight limit; the key is then still zeroed when freed.
            static_cast<void>(mlock(pages, mapped));
            static_cast<void>(madvise(pages, mapped, MADV_DONTDUMP));
        }
        std::memcpy(data, bytes.data(), size);
    }
    Buffer(const Buffer&) = delete;
    Buffer& operator=(const Buffer&) = delete;
    ~Buffer()
    {
        explicit_bzero(data, size);
        if (mapped == 0)
            delete[] data;
        else
            munmap(data, mapped);
    }

    char* data = nullptr;
    std::size_t size = 0;
    std::size_t mapped = 0;
};

Secret::Secret(std::string_view bytes)
{
    if (!bytes.empty()) m_buffer = std::make_shared<const Buffer>(bytes);
}

std::optional<Secret> secretIn(std::string_view text)
{
    std::string line(trimmed(text));
    const bool isJson = line.starts_with('{') && line.ends_with('}');
    // Outside of its texts a line end says no more than a space.
    const auto breaks = [](char c) { return c == '\n' || c == '\r' || c == '\t'; };
    if (isJson) std::replace_if(line.begin(), line.end(), breaks, ' ');
    std::optional<Secret> secret;
    if (!line.empty() && !hasControlByte(line)) secret.emplace(line);
    wipe(line);
    return secret;
}

bool Secret::empty() const
{
    return m_buffer == nullptr;
}

std::string_view Secret::reveal() const
{
    return m_buffer ? std::string_view(m_buffer->data, m_buffer->size) : std::string_view();
}

std::string Secret::masked() const
{
    const std::string_view bytes = reveal();
    return bytes.size() < kShortSecret ? "…" : "…" + std::string(bytes.substr(bytes.size() - 4));
}

void wipe(std::string& text)
{
    // Capacity, not size: a string that shrank still holds the old bytes behind its end.
    text.resize(text.capacity());
    explicit_bzero(text.data(), text.size());
    text.clear();
}

std::string SecretRef::text() const
{
    switch (kind) {
    case SecretKind::Keychain:
        return "keychain:" + name;
    case SecretKind::Environment:
        return "env:" + name;
    case SecretKind::File:
        return "file:" + name;
    case SecretKind::Undecided:
        break;
    }
    return {};
}

Result<SecretRef> parseSecretRef(std::string_view text)
{
    // The text is never repeated: it may be a key that was pasted into the wrong place.
    const auto refuse = [](std::string why) { return clientError(Code::InvalidRequest, std::move(why)); };
    const auto colon = text.find(':');
    const std::string_view scheme = text.substr(0, colon);
    const std::string_view name =
        colon == std::string_view::npos ? std::string_view() : text.substr(colon + 1);
    if (scheme == "env") {
        if (!isVariableName(name))
            return refuse("env: needs the name of an environment variable, as in env:OPENAI_API_KEY.");
        return SecretRef{SecretKind::Environment, std::string(name)};
    }
    if (scheme != "keychain" && scheme != "file")
        return refuse("A secret is named, never written here: keychain:NAME, env:VARIABLE or file:PATH.");
    if (name.empty() || hasControlByte(name))
        return refuse(std::string(scheme) + ": needs a name without control characters.");
    if (scheme == "file") {
        if (name.front() != '/') return refuse("file: needs an absolute path.");
        return SecretRef{SecretKind::File, std::string(name)};
    }
    if (name.size() > kMaxSecretNameBytes) return refuse("keychain: takes a name of at most 256 bytes.");
    return SecretRef{SecretKind::Keychain, std::string(name)};
}

Result<Secret> readLocalSecret(const SecretRef& ref)
{
    if (ref.kind == SecretKind::Environment) return readVariable(ref.name);
    if (ref.kind == SecretKind::File) return readFile(ref.name);
    return gatewayError(Code::ProviderKeyUnavailable, "Not a secret that can be read without the keychain.");
}

} // namespace gateway
