// SPDX-License-Identifier: GPL-3.0-or-later
#include "routing/complexity.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>
#include <string>
#include <unordered_map>

#include "base/strings.h"

namespace gateway::routing {

namespace {

constexpr std::size_t kEnd = std::size_t{4} << 10; // bytes that are read at either end
constexpr int kMediumFrom = 1, kComplexFrom = 4, kReasoningFrom = 2, kHardFrom = 3;

enum class Sort : std::uint8_t { Code, Design, Demand, Plain, Reasoning, Proof };

/// Phrases of up to three words, in small letters.
const std::unordered_map<std::string_view, Sort>& phraseSorts()
{
    static const std::unordered_map<std::string_view, Sort> sorts = [] {
        std::unordered_map<std::string_view, Sort> made;
        const auto add = [&made](Sort sort, std::initializer_list<std::string_view> phrases) {
            for (const std::string_view phrase : phrases)
                made.emplace(phrase, sort);
        };
        add(Sort::Code, {"function",     "class",
                         "method",       "compile",
                         "compiler",     "debug",
                         "bug",          "exception",
                         "stack trace",  "regex",
                         "sql",          "query",
                         "api",          "python",
                         "javascript",   "typescript",
                         "java",         "rust",
                         "c++",          "html",
                         "css",          "bash",
                         "shell script", "unit test",
                         "unit tests",   "docker",
                         "kubernetes",   "algorithm",
                         "recursion",    "thread",
                         "async",        "null pointer",
                         "segfault",     "segmentation fault",
                         "loop",         "code"});
        add(Sort::Design,
            {"architecture", "architect",         "distributed",  "scalable",      "scalability",
             "concurrency",  "refactor",          "migrate",      "migration",     "optimize",
             "optimise",     "trade-off",         "trade-offs",   "tradeoffs",     "design",
             "evaluate",     "analyze",           "analyse",      "analysis",      "compare",
             "comparison",   "critique",          "strategy",     "roadmap",       "in depth",
             "in-depth",     "comprehensive",     "end to end",   "business plan", "threat model",
             "root cause",   "literature review", "specification"});
        add(Sort::Demand, {"table", "json", "csv", "yaml", "markdown", "bullet points", "at least", "at most",
                           "exactly", "no more than", "no longer than", "must not", "make sure", "format",
                           "sections", "citations", "with examples", "constraints", "requirements"});
        add(Sort::Plain, {"hi",           "hello",     "hey",    "thanks",     "thank you", "good morning",
                          "good evening", "what is",   "what's", "who is",     "who was",   "when is",
                          "when was",     "where is",  "define", "capital of", "how old",   "how tall",
                          "how far",      "what time", "spell",  "synonym"});
        add(Sort::Reasoning, {"why", "reason", "reasoning", "logic", "puzzle", "riddle", "deduce", "infer",
                              "paradox", "probability", "optimal", "equation", "integral", "derivative",
                              "how many ways", "counterexample", "hypothesis"});
        add(Sort::Proof, {"prove", "proof", "theorem", "lemma", "derive", "derivation", "step by step",
                          "step-by-step", "think carefully", "think through", "chain of thought", "induction",
                          "contradiction", "show that", "explain your reasoning", "show your work"});
        return made;
    }();
    return sorts;
}

bool isLetter(char each)
{
    return isAsciiAlnum(each) || each == '\'' || each == '-' || each == '+' ||
           static_cast<unsigned char>(each) >= 0x80;
}

struct Counts {
    std::size_t words = 0, questions = 0, listed = 0;
    bool hasBlock = false;
    std::array<std::set<std::string_view>, 6> found; // of each sort, different ones

