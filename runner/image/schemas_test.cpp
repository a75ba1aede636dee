/// The JSON schemas of cases and images, which editors read, against the strict readers: each object of a
/// schema has the very keys that the reader asks for.
#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "casefile/case.h"
#include "casefile/case_test_folder.h"
#include "image/definition.h"
#include "support/text.h"

namespace clamproof {
namespace {

using Document = nlohmann::json;
using Keys = std::set<std::string>;

// Together they have every kind of object that a case may have.
const Document whole_case = Document::parse(R"json({
    "title": "t", "story": "s", "source": "o",
    "facts": { "shell": { "tells": "x", "script": "evidence.sh" } },
    "skip": [ { "when": { "lsm": "none" }, "because": "b" } ],
    "trigger": "trigger.sh", "took": "took.sh", "probe": "probe.sh",
    "symptom": { "output": "ERROR" },
    "evidence": [
        { "denial": { "comm": "clamd" } },
        { "no_denial": { "comm": "clamd" } },
        { "shows": { "script": "evidence.sh", "output": "x" } }
    ],
    "fixes": [ { "id": "cure", "documented": "d", "apply": "fix.sh", "undo": "undo.sh", "survives": "reboot" } ],
    "expect": [ { "verdict": "fixed" } ]
})json");

const Document whole_image = Document::parse(R"json({
    "title": "A house", "source": { "debootstrap": { "suite": "new", "snapshots": { "main": "https://x.example/{day}" } } },
    "settle": "settle.sh", "trims": { "kernel_line": ["quick"] }, "package_manager": "opkg", "lsm": "none", "init": "systemd", "memory_mib": 256, "vcpus": 1, "cpu": "x86-64-v3", "disk_mib": 512,
    "kernel": { "image": "/k", "initrd": "/i", "line": ["quiet"] },
    "clamd": { "conf": "/c", "unit": "u", "initscript": "/s", "user": "v", "log": "/l", "socket": "/k",
               "database": "/d", "confinement": "none" }
})json");
const Document cloud_source = Document::parse(R"json(
    { "cloud": { "image": "https://x.example/i", "checksum": "https://x.example/s", "firmware": "bios",
                 "dated": { "image": "https://x.example/d", "digest": "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" } } })json");

class SchemasTest : public testing::Test {
  protected:
    SchemasTest() {
        for (const char* name : {"images/setup", "images/cloud", "images/package-managers/opkg"})
            make_folder(cases_.path() / name);
        for (const char* file : {"setup/settle.sh", "cloud/bootstrap.sh", "cloud/prepare.sh", "cloud/lay.sh",
                                 "cloud/close.sh", "package-managers/opkg/install.sh",
                                 "package-managers/opkg/list.sh", "package-managers/opkg/date.sh",
                                 "package-managers/opkg/lock.sh", "package-managers/opkg/provision.sh"})
            write_file(images() / file, "true\n");
    }

    fs::path images() const { return cases_.path() / "images"; }

    std::string case_says(const Document& text) const {
        return said([&] { load_case(cases_.add("door", text.dump()), shipped_facts()); });
    }
    std::string image_says(const Document& text) const {
        write_file(images() / "house.json", text.dump());
        return said([&] { load_image(images(), "house"); });
    }

  private:
    static std::string said(const std::function<void()>& read) {
        try {
            read();
            return "";
        } catch (const InputError& error) {
            return error.what();
        }
    }

    CaseTestFolder cases_;
};

// One schema, and which of its objects have been held against the reader.
class Held {
  public:
    using Reader = std::function<std::string(const Document&)>;

    Held(const fs::path& file, Reader reader)
        : root_(Document::parse(read_file(file))), reader_(std::move(reader)) {}

    /// Holds every object of a document that the reader takes against it.
    void hold(const Document& whole, const Keys& read_elsewhere = {}) {
        EXPECT_EQ(reader_(whole), "");
        hold(root_, whole, whole, Document::json_pointer(), read_elsewhere);
    }

    /// Places of objects with keys of their own that no document had.
    Keys left_out() const {
        Keys left;
        collect(root_, "", left);
        return left;
    }

