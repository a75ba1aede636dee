#include "support/json_file.h"

#include <gtest/gtest.h>

#include "support/complaint_test.h"
#include "support/files.h"

namespace clamproof {
namespace {

std::string parse_complaint(std::string_view text) {
    return complaint([&] { parse_json(text, "x.json"); });
}

std::string place(const Json& value) {
    return value.position().text();
}

const Json& member(const Json& object, std::string_view key) {
    const Json* value = object.find(key);
    if (!value) throw std::out_of_range("no " + std::string(key));
    return *value;
}

TEST(ParseJson, ReadsEveryKind) {
    const Json root =
        parse_json(R"({ "s": "a\"ü\n", "i": -3, "f": 1.5, "t": true, "n": null, "l": [1, "x"] })", "x");
    EXPECT_EQ(member(root, "s").as_string(), "a\"ü\n");
    EXPECT_EQ(member(root, "i").as_integer(), -3);
    EXPECT_EQ(member(root, "f").as_number(), 1.5);
    EXPECT_TRUE(member(root, "t").as_boolean());
    EXPECT_EQ(member(root, "n").kind(), "null");
    EXPECT_EQ(member(root, "l").as_array().at(1).as_string(), "x");
    EXPECT_EQ(root.as_object().front().key, "s") << "the order of the file is kept";
    EXPECT_EQ(root.find("absent"), nullptr);
}

TEST(ParseJson, KnowsWhereEveryValueStands) {
    const Json root = parse_json(
        "// a case\n"
        "{ /* : , \" */ \"title\": \"x, y: {z}\",\n"
        "\t\"list\": [1,// one\n"
        "    22 ,{\"deep\":-1.5e3}], \"s\" : \"\\\"é\\\\\", \"last\": false }\n",
        "cases/x/case.json");
    EXPECT_EQ(place(root), "cases/x/case.json:2:1");
    EXPECT_EQ(place(member(root, "title")), "cases/x/case.json:2:24");
    EXPECT_EQ(root.as_object()[0].position.text(), "cases/x/case.json:2:15");
    const Json& list = member(root, "list");
    EXPECT_EQ(place(list), "cases/x/case.json:3:10");
    EXPECT_EQ(place(list.as_array()[0]), "cases/x/case.json:3:11");
    EXPECT_EQ(place(list.as_array()[1]), "cases/x/case.json:4:5");
    EXPECT_EQ(place(list.as_array()[2]), "cases/x/case.json:4:9");
    EXPECT_EQ(place(member(list.as_array()[2], "deep")), "cases/x/case.json:4:17");
    EXPECT_EQ(place(member(root, "s")), "cases/x/case.json:4:33");
    EXPECT_EQ(place(member(root, "last")), "cases/x/case.json:4:50") << "a column is a character, not a byte";
}

TEST(ParseJson, KnowsThePlaceAfterAByteOrderMark) {
    EXPECT_EQ(place(member(parse_json("\xef\xbb\xbf{\"a\": 1}", "x"), "a")), "x:1:7");
}

TEST(ParseJson, PointsAtWhatIsWrong) {
    EXPECT_EQ(parse_complaint("{ \"a\": 1\n  \"b\": 2 }").substr(0, 12), "x.json:2:3: ");
    EXPECT_NE(parse_complaint("{ \"a\": 1\n  \"b\": 2 }").find("unexpected string literal; expected '}'"),
              std::string::npos);
    EXPECT_EQ(parse_complaint("[1,\n,2]").substr(0, 12), "x.json:2:1: ");
    EXPECT_EQ(parse_complaint("[1, 2,\n]").substr(0, 12), "x.json:2:1: ");
    EXPECT_EQ(parse_complaint("[\"a\\q\"]").substr(0, 12), "x.json:1:5: ");
    EXPECT_EQ(parse_complaint("[nul]").substr(0, 12), "x.json:1:5: ");
    EXPECT_EQ(parse_complaint("{} {}").substr(0, 12), "x.json:1:4: ");
    EXPECT_EQ(parse_complaint("[\"a\nb\"]").substr(0, 7), "x.json:");
    EXPECT_EQ(parse_complaint("").substr(0, 12), "x.json:1:1: ");
    EXPECT_EQ(parse_complaint("{\"a\":\n").substr(0, 12), "x.json:2:1: ");
    EXPECT_EQ(parse_complaint("[1] /* open").substr(0, 7), "x.json:");
    EXPECT_EQ(parse_complaint("[1e999]").substr(0, 7), "x.json:");
}

TEST(ParseJson, KeepsTheParsersPrefixToItself) {
    EXPECT_EQ(parse_complaint("[1,]").find("json.exception"), std::string::npos);
    EXPECT_EQ(parse_complaint("[1,]").find("at line"), std::string::npos);
}

TEST(ParseJson, RejectsAKeyTwice) {
    EXPECT_EQ(parse_complaint("{ \"id\": 1,\n \"x\": {\"id\": 2},\n \"id\": 3 }"),
              "x.json:3:2: the key \"id\" is here a second time (first in line 1)");
}

TEST(ParseJson, RejectsWhatCannotBeMeant) {
    EXPECT_NE(parse_complaint(std::string_view("{}\0{}", 5)), "");
    EXPECT_NE(parse_complaint("\"\xff\""), "");
    EXPECT_EQ(parse_complaint(std::string(64, '[') + std::string(64, ']')), "");
    EXPECT_EQ(parse_complaint(std::string(65, '[') + std::string(65, ']')),
              "x.json:1:65: nested deeper than 64 levels");
    EXPECT_NE(parse_complaint(std::string(1000000, '[')), "");
}

TEST(ParseJson, SurvivesEveryTruncation) {
    const std::string text = "// c\n{\"a\": [1, \"é\\u00e9\", true], /* d */ \"b\": {\"c\": null}}";
    for (std::size_t length = 0; length < text.size(); ++length)
        EXPECT_NE(parse_complaint(text.substr(0, length)), "") << length;
    EXPECT_EQ(parse_complaint(text), "");
}

TEST(Json, SaysWhatItExpected) {
    const Json root = parse_json("{ \"a\": [\"x\"], \"b\": 1.5, \"c\": 99999999999999999999 }", "x");
    EXPECT_EQ(complaint([&] { member(root, "a").as_string("\"title\""); }),
              "x:1:8: \"title\" must be a string, not a list");
    EXPECT_EQ(complaint([&] { member(root, "b").as_integer(); }),
              "x:1:20: this value must be a whole number, not 1.5");
    EXPECT_EQ(complaint([&] { member(root, "b").as_object(); }),
              "x:1:20: this value must be an object, not a number");
    EXPECT_NE(complaint([&] { member(root, "c").as_integer(); }), "");
    EXPECT_NE(complaint([&] { root.as_array(); }), "");
    EXPECT_NE(complaint([&] { root.as_boolean(); }), "");
}

TEST(ReadJsonFile, NamesTheFile) {
    const TempDir folder(fs::temp_directory_path(), "clamproof-test-");
    const fs::path file = folder.path() / "a.json";
    write_file(file, "{ \"a\": x }");
    EXPECT_EQ(complaint([&] { read_json_file(file); }).substr(0, file.string().size() + 6),
              file.string() + ":1:8: ");
    EXPECT_NE(complaint([&] { read_json_file(folder.path() / "none.json"); }).find("none.json"),
              std::string::npos);
}

TEST(MergeJson, LaysOneOverTheOther) {
    const Json base = parse_json(
        R"({ "packages": ["a"], "memory": 512, "clamd": { "user": "clamav", "conf": "/old" }, "x": null })",
        "part.json");
    const Json over =
        parse_json("{ \"packages\": [\"b\"],\n \"clamd\": { \"conf\": \"/new\" }, \"init\": \"systemd\" }",
                   "image.json");
    const Json merged = merge_json(base, over);

    const Json::Array& packages = member(merged, "packages").as_array();
    ASSERT_EQ(packages.size(), 2U);
    EXPECT_EQ(packages[0].as_string(), "a");
    EXPECT_EQ(packages[1].as_string(), "b");
    EXPECT_EQ(member(merged, "memory").as_integer(), 512);
    EXPECT_EQ(member(member(merged, "clamd"), "user").as_string(), "clamav");
    EXPECT_EQ(member(member(merged, "clamd"), "conf").as_string(), "/new");
    EXPECT_EQ(member(merged, "init").as_string(), "systemd");

    EXPECT_EQ(place(packages[0]), "part.json:1:16");
    EXPECT_EQ(place(packages[1]), "image.json:1:16");
    EXPECT_EQ(place(member(member(merged, "clamd"), "conf")), "image.json:2:21");
    EXPECT_EQ(place(merged), "image.json:1:1");
}

TEST(MergeJson, RejectsAMixOfKinds) {
    const Json base = parse_json("{ \"packages\": [\"a\"] }", "part.json");
    const Json over = parse_json("{ \"packages\": \"b\" }", "image.json");
    EXPECT_EQ(complaint([&] { merge_json(base, over); }),
              "image.json:1:15: a string here, but a list in part.json:1:15");
}

}  // namespace
}  // namespace clamproof