    [[nodiscard]] int of(Sort sort) const
    {
        return static_cast<int>(found[static_cast<std::size_t>(sort)].size());
    }
};

/// "- ", "* ", "3. ", "3) " at the beginning of a line.
bool isListed(std::string_view line)
{
    line = trimmed(line);
    std::size_t digits = 0;
    while (digits < line.size() && line[digits] >= '0' && line[digits] <= '9')
        ++digits;
    const std::string_view mark = line.substr(digits);
    if (digits == 0) return mark.starts_with("- ") || mark.starts_with("* ") || mark.starts_with("• ");
    return digits <= 2 && (mark.starts_with(". ") || mark.starts_with(") "));
}

void notePhrases(std::string_view small, Counts& counts)
{
    std::array<std::size_t, 3> begins{}; // of the last words
    std::size_t begin = 0;
    for (std::size_t at = 0; at <= small.size(); ++at) {
        if (at < small.size() && isLetter(small[at])) continue;
        if (at > begin) {
            begins = {begins[1], begins[2], begin};
            const std::size_t known = std::min<std::size_t>(++counts.words, begins.size());
            for (std::size_t back = 0; back < known; ++back) {
                const std::size_t from = begins[begins.size() - 1 - back];
                const auto sort = phraseSorts().find(small.substr(from, at - from));
                if (sort != phraseSorts().end())
                    counts.found[static_cast<std::size_t>(sort->second)].insert(sort->first);
            }
        }
        begin = at + 1;
    }
}

Counts countsOf(std::string_view text)
{
    Counts counts;
    std::string small(text);
    std::transform(small.begin(), small.end(), small.begin(), [](char each) {
        return each >= 'A' && each <= 'Z' ? static_cast<char>(each + 32) : each;
    });
    notePhrases(small, counts);
    counts.questions = static_cast<std::size_t>(std::count(text.begin(), text.end(), '?'));
    counts.hasBlock = text.find("```") != std::string_view::npos;
    for (const std::string_view line : splitAt(text, '\n'))
        counts.listed += isListed(line) ? 1 : 0;
    return counts;
}

/// By the first of these that the number reaches.
int stepOf(std::size_t number, std::initializer_list<std::pair<std::size_t, int>> steps)
{
    for (const auto& [from, points] : steps) {
        if (number >= from) return points;
    }
    return 0;
}

int pointsOf(const ComplexitySigns& signs, const Counts& counts, std::size_t words)
{
    int points = words < 8 ? -1 : stepOf(words, {{600, 3}, {200, 2}, {60, 1}});
    points += stepOf(static_cast<std::size_t>(std::max<std::int64_t>(signs.inputTokens, 0)),
                     {{20'000, 2}, {4000, 1}});
    points += (counts.hasBlock ? 2 : 0) + std::min(counts.of(Sort::Code), 2);
    points += std::min(2 * counts.of(Sort::Design), 4);
    points += stepOf(counts.questions, {{4, 2}, {2, 1}}) + (counts.listed >= 3 ? 1 : 0);
    points +=
        (counts.of(Sort::Demand) >= 2 ? 1 : 0) + (signs.wantsShape ? 1 : 0) + (signs.offersTools ? 1 : 0);
    return points - (counts.of(Sort::Plain) > 0 && words < 20 ? 1 : 0);
}

} // namespace

std::string_view complexityOf(const ComplexitySigns& signs)
{
    const std::string_view text = signs.text;
    std::string ends;
    std::size_t left = 0; // words that were not read, about
    if (text.size() > 2 * kEnd) {
        constexpr std::size_t kUsualWord = 6;
        left = (text.size() - 2 * kEnd) / kUsualWord;
        ends.append(text.substr(0, kEnd)).append("\n").append(text.substr(text.size() - kEnd));
    }
    const Counts counts = countsOf(ends.empty() ? text : ends);
    const int points = pointsOf(signs, counts, counts.words + left);
    const int reasoning = counts.of(Sort::Reasoning) + 2 * counts.of(Sort::Proof);
    if (reasoning >= kReasoningFrom || (reasoning > 0 && points >= kHardFrom)) return "reasoning";
    if (points >= kComplexFrom) return "complex";
    return points >= kMediumFrom ? "medium" : "simple";
}

} // namespace gateway::routing
