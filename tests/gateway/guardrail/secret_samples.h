// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "guardrail/secrets/rules.h"
#include "guardrail/secrets/shape.h"

/// Values of the shapes of rules, drawn by lot, so that no key stands in a file.
class SecretSamples {
public:
    explicit SecretSamples(unsigned seed) : m_random(seed) {}

    /// `written` as Shape reads it.
    std::string ofShape(std::string_view written)
    {
        std::string value;
        for (std::size_t i = 0; i < written.size();) {
            if (written[i] == '\'') {
                for (++i; written[i] != '\''; ++i)
                    value += written[i];
                ++i;
                continue;
            }
            const char name = written[i++];
            std::size_t count = 1;
            if (i < written.size() && written[i] == '{') {
                count = std::stoul(std::string(written.substr(i + 1, 5)));
                i = written.find('}', i) + 1;
            }
            // The fewest may be none or too few to look like anything.
            append(name, count == 0 ? 20 : count, value);
        }
        return value;
    }

    std::string ofRule(const gateway::guardrail::SecretRule& rule)
    {
        const bool prefix = rule.by == gateway::guardrail::SecretRule::By::Prefix;
        const std::string word(rule.words.substr(0, rule.words.find(' ')));
        return (prefix ? word : std::string()) + ofShape(rule.shape);
    }

    unsigned below(unsigned limit) { return m_random() % limit; }

private:
    void append(char name, std::size_t count, std::string& value)
    {
        const auto bytes = gateway::guardrail::bytesOfClass(name);
        std::string choice;
        for (unsigned byte = 0; byte < 256; ++byte) {
            if (bytes.test(byte)) choice += static_cast<char>(byte);
        }
        // One case of hexadecimal digits, as services write them; letters and digits for marks at the ends.
        if (name == 'H') choice = "0123456789abcdef";
        for (std::size_t i = 0; i < count; ++i) {
            char byte = choice[below(static_cast<unsigned>(choice.size()))];
            if ((i == 0 || i + 1 == count) && std::string_view("-_=+/.").find(byte) != std::string_view::npos)
                byte = 'k';
            value += byte;
        }
    }

    std::mt19937 m_random;
};
