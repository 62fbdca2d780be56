// SPDX-License-Identifier: GPL-3.0-or-later
// What is found of others' samples: a folder with pii_presidio_research.jsonl (synthetic sentences with the
// places of what is personal in them) and intents_*.jsonl (sentences with nothing personal), named by
// TURNPIKE_SAMPLES. The project has no copy of them, and its own samples are in personal_data_test.
#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include <QDir>
#include <QFile>
#include <QTest>

#include "guardrail/personal_data.h"

using namespace gateway::guardrail;

namespace {

struct Goal {
    const char* type; // of the sample
    Entity entity;
    double recall, precision;
    const char* also = ""; // another type that is meant by it
};
const Goal kGoals[] = {
    {"EMAIL_ADDRESS", Entity::Email, 0.99, 0.98},
    {"IBAN_CODE", Entity::Iban, 0.99, 0.98},
    {"US_SSN", Entity::NationalId, 0.99, 0.98},
    {"DOMAIN_NAME", Entity::Url, 0.99, 0.98},
    {"IP_ADDRESS", Entity::IpAddress, 0.99, 0.98},
    {"CREDIT_CARD", Entity::PaymentCard, 0.99, 0.98},
    {"PHONE_NUMBER", Entity::Phone, 0.95, 0.85},
    // Many are a part alone: a postcode, the number of a house.
    {"STREET_ADDRESS", Entity::Address, 0.65, 0.95, "ADDRESS"},
    // Many stand alone, with no word that tells of a name, or in small letters.
    {"PERSON", Entity::Name, 0.58, 0.9},
};

std::vector<nlohmann::json> linesOf(const QString& path)
{
    QFile file(path);
    std::vector<nlohmann::json> lines;
    if (!file.open(QIODevice::ReadOnly)) return lines;
    for (const QByteArray& line : file.readAll().split('\n')) {
        auto json = nlohmann::json::parse(line.toStdString(), nullptr, false);
        if (json.is_object()) lines.push_back(std::move(json));
    }
    return lines;
}

/// Samples count in code points.
std::size_t byteAt(const std::string& text, std::size_t point)
{
    std::size_t at = 0;
    for (; at < text.size(); ++at) {
        const bool begins = (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
        if (begins && point-- == 0) break;
    }
    return at;
}

struct Tally {
    int found = 0, missed = 0, wrong = 0;
    [[nodiscard]] double recall() const { return found + missed == 0 ? 1 : double(found) / (found + missed); }
    [[nodiscard]] double precision() const
    {
        return found + wrong == 0 ? 1 : double(found) / (found + wrong);
    }
};

} // namespace

class SamplesTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        if (m_folder.isEmpty()) QSKIP("TURNPIKE_SAMPLES names no folder with samples.");
    }
    void findsWhatIsPersonal();
    void findsNothingElsewhere();

private:
    const QString m_folder = qEnvironmentVariable("TURNPIKE_SAMPLES");
};

void SamplesTest::findsWhatIsPersonal()
{
    const auto rows = linesOf(m_folder + "/pii_presidio_research.jsonl");
    QVERIFY(!rows.empty());
    std::map<Entity, Tally> tallies;
    for (const auto& row : rows) {
        const std::string text = row.at("text").get<std::string>();
        const auto found = findPersonalData(text, ~EntitySet{0});
        std::vector<bool> used(found.size());
        for (const auto& span : row.at("spans")) {
            for (const Goal& goal : kGoals) {
                if (span.at("type") != goal.type && span.at("type") != goal.also) continue;
                const std::size_t start = byteAt(text, span.at("start").get<std::size_t>());
                const std::size_t end = byteAt(text, span.at("end").get<std::size_t>());
                bool hit = false;
                for (std::size_t i = 0; i < found.size(); ++i) {
                    const bool overlaps = found[i].start < end && start < found[i].start + found[i].size;
                    if (!overlaps || found[i].entity != goal.entity) continue;
                    hit = used[i] = true;
                }
                ++(hit ? tallies[goal.entity].found : tallies[goal.entity].missed);
            }
        }
        for (std::size_t i = 0; i < found.size(); ++i) {
            // A driver's licence is a national id as well, which these samples have under another name.
            const bool isOther =
                found[i].entity == Entity::NationalId && found[i].detail != "US social security number";
            if (!used[i] && !isOther) ++tallies[found[i].entity].wrong;
        }
    }
    for (const Goal& goal : kGoals) {
        const Tally& tally = tallies[goal.entity];
        qInfo("%-14s recall %.3f precision %.3f (%d found, %d missed, %d wrong)", goal.type, tally.recall(),
              tally.precision(), tally.found, tally.missed, tally.wrong);
        QVERIFY2(tally.recall() >= goal.recall && tally.precision() >= goal.precision, goal.type);
    }
}

void SamplesTest::findsNothingElsewhere()
{
    int sentences = 0, alarms = 0, names = 0;
    for (const QString& name : QDir(m_folder).entryList({"intents_*.jsonl"})) {
        for (const auto& row : linesOf(m_folder + "/" + name)) {
            const std::string text = row.at("text").get<std::string>();
            ++sentences;
            alarms += findPersonalData(text, ~bitOf(Entity::Name)).empty() ? 0 : 1;
            names += findPersonalData(text, bitOf(Entity::Name)).empty() ? 0 : 1;
        }
    }
    qInfo("%d sentences, %d alarms, names in %d", sentences, alarms, names);
    QVERIFY(sentences > 0);
    QCOMPARE(alarms, 0);
    // There is somebody in twenty or so.
    QVERIFY(names <= 40);
}

QTEST_APPLESS_MAIN(SamplesTest)
#include "samples_test.moc"
