// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

#include "base/sha256.h"
#include "guardrail/personal/finders.h"

namespace gateway::guardrail {

namespace {

const CalledBy& walletNames()
{
    static const CalledBy names("eth|ethereum|wallet|address");
    return names;
}

/// Base58Check as Bitcoin has it: 25 bytes, of which the last four begin the double SHA-256 of the others.
bool passesBase58Check(std::string_view word)
{
    constexpr std::string_view kDigits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    std::array<std::uint8_t, 25> bytes{};
    for (const char c : word) {
        const std::size_t digit = kDigits.find(c);
        if (digit == std::string_view::npos) return false;
        auto carry = static_cast<unsigned>(digit);
        for (auto at = bytes.rbegin(); at != bytes.rend(); ++at) {
            carry += 58U * *at;
            *at = static_cast<std::uint8_t>(carry);
            carry >>= 8;
        }
        if (carry != 0) return false;
    }
    const auto viewOf = [](const auto& data, std::size_t size) {
        return std::string_view(reinterpret_cast<const char*>(data.data()), size);
    };
    const Sha256 once = sha256(viewOf(bytes, 21));
    const Sha256 twice = sha256(viewOf(once, once.size()));
    return std::equal(bytes.begin() + 21, bytes.end(), twice.begin());
}

/// BIP 173 and BIP 350: "bc1" and a checksum over five-bit digits.
bool passesBech32(std::string_view word)
{
    constexpr std::string_view kDigits = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    constexpr std::array<std::uint32_t, 5> kGenerator{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd,
                                                      0x2a1462b3};
    std::uint32_t check = 1;
    const auto add = [&](std::uint32_t value) {
        const std::uint32_t top = check >> 25;
        check = (check & 0x1ffffff) << 5 ^ value;
        for (std::size_t i = 0; i < kGenerator.size(); ++i)
            check ^= (top >> i & 1) != 0 ? kGenerator[i] : 0;
    };
    for (const std::uint32_t value : {3U, 3U, 0U, 2U, 3U}) // "bc"
        add(value);
    for (const char c : word.substr(3)) {
        const std::size_t digit = kDigits.find(c);
        if (digit == std::string_view::npos) return false;
        add(static_cast<std::uint32_t>(digit));
    }
    return check == 1 || check == 0x2bc830a3;
}

bool isEthereum(std::string_view word)
{
    return word.size() == 42 && word.starts_with("0x") &&
           word.find_first_not_of("0123456789abcdefABCDEF", 2) == std::string_view::npos;
}

} // namespace

/// Bitcoin's by their checksums; Ethereum's, which have none, where the words around speak of money.
void findCryptoAddresses(const Scan& scan, std::vector<Finding>& found)
{
    for (const Word& word : scan.words) {
        const std::string_view text = scan.of(word);
        if (text.size() < 26 || text.size() > 90) continue;
        const bool bitcoin =
            (text.front() == '1' || text.front() == '3') && text.size() <= 35 && passesBase58Check(text);
        const bool later = text.starts_with("bc1") && text.size() >= 14 && passesBech32(text);
        const bool ethereum = isEthereum(text) && scan.isCalled(word.start, word.end, walletNames());
        if (bitcoin || later || ethereum) found.push_back({word.start, word.size(), Entity::CryptoAddress});
    }
}

} // namespace gateway::guardrail
