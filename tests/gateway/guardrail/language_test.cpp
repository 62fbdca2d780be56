// SPDX-License-Identifier: GPL-3.0-or-later
// Texts in a language that is not wanted are told, and those of which nobody can be sure are let by.
#include <memory>
#include <string>

#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include "guardrail/check_kind.h"
#include "guardrail/language_of.h"
#include "place_texts.h"

using namespace gateway;
using namespace gateway::guardrail;

namespace {

const std::string kGerman =
    "Morgen fahren wir mit dem Zug an die See, und wenn es nicht regnet, bleiben wir bis zum Abend.";
const std::string kEnglish =
    "Tomorrow we take the train to the sea, and if it does not rain we will stay until the evening.";

bool alarms(const std::string& text, const char* parameters = R"({"languages":["en"]})",
            Stage stage = Stage::Request)
{
    auto check = makeCheck(*findCheckKind("language"), parameters);
    Subject subject;
    subject.stage = stage;
    subject.text = text;
    return check.value()->judge(subject).alarm;
}

std::string around(const std::string& block, const std::string& sentence)
{
    std::string text = sentence;
    return text.append("\n").append(block).append(sentence);
}

QByteArray languageIn(std::string_view text)
{
    const std::string_view language = languageOf(text);
    return {language.data(), qsizetype(language.size())};
}

} // namespace

class LanguageTest : public QObject {
    Q_OBJECT

private slots:
    void tellsLanguages_data();
    void tellsLanguages();
    void judgesByLanguage();
    void obeysParameters();
    void isNotSureOfLittle_data();
    void isNotSureOfLittle();
    void isSureOfTwentyLetters();
    void leavesOutCodeAndAddresses();
    void readsPastBytesThatAreNoText();
    void hostileTextsDoNoHarm();
    void readsALongTextQuickly();
    void tellsSamples();
    void leavesEnglishSamplesAlone_data();
    void leavesEnglishSamplesAlone();
};

void LanguageTest::tellsLanguages_data()
{
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char* code, const QByteArray& text) { QTest::newRow(code) << text; };
    row("en", QByteArray::fromStdString(kEnglish));
    row("de", QByteArray::fromStdString(kGerman));
    row("fr", "Demain nous prendrons le train pour aller à la mer, et s'il ne pleut pas nous resterons "
              "jusqu'au soir.");
    row("es",
        "Mañana iremos en tren a la playa, y si no llueve nos quedaremos allí hasta la noche con los niños.");
    row("it",
        "Domani andremo al mare con il treno, e se non piove ci resteremo fino alla sera con gli amici.");
    row("pt", "Amanhã vamos de comboio até à praia, e se não chover ficamos lá até à noite com as crianças.");
    row("nl", "Morgen gaan we met de trein naar zee, en als het niet regent blijven we daar tot de avond.");
    row("pl", "Jutro pojedziemy pociągiem nad morze, a jeśli nie będzie padać, zostaniemy tam do wieczora.");
    row("cs", "Zítra pojedeme vlakem k moři, a když nebude pršet, zůstaneme tam s přáteli až do večera.");
    row("sv", "I morgon åker vi tåg till havet, och om det inte regnar stannar vi där ända till kvällen.");
    row("fi", "Huomenna menemme junalla meren rannalle, ja jos ei sada, olemme siellä iltaan saakka.");
    row("hu",
        "Holnap vonattal megyünk a tengerhez, és ha nem esik az eső, estig ott maradunk a barátainkkal.");
    row("tr",
        "Yarın trenle denize gideceğiz ve yağmur yağmazsa akşama kadar arkadaşlarımızla orada kalacağız.");
    row("vi", "Ngày mai chúng tôi đi tàu hỏa ra biển, và nếu trời không mưa thì chúng tôi ở lại đến tối.");
    row("ru", "Завтра мы поедем на поезде к морю, и если не будет дождя, останемся там до самого вечера.");
    row("uk", "Завтра ми поїдемо потягом до моря, і якщо не буде дощу, залишимося там аж до вечора.");
    row("el", "Αύριο θα πάμε με το τρένο στη θάλασσα, και αν δεν βρέξει θα μείνουμε εκεί ως το βράδυ.");
    row("he", "מחר ניסע ברכבת אל הים, ואם לא ירד גשם נישאר שם עד הערב עם החברים.");
    row("ar", "غدا سنذهب بالقطار إلى البحر، وإذا لم تمطر فسنبقى هناك حتى المساء مع الأصدقاء.");
    row("hi", "कल हम रेलगाड़ी से समुद्र के किनारे जाएँगे और अगर बारिश नहीं हुई तो शाम तक वहीं रुकेंगे।");
    row("th", "พรุ่งนี้เราจะนั่งรถไฟไปทะเล และถ้าฝนไม่ตกเราจะอยู่ที่นั่นจนถึงเย็น");
    row("ja", "明日は電車で海へ行きます。雨が降らなければ、夕方まで友達とそこにいるつもりです。");
    row("ko", "내일 우리는 기차를 타고 바다에 갈 것이고 비가 오지 않으면 저녁까지 거기에 있을 것입니다.");
    row("zh", "明天我们坐火车去海边，如果不下雨，我们就和朋友们在那里一直待到晚上。");
}

