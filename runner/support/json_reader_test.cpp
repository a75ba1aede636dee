#include "support/json_reader.h"

#include <gtest/gtest.h>

#include "support/complaint_test.h"

namespace clamproof {
namespace {

TEST(ObjectReader, ReadsWhatIsAskedFor) {
    const Json node =
        parse_json(R"({ "id": "x", "port": 1505, "on": false, "names": ["a", "b"], "lsm": "selinux" })", "x");
    ObjectReader reader(node);
    EXPECT_EQ(reader.string("id"), "x");
    EXPECT_EQ(reader.integer("port", 1, 65535), 1505);
    EXPECT_EQ(reader.optional_boolean("on"), false);
    EXPECT_EQ(reader.strings("names"), (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(reader.word("lsm", {"selinux", "apparmor"}), "selinux");
    EXPECT_EQ(reader.optional_string("absent"), std::nullopt);
    EXPECT_EQ(reader.optional_integer("none", 0, 1), std::nullopt);
    EXPECT_EQ(reader.optional_boolean("never"), std::nullopt);
    EXPECT_TRUE(reader.strings("nothing").empty());
    EXPECT_EQ(reader.find("gone"), nullptr);
    EXPECT_NO_THROW(reader.finish());
}

TEST(ObjectReader, RejectsAKeyNobodyAskedFor) {
    const Json node = parse_json("{ \"id\": \"x\",\n    \"fixs\": [] }", "case.json");
    ObjectReader reader(node);
    reader.string("id");
    reader.find("fixes");
    EXPECT_EQ(complaint([&] { reader.finish(); }),
              "case.json:2:5: unknown key \"fixs\"; expected one of: id, fixes (did you mean \"fixes\"?)");
}

TEST(ObjectReader, FindsTheSlipBehindAMissingKey) {
    const Json node = parse_json("{ \"id\": \"x\", \"tirgger\": \"t.sh\" }", "case.json");
    ObjectReader reader(node);
    EXPECT_EQ(complaint([&] { reader.string("trigger"); }),
              "case.json:1:14: unknown key \"tirgger\" (did you mean \"trigger\"?)");
    EXPECT_EQ(complaint([&] { reader.string("probe"); }), "case.json:1:1: the key \"probe\" is missing");
}

TEST(ObjectReader, IsNotMisledByAKeyThatBelongsHere) {
    const Json node = parse_json("{ \"fix\": \"x\" }", "case.json");
    ObjectReader reader(node);
    reader.string("fix");
    EXPECT_EQ(complaint([&] { reader.at("fixs"); }), "case.json:1:1: the key \"fixs\" is missing");
}

TEST(ObjectReader, SaysWhatIsWrongWithAValue) {
    const Json node = parse_json(R"({ "a": "", "b": [1], "c": 70000, "d": "selnux", "e": "true" })", "x");
    ObjectReader reader(node);
    EXPECT_EQ(complaint([&] { reader.string("a"); }), "x:1:8: \"a\" must not be empty");
    EXPECT_EQ(complaint([&] { reader.optional_string("a"); }), "x:1:8: \"a\" must not be empty");
    EXPECT_EQ(complaint([&] { reader.string("b"); }), "x:1:17: \"b\" must be a string, not a list");
    EXPECT_EQ(complaint([&] { reader.strings("b"); }),
              "x:1:18: an item of \"b\" must be a string, not a number");
    EXPECT_EQ(complaint([&] { reader.integer("c", 1, 65535); }),
              "x:1:27: \"c\" must be from 1 to 65535, not 70000");
    EXPECT_EQ(complaint([&] {
                  reader.word("d", {"selinux", "none"});
              }),
              "x:1:39: unknown d \"selnux\"; expected one of: selinux, none (did you mean \"selinux\"?)");
    EXPECT_NE(complaint([&] { reader.optional_boolean("e"); }), "");
    EXPECT_EQ(reader.error("c", "no").what(), std::string("x:1:27: no"));
    EXPECT_EQ(reader.error("z", "no").what(), std::string("x:1:1: no"));
}

TEST(ObjectReader, WantsAnObject) {
    const Json node = parse_json("[]", "x");
    EXPECT_EQ(complaint([&] { ObjectReader(node, "a fix"); }), "x:1:1: a fix must be an object, not a list");
}

}  // namespace
}  // namespace clamproof