  private:
    const Document& resolved(const Document& schema) const {
        if (!schema.contains("$ref")) return schema;
        return root_.at(Document::json_pointer(schema["$ref"].get<std::string>().substr(1)));
    }

    void hold(const Document& unresolved, const Document& value, const Document& whole,
              const Document::json_pointer& place, const Keys& read_elsewhere) {
        const Document& schema = resolved(unresolved);
        if (value.is_array())
            for (std::size_t i = 0; i < value.size(); ++i)
                if (schema.contains("items"))
                    hold(schema["items"], value[i], whole, place / i, read_elsewhere);
        if (!value.is_object()) return;
        const Document none = Document::object();
        const Document& properties = schema.contains("properties") ? schema["properties"] : none;
        for (const auto& [key, element] : value.items()) {
            if (properties.contains(key))
                hold(properties[key], element, whole, place / key, read_elsewhere);
            else if (schema["additionalProperties"].is_object())
                hold(schema["additionalProperties"], element, whole, place / key, read_elsewhere);
        }
        if (properties.empty()) return;
        held_.insert(&schema);
        EXPECT_EQ(schema["additionalProperties"], false) << place;
        Keys keys;
        for (const auto& [key, element] : properties.items()) {
            EXPECT_TRUE(element.contains("description")) << place << " " << key;
            if (!read_elsewhere.contains(key)) keys.insert(key);
        }
        EXPECT_EQ(keys_asked_for(whole, place, read_elsewhere), keys) << place;
    }

    // A stranger among the keys makes the reader name those that may be there.
    Keys keys_asked_for(Document whole, const Document::json_pointer& place,
                        const Keys& read_elsewhere) const {
        whole[place]["qqqqqqqqqqqq"] = 1;
        std::string words = reader_(whole);
        const std::string before = "unknown key \"qqqqqqqqqqqq\"; expected one of: ";
        const auto begin = words.find(before);
        EXPECT_NE(begin, std::string::npos) << place << ": " << words;
        if (begin == std::string::npos) return {};
        Keys keys;
        for (words = words.substr(begin + before.size()) + ", "; !words.empty();) {
            const auto end = words.find(", ");
            if (!read_elsewhere.contains(words.substr(0, end))) keys.insert(words.substr(0, end));
            words.erase(0, end + 2);
        }
        return keys;
    }

    void collect(const Document& schema, const std::string& place, Keys& left) const {
        if (schema.is_object() && schema.contains("additionalProperties") && schema.contains("properties") &&
            !held_.contains(&schema))
            left.insert(place);
        if (!schema.is_structured()) return;
        for (const auto& [key, element] : schema.items()) collect(element, place + "/" + key, left);
    }

    Document root_;
    Reader reader_;
    std::set<const Document*> held_;
};

TEST_F(SchemasTest, OfCasesKnowsTheKeysOfTheReader) {
    Held schema(CLAMPROOF_SOURCE_DIR "/cases/case.schema.json",
                [&](const Document& text) { return case_says(text); });
    schema.hold(whole_case);
    EXPECT_EQ(schema.left_out(), Keys());
}

TEST_F(SchemasTest, OfImagesKnowsTheKeysOfTheReader) {
    Held schema(CLAMPROOF_SOURCE_DIR "/images/image.schema.json",
                [&](const Document& text) { return image_says(text); });
    // What is included is laid below a definition before it is read; where there is a cloud nobody looks for
    // the other source.
    schema.hold(whole_image, {"include"});
    Document cloud = whole_image;
    cloud["source"] = cloud_source;
    schema.hold(cloud, {"include", "debootstrap"});
    EXPECT_EQ(schema.left_out(), Keys());
}

TEST_F(SchemasTest, AreNamedInFilesForEditorsAlone) {
    for (Document text : {whole_case, whole_image}) {
        text["$schema"] = "../case.schema.json";
        EXPECT_EQ(text.contains("story") ? case_says(text) : image_says(text), "");
    }
}

}  // namespace
}  // namespace clamproof