void LanguageTest::tellsLanguages()
{
    QFETCH(QByteArray, text);
    const QByteArray code = QTest::currentDataTag();
    QCOMPARE(languageIn(text.toStdString()), code);
    const QByteArray own = R"({"languages":[")" + code + R"("]})";
    const QByteArray other = R"({"languages":["is","mt"]})";
    QVERIFY(!alarms(text.toStdString(), own.constData()));
    QVERIFY(alarms(text.toStdString(), other.constData()));
}

void LanguageTest::judgesByLanguage()
{
    QVERIFY(!alarms(kEnglish));
    QVERIFY(alarms(kGerman));
    QVERIFY(alarms(kGerman, R"({"languages":["en"]})", Stage::Response));
    QVERIFY(!alarms(kGerman, R"({"languages":["en","de"]})"));
    QVERIFY(!alarms(kGerman, R"({"languages":["en"],"not":true})"));
    QVERIFY(alarms(kEnglish, R"({"languages":["en"],"not":true})"));
    // Traditional characters are Chinese, and both written forms of Norwegian are Norwegian.
    const std::string traditional = "明天我們坐火車去海邊，如果不下雨，我們就和朋友們在那裡一直待到晚上。";
    QVERIFY(!alarms(traditional, R"({"languages":["zh"]})"));
    QVERIFY(alarms(traditional));
    const std::string norwegian =
        "I morgen tar vi toget til sjøen, og hvis det ikke regner, blir vi der helt til kvelden.";
    for (const char* code : {"no", "nb", "nn"})
        QVERIFY(!alarms(norwegian, (R"({"languages":[")" + std::string(code) + R"("]})").c_str()));
}

void LanguageTest::obeysParameters()
{
    const CheckKind& kind = *findCheckKind("language");
    QVERIFY(!kind.places && kind.onRequest && kind.onResponse);
    const auto unknown = makeCheck(kind, R"({"languages":["en","qq"]})");
    QVERIFY(!unknown);
    QVERIFY(unknown.error().message.find("`qq`") != std::string::npos);
    // Latin has a name in the library, which never finds it.
    for (const char* languages :
         {"[]", R"(["EN"])", R"(["english"])", R"([""])", R"(["la"])", R"(["zh-Hant"])"})
        QVERIFY2(!makeCheck(kind, R"({"languages":)" + std::string(languages) + "}"), languages);
    QVERIFY(!makeCheck(kind, ""));
}

