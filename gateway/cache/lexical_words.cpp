// SPDX-License-Identifier: GPL-3.0-or-later
#include "cache/lexical_words.h"

#include <algorithm>
#include <utility>

#include "cache/own_words.h"

namespace gateway::cache {

namespace {

using Role = LexicalText::Role;

constexpr std::string_view kSilent[] = {
    "a",           "an",        "the",     "is",       "are",    "am",      "was",      "were",
    "be",          "been",      "being",   "do",       "does",   "did",     "doing",    "has",
    "have",        "had",       "having",  "will",     "would",  "shall",   "i",        "me",
    "my",          "mine",      "we",      "us",       "our",    "ours",    "you",      "your",
    "yours",       "it",        "its",     "this",     "that",   "these",   "those",    "there",
    "and",         "so",        "then",    "what",     "which",  "who",     "whom",     "how",
    "please",      "kindly",    "thanks",  "thank",    "really", "quite",   "some",     "any",
    "actually",    "basically", "exactly", "myself",   "pls",    "plz",     "hi",       "hello",
    "whose",       "hey",       "oneself", "yourself", "itself", "located", "situated", "following",
    "explanation", "existing",  "given",
};

constexpr std::string_view kNegations[] = {"not",    "no",      "never",  "without", "none",   "nothing",
                                           "nobody", "neither", "nor",    "nowhere", "except", "excluding",
                                           "unless", "hardly",  "barely", "lacking", "non"};

constexpr std::pair<std::string_view, Role> kRoles[] = {
    {"in", Role::In},      {"on", Role::In},     {"at", Role::In},         {"within", Role::In},
    {"inside", Role::In},  {"of", Role::Of},     {"for", Role::For},       {"with", Role::With},
    {"using", Role::With}, {"via", Role::With},  {"about", Role::About},   {"regarding", Role::About},
    {"from", Role::From},  {"into", Role::To},   {"onto", Role::To},       {"towards", Role::To},
    {"by", Role::By},      {"than", Role::Than}, {"as", Role::As},         {"instead", Role::Instead},
    {"between", Role::Of}, {"among", Role::Of},  {"through", Role::Other},
};

constexpr std::pair<std::string_view, std::string_view> kFigures[] = {
    {"zero", "0"},       {"one", "1"},         {"two", "2"},           {"three", "3"},
    {"four", "4"},       {"five", "5"},        {"six", "6"},           {"seven", "7"},
    {"eight", "8"},      {"nine", "9"},        {"ten", "10"},          {"eleven", "11"},
    {"twelve", "12"},    {"thirteen", "13"},   {"fourteen", "14"},     {"fifteen", "15"},
    {"sixteen", "16"},   {"seventeen", "17"},  {"eighteen", "18"},     {"nineteen", "19"},
    {"twenty", "20"},    {"thirty", "30"},     {"forty", "40"},        {"fifty", "50"},
    {"sixty", "60"},     {"seventy", "70"},    {"eighty", "80"},       {"ninety", "90"},
    {"hundred", "100"},  {"thousand", "1000"}, {"million", "1000000"}, {"billion", "1000000000"},
    {"dozen", "12"},     {"half", "1/2"},      {"quarter", "1/4"},     {"once", "1x"},
    {"twice", "2x"},     {"first", "1th"},     {"second", "2th"},      {"third", "3th"},
    {"fourth", "4th"},   {"fifth", "5th"},     {"sixth", "6th"},       {"seventh", "7th"},
    {"eighth", "8th"},   {"ninth", "9th"},     {"tenth", "10th"},      {"eleventh", "11th"},
    {"twelfth", "12th"}, {"double", "2x"},     {"triple", "3x"},       {"single", "1"},
};

constexpr std::string_view kUnits[] = {
    "second",   "seconds",    "minute",    "minutes",    "hour",      "hours",      "day",
    "days",     "week",       "weeks",     "month",      "months",    "year",       "years",
    "decade",   "decades",    "century",   "centuries",  "ms",        "sec",        "am",
    "pm",       "km",         "cm",        "mm",         "kg",        "mg",         "lb",
    "lbs",      "oz",         "ml",        "ft",         "inch",      "inches",     "foot",
    "feet",     "yard",       "yards",     "mile",       "miles",     "meter",      "meters",
    "metre",    "metres",     "kilometer", "kilometers", "kilometre", "kilometres", "gram",
    "grams",    "kilogram",   "kilograms", "pound",      "pounds",    "ounce",      "ounces",
    "liter",    "liters",     "litre",     "litres",     "gallon",    "gallons",    "bit",
    "bits",     "byte",       "bytes",     "kilobyte",   "megabyte",  "gigabyte",   "terabyte",
    "kb",       "mb",         "gb",        "tb",         "word",      "words",      "line",
    "lines",    "page",       "pages",     "sentence",   "sentences", "paragraph",  "paragraphs",
    "dollar",   "dollars",    "euro",      "euros",      "percent",   "degree",     "degrees",
    "celsius",  "fahrenheit", "kelvin",    "monday",     "tuesday",   "wednesday",  "thursday",
    "friday",   "saturday",   "sunday",    "january",    "february",  "march",      "april",
    "may",      "june",       "july",      "august",     "september", "october",    "november",
    "december", "red",        "green",     "blue",       "yellow",    "black",      "white",
};

constexpr std::pair<std::string_view, std::string_view> kForms[] = {
    {"him", "he"},
    {"his", "he"},
    {"her", "she"},
    {"hers", "she"},
    {"them", "they"},
    {"their", "they"},
    {"theirs", "they"},
    {"every", "all"},
    {"each", "all"},
    {"everyone", "everybody"},
    {"cannot", "can"},
    {"could", "can"},
    {"ought", "should"},
    {"might", "may"},
    {"whether", "if"},
    {"int", "integer"},
    {"ints", "integer"},
    {"dict", "dictionary"},
    {"dicts", "dictionary"},
    {"func", "function"},
    {"var", "variable"},
    {"vars", "variable"},
    {"db", "database"},
    {"config", "configuration"},
    {"env", "environment"},
    {"repo", "repository"},
    {"repos", "repository"},
    {"js", "javascript"},
    {"postgres", "postgresql"},
    {"app", "application"},
    {"apps", "application"},
    {"docs", "documentation"},
    {"info", "information"},
    {"max", "maximum"},
    {"min", "minimum"},
    {"bool", "boolean"},
    {"char", "character"},
    {"chars", "character"},
    {"param", "parameter"},
    {"params", "parameter"},
    {"arg", "argument"},
    {"args", "argument"},
    {"dir", "directory"},
    {"folder", "directory"},
    {"folders", "directory"},
    {"photo", "picture"},
    {"photos", "picture"},
    {"largest", "biggest"},
    {"quickest", "fastest"},
    {"easiest", "simplest"},
    {"difference", "differ"},
    {"differences", "differ"},
    {"differs", "differ"},
    {"vs", "differ"},
    {"versus", "differ"},
};

constexpr std::pair<std::string_view, std::string_view> kMeasures[] = {
    {"tall", "height"},  {"high", "height"},  {"old", "age"},         {"deep", "depth"},
    {"far", "distance"}, {"heavy", "weight"}, {"fast", "speed"},      {"big", "size"},
    {"large", "size"},   {"wide", "width"},   {"hot", "temperature"},
};

constexpr std::pair<std::string_view, std::string_view> kSynonyms[] = {
    {"delete", "remove"}, {"erase", "remove"},  {"gift", "present"},  {"quit", "exit"},
    {"merge", "combine"}, {"fix", "correct"},   {"fast", "quick"},    {"undo", "revert"},
    {"film", "movie"},    {"picture", "image"}, {"buy", "purchase"},  {"fix", "repair"},
    {"bug", "error"},     {"show", "display"},  {"pro", "advantage"}, {"con", "disadvantage"},
    {"modify", "change"}, {"boss", "manager"},  {"retrieve", "get"},
};

constexpr std::pair<std::string_view, std::string_view> kDoers[] = {
    {"author", "write"},   {"writer", "write"},        {"inventor", "invent"},  {"composer", "compose"},
    {"painter", "paint"},  {"winner", "win"},          {"director", "direct"},  {"founder", "found"},
    {"creator", "create"}, {"discoverer", "discover"}, {"architect", "design"},
};

constexpr std::string_view kCarriers[] = {"sentence", "text",    "paragraph", "passage",
                                          "code",     "snippet", "phrase"};

constexpr std::string_view kMaking[] = {"write",   "create",  "make",  "generate",
                                        "produce", "compose", "draft", "craft"};

constexpr std::pair<std::string_view, std::uint8_t> kTenses[] = {
    {"is", LexicalText::Present},   {"are", LexicalText::Present},  {"am", LexicalText::Present},
    {"do", LexicalText::Present},   {"does", LexicalText::Present}, {"was", LexicalText::Past},
    {"were", LexicalText::Past},    {"did", LexicalText::Past},     {"had", LexicalText::Past},
    {"will", LexicalText::Future},  {"shall", LexicalText::Future}, {"gonna", LexicalText::Future},
    {"been", LexicalText::Perfect},
};

constexpr std::string_view kTimely[] = {
    "today",  "todays",   "tonight", "now",       "nowadays", "currently", "current",    "latest",
    "recent", "recently", "newest",  "yesterday", "tomorrow", "upcoming",  "ongoing",    "presently",
    "lately", "ago",      "live",    "breaking",  "forecast", "tonights",  "yesterdays",
};
constexpr std::string_view kSpans[] = {"second",    "minute",   "hour",   "day",     "night",     "morning",
                                       "afternoon", "evening",  "week",   "weekend", "month",     "quarter",
                                       "year",      "season",   "monday", "tuesday", "wednesday", "thursday",
                                       "friday",    "saturday", "sunday"};

constexpr std::pair<std::string_view, std::string_view> kOppositePairs[] = {
    {"more", "less"},     {"most", "least"},      {"cheapest", "expensive"},
    {"yes", "no"},        {"encrypt", "decrypt"}, {"encode", "decode"},
    {"import", "export"}, {"upload", "download"}, {"for", "against"},
    {"before", "after"},  {"best", "worst"},      {"min", "max"},
    {"first", "last"},    {"true", "false"},      {"on", "off"},
    {"add", "remove"},    {"create", "delete"},   {"push", "pull"},
    {"start", "stop"},    {"input", "output"},    {"above", "below"},
    {"over", "under"},    {"up", "down"},         {"wider", "narrower"},
    {"read", "write"},
};

template <class Table>
bool isListed(const Table& table, std::string_view word)
{
    return std::find(std::begin(table), std::end(table), word) != std::end(table);
}

template <class Table>
auto entryOf(const Table& table, std::string_view word)
{
    return std::find_if(std::begin(table), std::end(table),
                        [word](const auto& each) { return each.first == word; });
}

template <class Table>
bool isListedPair(const Table& table, std::string_view left, std::string_view right)
{
    return std::any_of(std::begin(table), std::end(table), [&](const auto& each) {
        return (each.first == left && each.second == right) || (each.first == right && each.second == left);
    });
}

bool isVowel(char c)
{
    return std::string_view("aeiouy").find(c) != std::string_view::npos;
}

/// "runn" of "running" as "run"; "add", "fall" and "pass" end so themselves.
bool isDoubled(std::string_view stem)
{
    const std::size_t size = stem.size();
    return size >= 3 && stem[size - 1] == stem[size - 2] && !isVowel(stem.back());
}

/// What is left of a verb without "ing" or "ed", as verbs that it may be of.
std::vector<std::string> verbsOf(const std::string& stem)
{
    if (isDoubled(stem)) return {stem.substr(0, stem.size() - 1), stem};
    const std::size_t size = stem.size();
    const bool isShort = size >= 2 && size <= 4 && !isVowel(stem.back()) && isVowel(stem[size - 2]) &&
                         (size == 2 || !isVowel(stem[size - 3]));
    if (isShort && std::string_view("wx").find(stem.back()) == std::string_view::npos)
        return {stem + 'e', stem};
    return {stem, stem + 'e'};
}

/// By its ending, whether there is such a word or not.
std::vector<std::string> candidatesOf(const std::string& word)
{
    const auto without = [&word](std::size_t count) { return word.substr(0, word.size() - count); };
    const auto endsWith = [&word](std::string_view ending) {
        return word.size() >= ending.size() + 2 && word.ends_with(ending);
    };
    if (endsWith("ies") && word.size() > 4) return {without(3) + 'y', without(1)};
    if (endsWith("ied")) return {without(3) + 'y', without(1)};
    if (endsWith("sses") || endsWith("shes") || endsWith("ches") || endsWith("xes") || endsWith("zes"))
        return {without(2), without(1)};
    if (endsWith("s") && !endsWith("ss") && !endsWith("us") && !endsWith("is")) {
        if (endsWith("es")) return {without(1), without(2)};
        return {without(1)};
    }
    if (endsWith("ing") && word.size() > 5) return verbsOf(without(3));
    if (endsWith("ed") && !endsWith("eed")) return verbsOf(without(2));
    return {};
}

bool isWithPrefix(std::string_view longer, std::string_view shorter)
{
    static constexpr std::string_view kPrefixes[] = {"un", "dis", "in", "im",  "ir",
                                                     "il", "non", "de", "mis", "anti"};
    return std::any_of(std::begin(kPrefixes), std::end(kPrefixes), [&](std::string_view prefix) {
        return longer.size() == prefix.size() + shorter.size() && longer.starts_with(prefix) &&
               longer.ends_with(shorter);
    });
}

/// "careless" and "careful".
bool isLackOf(std::string_view lacking, std::string_view having)
{
    constexpr std::string_view kLess = "less", kFul = "ful";
    return lacking.ends_with(kLess) && having.ends_with(kFul) &&
           lacking.substr(0, lacking.size() - kLess.size()) == having.substr(0, having.size() - kFul.size());
}

} // namespace

bool saysNothing(std::string_view word)
{
    return isListed(kSilent, word);
}

bool isNegation(std::string_view word)
{
    return isListed(kNegations, word);
}

std::optional<Role> roleBehind(std::string_view preposition)
{
    const auto found = entryOf(kRoles, preposition);
    return found == std::end(kRoles) ? std::nullopt : std::optional(found->second);
}

std::optional<std::string> figuresOf(std::string_view word)
{
    const auto found = entryOf(kFigures, word);
    return found == std::end(kFigures) ? std::nullopt : std::optional(std::string(found->second));
}

bool isUnit(std::string_view word)
{
    return isListed(kUnits, word);
}

std::string_view oneFor(std::string_view word)
{
    const auto found = entryOf(kForms, word);
    return found == std::end(kForms) ? word : found->second;
}

std::string_view measureOf(std::string_view degree)
{
    const auto found = entryOf(kMeasures, degree);
    return found == std::end(kMeasures) ? degree : found->second;
}

bool areUsualSynonyms(std::string_view left, std::string_view right)
{
    return isListedPair(kSynonyms, left, right);
}

bool areDoerOnce(std::string_view left, std::string_view right)
{
    return isListedPair(kDoers, left, right);
}

bool isCarrier(std::string_view word)
{
    return isListed(kCarriers, word);
}

bool isMaking(std::string_view verb)
{
    return isListed(kMaking, verb);
}

bool isModal(std::string_view word)
{
    static constexpr std::string_view kModals[] = {"can", "could", "may", "might", "should", "must"};
    return isListed(kModals, word);
}

std::uint8_t tenseOf(std::string_view auxiliary)
{
    const auto found = entryOf(kTenses, auxiliary);
    return found == std::end(kTenses) ? std::uint8_t{0} : found->second;
}

bool isTimely(std::string_view word)
{
    return isListed(kTimely, word);
}

bool isTimelyBefore(std::string_view word, std::string_view span)
{
    return (word == "this" || word == "last" || word == "next" || word == "past" || word == "coming") &&
           isListed(kSpans, span);
}

std::array<std::string, 2> basesOf(const std::string& word)
{
    std::array<std::string, 2> bases;
    std::size_t count = 0;
    const auto take = [&](std::string_view base) {
        const std::string spelled = oneSpelling(std::string(base));
        if (count < bases.size() && spelled != bases[0]) bases[count++] = spelled;
    };
    const Thesaurus& words = ownWords();
    for (const std::string_view base : words.basesOf(word))
        take(base);
    const auto candidates = candidatesOf(word);
    bool isKnown = false;
    for (const std::string& each : candidates) {
        if (isKnown || !words.knows(each)) continue;
        take(each);
        isKnown = true;
    }
    // A word that is in no dictionary, or none is here: what it most likely is.
    if (!isKnown && count == 0 && !words.knows(word)) {
        for (const std::string& each : candidates)
            take(each);
    }
    return bases;
}

std::string oneSpelling(std::string word)
{
    static constexpr std::pair<std::string_view, std::string_view> kSpellings[] = {
        {"isation", "ization"},
        {"ise", "ize"},
        {"ised", "ized"},
        {"ising", "izing"},
        {"ises", "izes"},
        {"yse", "yze"},
        {"our", "or"},
        {"ours", "ors"},
        {"oured", "ored"},
        {"ouring", "oring"},
        {"tre", "ter"},
        {"tres", "ters"},
        {"ogue", "og"},
        {"ence", "ense"},
        {"grey", "gray"},
        {"iser", "izer"},
        {"aeroplane", "airplane"},
    };
    if (word.size() < 4) return word;
    for (const auto& [ending, other] : kSpellings) {
        if (!word.ends_with(ending) || (word.size() < 5 && word != ending)) continue;
        word.replace(word.size() - ending.size(), ending.size(), other);
        return word;
    }
    return word;
}

bool maybePast(const std::string& word)
{
    if (ownWords().isIrregularPast(word)) return true;
    if (!word.ends_with("ed") || word.ends_with("eed") || word.size() < 4) return false;
    const auto candidates = candidatesOf(word);
    return std::any_of(candidates.begin(), candidates.end(), [](const std::string& each) {
        return !ownWords().hasWords() || (ownWords().kinds(each) & Thesaurus::Verb) != 0;
    });
}

bool maybeSeveral(const std::string& word)
{
    const auto bases = ownWords().basesOf(word);
    if (word.ends_with('s') ? candidatesOf(word).empty() : bases.empty()) return false;
    const auto isNoun = [](std::string_view base) { return (ownWords().kinds(base) & Thesaurus::Noun) != 0; };
    return word.ends_with('s') || (std::any_of(bases.begin(), bases.end(), isNoun) && !maybePast(word));
}

bool areOpposites(std::string_view left, std::string_view right)
{
    if (ownWords().areOpposites(left, right)) return true;
    return isListedPair(kOppositePairs, left, right) || isWithPrefix(left, right) ||
           isWithPrefix(right, left) || isLackOf(left, right) || isLackOf(right, left);
}

} // namespace gateway::cache
