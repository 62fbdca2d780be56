// SPDX-License-Identifier: GPL-3.0-or-later
#include "guardrail/secrets/secret_finder.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <mutex>
#include <optional>
#include <system_error>
#include <utility>

#include "base/byte_search.h"
#include "guardrail/secrets/assignment.h"
#include "guardrail/secrets/blocks.h"
#include "guardrail/secrets/likeness.h"

namespace gateway::guardrail {

namespace {

constexpr auto kOwnKinds =
    std::to_array<std::string_view>({"private_key", "connection_password", "jwt", "azure_secret",
                                     "terraform_token", "password", "generic_secret"});

template <typename Use>
void eachWord(std::string_view words, Use use)
{
    while (!words.empty()) {
        const std::size_t end = std::min(words.find(' '), words.size());
        use(words.substr(0, end));
        words.remove_prefix(std::min(words.size(), end + 1));
    }
}

bool isGeneric(const Found& found)
{
    return found.kind == "generic_secret" || found.kind == "password";
}

/// Whether a value may begin here: not within a longer word, but after the escape of a line end.
bool beginsHere(std::string_view text, std::size_t place, const ByteSet& within)
{
    static const ByteSet kWord = bytesOfClass('W');
    if (place == 0) return true;
    const auto before = static_cast<unsigned char>(text[place - 1]);
    if (!kWord.test(before) && !(within.test(before) && before == '-')) return true;
    return place > 1 && text[place - 2] == '\\' && (before == 'n' || before == 't' || before == 'r');
}

/// Leaves of those that overlap the one that is known better, else the longer.
void setApart(std::vector<Found>& found)
{
    std::stable_sort(found.begin(), found.end(), [](const Found& left, const Found& right) {
        if (left.start != right.start) return left.start < right.start;
        if (isGeneric(left) != isGeneric(right)) return isGeneric(right);
        return left.size > right.size;
    });
    std::vector<Found> kept;
    for (const Found& each : found) {
        if (!kept.empty() && each.start < kept.back().start + kept.back().size) {
            if (isGeneric(kept.back()) && !isGeneric(each)) kept.back() = each;
            continue;
        }
        kept.push_back(each);
    }
    found = std::move(kept);
}

/// Where the shared finder keeps what it compiles. Several engines in one process may say it at once.
struct SharedCache {
    std::mutex mutex;
    std::filesystem::path path;
};

SharedCache& sharedCache()
{
    static SharedCache cache;
    return cache;
}

std::filesystem::path sharedCachePath()
{
    const std::lock_guard lock(sharedCache().mutex);
    return sharedCache().path;
}

/// Every byte that may stand in a beginning. An escape's own backslash, too, as arguments of tools are JSON
/// within JSON.
ByteSet spelledIn(const std::vector<Beginning>& beginnings)
{
    ByteSet bytes;
    bytes.set('\\');
    for (const Beginning& each : beginnings) {
        bytes |= each.tail;
        for (const char byte : each.word)
            bytes.set(static_cast<unsigned char>(byte));
    }
    for (unsigned char letter = 'a'; letter <= 'z'; ++letter) {
        const auto capital = static_cast<unsigned char>(letter - 'a' + 'A');
        if (bytes.test(letter) || bytes.test(capital)) bytes.set(letter).set(capital);
    }
    return bytes;
}

/// Values of which the word stands in the middle: so many bytes of a class before it, others behind.
std::optional<Found> aroundWord(std::string_view text, std::size_t place, std::size_t before,
                                const Shape& shape, std::string_view kind)
{
    static const ByteSet kWord = bytesOfClass('W');
    if (place < before) return std::nullopt;
    const std::size_t start = place - before;
    if (start > 0 && kWord.test(static_cast<unsigned char>(text[start - 1]))) return std::nullopt;
    const std::size_t end = shape.matchEnd(text, start);
    if (end == std::string_view::npos || entropyOf(text.substr(start, end - start)) < 3) return std::nullopt;
    return Found{start, end - start, kind};
}

} // namespace

struct SecretFinder::Pass {
    std::string_view text;
    std::vector<Found>& found;
    std::size_t blocksRead = 0, valuesRead = 0;
};

SecretFinder::SecretFinder(const std::filesystem::path& cacheFile, PatternSet::Engine engine)
{
    for (std::size_t i = 0; i < secretRules().size(); ++i)
        addRule(static_cast<std::uint16_t>(i));
    leadOf(kBlockBegins, false, Sort::PrivateKey);
    leadOf("://", false, Sort::UrlPassword);
    leadOf("eyJ", false, Sort::WebToken);
    leadOf("Q~", false, Sort::AzureSecret);
    leadOf(".atlasv1.", false, Sort::TerraformToken);
    eachWord(genericWords(), [this](std::string_view word) { leadOf(word, true, Sort::Generic); });
    m_spelled = spelledIn(m_beginnings);
    m_set = PatternSet::compile(std::move(m_beginnings), cacheFile, engine);
}

const SecretFinder& SecretFinder::shared()
{
    static const SecretFinder finder(sharedCachePath());
    return finder;
}

void SecretFinder::keepCompiledIn(const std::filesystem::path& cacheFile)
{
    const std::lock_guard lock(sharedCache().mutex);
    sharedCache().path = cacheFile;
}

std::size_t SecretFinder::leadOf(std::string_view word, bool anyCase, Sort sort)
{
    for (std::size_t i = 0; i < m_beginnings.size(); ++i) {
        if (m_leads[i].sort == sort && m_beginnings[i].word == word && m_beginnings[i].anyCase == anyCase &&
            m_beginnings[i].tailSize == 0)
            return i;
    }
    m_beginnings.push_back({std::string(word), anyCase, {}, 0});
    m_leads.push_back({sort, word.size(), {}});
    return m_leads.size() - 1;
}

void SecretFinder::addRule(std::uint16_t rule)
{
    const SecretRule& row = secretRules()[rule];
    const Shape& shape = m_shapes.emplace_back(row.shape);
    eachWord(row.words, [&](std::string_view word) {
        if (row.by == SecretRule::By::Name) {
            m_leads[leadOf(word, true, Sort::Rules)].rules.push_back(rule);
            return;
        }
        // A few bytes more make a short word rare.
        const auto tail = static_cast<std::uint8_t>(std::min<std::size_t>(shape.firstLeast(), 8));
        m_beginnings.push_back({std::string(word), false, shape.firstBytes(), tail});
        m_leads.push_back({Sort::Rules, word.size(), {rule}});
    });
}

void SecretFinder::byRule(std::uint16_t rule, std::size_t place, std::size_t wordSize, Pass& pass) const
{
    const SecretRule& row = secretRules()[rule];
    const Shape& shape = m_shapes[rule];
    const auto add = [&](std::size_t start, std::size_t shaped, std::size_t end) {
        // A word that all values begin with says nothing of them.
        const std::string_view value = pass.text.substr(shaped, end - shaped);
        if (entropyOf(value) < row.leastEntropy || isPlaceholder(value)) return false;
        pass.found.push_back({start, end - start, row.id});
        return true;
    };
    if (row.by == SecretRule::By::Prefix) {
        if (!beginsHere(pass.text, place, shape.firstBytes())) return;
        const std::size_t end = shape.matchEnd(pass.text, place + wordSize);
        if (end != std::string_view::npos) add(place, end > place + wordSize ? place + wordSize : place, end);
        return;
    }
    const ValueStarts starts = valueStarts(pass.text, place + wordSize);
    for (std::size_t i = 0; i < starts.count; ++i) {
        const std::size_t end = shape.matchEnd(pass.text, starts.places[i]);
        if (end != std::string_view::npos && add(starts.places[i], starts.places[i], end)) return;
    }
}

void SecretFinder::follow(const Lead& lead, std::size_t place, Pass& pass) const
{
    static const Shape kAzureSecret("x{3}d{1}'Q~'x{31,34}");
    static const Shape kTerraformToken("a{14}'.atlasv1.'g{60,70}");
    std::optional<Found> found;
    switch (lead.sort) {
    case Sort::Rules:
        for (const std::uint16_t rule : lead.rules)
            byRule(rule, place, lead.size, pass);
        break;
    case Sort::PrivateKey:
        found = privateKeyAt(pass.text, place, pass.blocksRead);
        break;
    case Sort::UrlPassword:
        found = urlPasswordAt(pass.text, place);
        break;
    case Sort::WebToken:
        found = webTokenAt(pass.text, place);
        break;
    case Sort::AzureSecret:
        found = aroundWord(pass.text, place, 4, kAzureSecret, "azure_secret");
        break;
    case Sort::TerraformToken:
        found = aroundWord(pass.text, place, 14, kTerraformToken, "terraform_token");
        break;
    case Sort::Generic:
        found = genericValue(pass.text, place, lead.size, pass.valuesRead);
        break;
    case Sort::Undecided:
        break;
    }
    if (found) pass.found.push_back(*found);
}

void SecretFinder::find(std::string_view text, const Wanted& wanted, std::vector<Found>& into) const
{
    std::vector<Found> found;
    Pass pass{text, found};
    for (const Begun& each : m_set->find(text))
        follow(m_leads[each.beginning], each.place, pass);
    setApart(found);
    std::copy_if(found.begin(), found.end(), std::back_inserter(into),
                 [&wanted](const Found& each) { return !wanted || wanted(each.kind); });
}

/// Whether a byte of a beginning may be written as an escape.
bool SecretFinder::mayHide(std::string_view json) const
{
    const char* const end = json.data() + json.size();
    for (const char* at = json.data();; ++at) {
        at = findPair(at, end, '\\', 'u', '/');
        if (at == end) return false;
        if (at[1] == '/') return true;
        const std::string_view digits(at + 2,
                                      static_cast<std::size_t>(std::min<std::ptrdiff_t>(end - at - 2, 4)));
        unsigned byte = 0;
        const auto [rest, error] = std::from_chars(digits.data(), digits.data() + digits.size(), byte, 16);
        const bool isWhole = error == std::errc() && rest == digits.data() + 4;
        if (!isWhole || (byte < m_spelled.size() && m_spelled.test(byte))) return true;
    }
}

bool SecretFinder::mayFind(std::string_view json) const
{
    return mayHide(json) || m_set->findsAny(json);
}

std::vector<std::string_view> secretKinds()
{
    std::vector<std::string_view> kinds(kOwnKinds.begin(), kOwnKinds.end());
    for (const SecretRule& row : secretRules())
        kinds.push_back(row.id);
    std::sort(kinds.begin(), kinds.end());
    kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
    return kinds;
}

std::size_t openSince(std::string_view text)
{
    // These end any value but a private key.
    constexpr std::string_view kEnds = "\"'`<>(){}[],;\\ \t\r\n";
    const std::size_t last = text.find_last_of(kEnds);
    const std::size_t tail = last == std::string_view::npos ? 0 : last + 1;
    std::size_t read = 0;
    for (std::size_t at = text.find(kBlockBegins); at != std::string_view::npos;
         at = text.find(kBlockBegins, std::max(at + 1, read))) {
        if (isBlockOpen(text, at)) return std::min(at, tail);
        (void)privateKeyAt(text, at, read);
    }
    return tail;
}

} // namespace gateway::guardrail