void LanguageTest::isNotSureOfLittle_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("blank") << QByteArray(" \n\t");
    QTest::newRow("nineteen letters, which no other language has")
        << QByteArray("あしたはでんしゃでうみへいきましょうね");
    QTest::newRow("few letters") << QByteArray("Guten Morgen! 12345 67890 12345 67890 :-) ...");
    QTest::newRow("numbers") << QByteArray("3.14159265358979323846264338327950288419716939937510");
    QTest::newRow("pictures") << QByteArray("🚂🌊☔🚂🌊☔🚂🌊☔🚂🌊☔🚂🌊☔🚂🌊☔🚂🌊☔🚂🌊☔");
    QTest::newRow("gibberish") << QByteArray("xqzv wkjr plmf grtb zzxq vbnk trwq hjkl mnbv cxzq wrtp");
}

void LanguageTest::isNotSureOfLittle()
{
    QFETCH(QByteArray, text);
    QCOMPARE(languageIn(text.toStdString()), QByteArray());
    QVERIFY(!alarms(text.toStdString()));
    QVERIFY(!alarms(text.toStdString(), R"({"languages":["de"]})"));
    QVERIFY(!alarms(text.toStdString(), R"({"languages":["en","de"],"not":true})"));
}

void LanguageTest::isSureOfTwentyLetters()
{
    QCOMPARE(languageIn("あしたはでんしゃでうみへいきましょうよね"), QByteArray("ja"));
}

void LanguageTest::leavesOutCodeAndAddresses()
{
    std::string long_;
    for (int i = 0; i < 20; ++i)
        long_ += kGerman + "\n";
    for (const char* fence : {"```", "~~~", "````", "  ```"}) {
        const std::string block = std::string(fence) + "text\n" + long_ + fence + "\n";
        QVERIFY2(!alarms(block), fence);
        QVERIFY2(!alarms(around(block, kEnglish)), fence);
        QVERIFY2(alarms(around(block, kGerman)), fence);
    }
    // A block that nothing ends goes on; a shorter fence, or another, ends none; neither does code within a
    // line begin one.
    QVERIFY(!alarms(kEnglish + "\n```\n" + long_));
    QVERIFY(!alarms(kEnglish + "\n````\n```\n~~~~\n" + long_ + "````"));
    QVERIFY(alarms("```ls```\n" + long_));
    QVERIFY(alarms(kEnglish + "\n```\nls\n```\n" + long_));
    QVERIFY(
        !alarms("https://example.com/morgen-fahren-wir-mit-dem-zug-an-die-see-und-bleiben-bis-zum-abend"));
    std::string addresses = kGerman;
    for (int i = 0; i < 20; ++i)
        addresses += " https://example.com/tomorrow-we-take-the-train-to-the-sea-and-stay-until-the-evening";
    QVERIFY(alarms(addresses));
}

/// The library must not see them: one of them, and it tells nothing of all the text.
void LanguageTest::readsPastBytesThatAreNoText()
{
    for (const char* wrong : {"\xC0\xA9", "\xff\xfe", "\xc3", "\xf0\x9f\x98", "\xed\xa0\x80", "\xef\xbf\xbf",
                              "\xef\xb7\x90", "\xc2\x85", "\x01", "\x7f", "\xf4\x90\x80\x80"}) {
        QVERIFY(alarms(wrong + kGerman + wrong));
        QVERIFY(alarms(kGerman.substr(0, 40) + wrong + kGerman.substr(40)));
        QVERIFY(!alarms(wrong + kEnglish + wrong));
    }
    QVERIFY(alarms(kGerman + std::string(3, '\0') + kGerman));
}

void LanguageTest::hostileTextsDoNoHarm()
{
    const auto check = makeCheck(*findCheckKind("language"), R"({"languages":["en"]})");
    Subject subject;
    qint64 slowest = 0;
    for (const std::string& text : hostileTexts()) {
        subject.text = text;
        QElapsedTimer timer;
        timer.start();
        const Opinion opinion = check.value()->judge(subject);
        slowest = std::max(slowest, timer.elapsed());
        QCOMPARE(opinion.reason.empty(), !opinion.alarm);
    }
    qInfo("at most %d ms", int(slowest));
    QVERIFY(slowest < 5000);
}

