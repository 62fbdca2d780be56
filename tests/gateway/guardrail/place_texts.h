// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include <QTest>

#include "guardrail/stream_guard.h"

/// What every check that finds places has to stand.
namespace gateway::guardrail {

inline std::vector<std::string> hostileTexts()
{
    const std::size_t million = std::size_t{1} << 20;
    std::vector<std::string> texts{"",
                                   "\n",
                                   ".",
                                   std::string(1, '\0'),
                                   std::string("a\0b\0ignore\0all", 14),
                                   "\xff\xfe\xfd",
                                   "a\xc3",
                                   "\xf0\x9f\x98",
                                   "\xed\xa0\x80 lone",
                                   "\xe2\x80\x8b\xe2\x80\x8b"};
    for (const char c :
         {'a', ' ', '\n', '.', '=', '%', '&', '\\', '[', '<', '#', '`', '!', '"', '\xc3', '\xf3'})
        texts.emplace_back(million, c);
    for (const char* part : {"ab ",
                             "a b ",
                             "ignore ",
                             "not ",
                             "ignore all your ",
                             "%41",
                             "\\u0041",
                             "&#65;",
                             "41 ",
                             "SWdub3JlIGFsbCBwcmV2aW91cyBpbnN0cnVjdGlvbnM ",
                             "](http://",
                             "](//a",
                             "http://?",
                             "http://a]",
                             "http://[",
                             "www.",
                             "//a.b ",
                             "![a](http://x/",
                             "```\n",
                             "[a]: http://x\n",
                             "https://a.b/?q=",
                             "<|im_start|>",
                             "\xe5\xbf\xbd",
                             "f u c k ",
                             "sh1t "}) {
        std::string text;
        while (text.size() < million / 4)
            text += part;
        texts.push_back(std::move(text));
    }
    return texts;
}

/// Places are within the text, by place, none over another, and have a kind.
inline void requirePlacesInOrder(const Check& check)
{
    for (const std::string& text : hostileTexts()) {
        std::vector<Found> found;
        check.find(text, found);
        std::size_t end = 0;
        for (const Found& each : found) {
            QVERIFY(each.size > 0 && each.start >= end && each.start + each.size <= text.size());
            QVERIFY(!each.kind.empty());
            end = each.start + each.size;
        }
        QVERIFY(found.empty() || check.mayFind(text));
        QVERIFY(check.openSince(text) <= text.size());
    }
}

/// A text in parts is masked as the whole of it, wherever it is cut.
inline void requireSameInParts(const char* kind, const std::string& text, const char* parameters = "")
{
    GuardrailConfig config;
    config.id = GuardrailId("rule");
    config.check = kind;
    config.on = "both";
    config.action = "mask";
    config.paramsJson = parameters;
    Config all;
    all.guardrails = {config};
    const RuleSet set(all);
    std::vector<const Rule*> rules{&set.rules().front()};
    Masks masks("salt");
    TextGuard whole(rules, masks);
    const auto masked = whole.guard(text, Stage::Response, 1);
    QVERIFY(masked.has_value());
    const auto streamed = [&](const std::vector<std::string_view>& parts) {
        TextGuard guard(rules, masks);
        StreamGuard stream(guard, nullptr, Stage::Response, 1, false);
        std::string out;
        for (const std::string_view part : parts)
            out += stream.feed(part);
        return QByteArray::fromStdString(out + stream.finish());
    };
    const QByteArray wanted = QByteArray::fromStdString(*masked);
    const std::string_view view = text;
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        const QByteArray out = streamed({view.substr(0, cut), view.substr(cut)});
        if (out != wanted) qInfo("cut at %d:\n%s\n%s", int(cut), out.constData(), wanted.constData());
        QCOMPARE(out, wanted);
    }
    for (const std::size_t size : {1U, 2U, 3U, 7U, 16U, 31U}) {
        std::vector<std::string_view> parts;
        for (std::size_t at = 0; at < text.size(); at += size)
            parts.push_back(view.substr(at, size));
        const QByteArray out = streamed(parts);
        if (out != wanted) qInfo("in %ds:\n%s\n%s", int(size), out.constData(), wanted.constData());
        QCOMPARE(out, wanted);
    }
}

} // namespace gateway::guardrail