void LanguageTest::readsALongTextQuickly()
{
    constexpr std::size_t kMillion = std::size_t{1} << 20;
    std::string text;
    while (text.size() < kMillion)
        text += kGerman + "\n";
    QElapsedTimer timer;
    timer.start();
    QVERIFY(alarms(text));
    qInfo("1 MB of prose: %d ms", int(timer.elapsed()));
    QVERIFY(timer.elapsed() < 5000);
    QVERIFY(!alarms(text, R"({"languages":["de"]})"));
}

/// Of a folder of sample sentences, where there is one.
void LanguageTest::tellsSamples()
{
    const QString folder = qEnvironmentVariable("TURNPIKE_SAMPLES");
    if (folder.isEmpty()) QSKIP("TURNPIKE_SAMPLES names no folder of sample sentences.");
    QFile file(folder + QStringLiteral("/language_udhr.jsonl"));
    if (!file.open(QIODevice::ReadOnly)) QSKIP("The folder has no such file.");
    struct Count {
        int all = 0, right = 0, unsure = 0;
    } paragraphs, beginnings;
    while (!file.atEnd()) {
        const QJsonObject line = QJsonDocument::fromJson(file.readLine()).object();
        const QByteArray text = line["text"].toString().toUtf8(), code = line["lang"].toString().toUtf8();
        if (text.isEmpty()) continue;
        Count& count = line["kind"].toString() == "full" ? paragraphs : beginnings;
        const QByteArray told = languageIn(text.toStdString());
        ++count.all;
        count.right += told == code ? 1 : 0;
        count.unsure += told.isEmpty() ? 1 : 0;
        if (told != code && !told.isEmpty())
            qInfo("%s is said to be %s: %s", code.constData(), told.constData(), text.constData());
    }
    const auto print = [](const char* what, const Count& count) {
        qInfo("%s: %d of %d right (%.3f), %d unsure, %d wrong", what, count.right, count.all,
              double(count.right) / count.all, count.unsure, count.all - count.right - count.unsure);
    };
    QVERIFY(paragraphs.all > 0 && beginnings.all > 0);
    print("paragraphs", paragraphs);
    print("six-word beginnings", beginnings);
    QVERIFY(paragraphs.right * 100 >= paragraphs.all * 97);
}

void LanguageTest::leavesEnglishSamplesAlone_data()
{
    QTest::addColumn<QString>("name");
    for (const char* name : {"intents_banking77.jsonl", "intents_clinc150.jsonl"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

/// Short sentences that people write to a program.
void LanguageTest::leavesEnglishSamplesAlone()
{
    QFETCH(QString, name);
    const QString folder = qEnvironmentVariable("TURNPIKE_SAMPLES");
    if (folder.isEmpty()) QSKIP("TURNPIKE_SAMPLES names no folder of sample sentences.");
    QFile file(folder + QLatin1Char('/') + name);
    if (!file.open(QIODevice::ReadOnly)) QSKIP("The folder has no such file.");
    const auto check = makeCheck(*findCheckKind("language"), R"({"languages":["en"]})");
    Subject subject;
    int all = 0, alarmed = 0, unsure = 0;
    while (!file.atEnd()) {
        const std::string text =
            QJsonDocument::fromJson(file.readLine()).object()["text"].toString().toStdString();
        if (text.empty()) continue;
        subject.text = text;
        ++all;
        unsure += languageOf(text).empty() ? 1 : 0;
        alarmed += check.value()->judge(subject).alarm ? 1 : 0;
    }
    qInfo("%s: %d sentences, %d unsure, %d alarms", qPrintable(name), all, unsure, alarmed);
    QVERIFY(all > 0);
    QVERIFY(alarmed * 1000 <= all);
}

QTEST_APPLESS_MAIN(LanguageTest)
#include "language_test.moc"
