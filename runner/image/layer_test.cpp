#include <gtest/gtest.h>

#include <chrono>

#include "guest/local_guest_test.h"
#include "image/fake_house_test.h"
#include "image/install.h"
#include "support/error.h"

namespace clamproof {
namespace {

class LayerTest : public testing::Test {
  protected:
    LayerTest() { make_folder(path("other")); }

    fs::path path(const std::string& name) const { return house_.path(name); }

    std::string complaint(const std::vector<std::string>& files) {
        try {
            read_packages(files);
            return "";
        } catch (const InputError& error) {
            return error.what();
        }
    }

    Layer door() const { return house_.door(); }

    // As an installation leaves it.
    void keep_layer(const Layer& packages) {
        ASSERT_FALSE(find_layer(image_, packages));
        make_folder(path("house-1/with"));
        const fs::path layer = layer_folder(image_, packages);
        make_folder(layer);
        write_file(layer / "facts", "clamd=1.4\n");
        write_file(layer / "packages", "door=2\n");
    }

    House house_;
    BuiltImage& image_ = house_.built;
};

TEST_F(LayerTest, TellsWhatIsNoPackageFile) {
    EXPECT_EQ(complaint({path("door_2.ipk")}), "");
    EXPECT_NE(complaint({path("roof.ipk")}).find("there is no package file"), std::string::npos);
    EXPECT_NE(complaint({path("other")}).find("is a folder; name the package files in it"),
              std::string::npos);
    write_file(path("empty.ipk"), "");
    EXPECT_NE(complaint({path("empty.ipk")}).find("is empty"), std::string::npos);
    write_file(path("other/door_2.ipk"), "another door");
    EXPECT_NE(complaint({path("door_2.ipk"), path("other/door_2.ipk")}).find("two package files are named"),
              std::string::npos);
}

TEST_F(LayerTest, WithoutPackagesItIsTheImage) {
    EXPECT_EQ(find_layer(image_, {})->facts, image_.facts);
}

TEST_F(LayerTest, FactsAndPackagesAreThoseAfterTheInstallation) {
    const Layer packages = door();
    keep_layer(packages);
    const auto found = find_layer(image_, packages);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->facts.at("clamd"), "1.4");
    EXPECT_EQ(found->packages.at("door"), "2");
}

TEST_F(LayerTest, OtherContentOrAnotherWayToInstallIsAnotherLayer) {
    keep_layer(door());
    write_file(path("door_2.ipk"), "a better door");
    EXPECT_FALSE(find_layer(image_, door()));
    write_file(path("door_2.ipk"), "a door");
    EXPECT_TRUE(find_layer(image_, door()));
    for (const char* script : {"opkg/install.sh", "installed.sh"}) {
        const std::string whole = read_file(path("package-managers") / script);
        write_file(path("package-managers") / script, "false\n");
        image_.definition.installed_by = ways_to_install(image_.definition);
        EXPECT_FALSE(find_layer(image_, door())) << script;
        write_file(path("package-managers") / script, whole);
        image_.definition.installed_by = ways_to_install(image_.definition);
        EXPECT_TRUE(find_layer(image_, door())) << script;
    }
}

TEST_F(LayerTest, WhatNobodyAskedForInAWeekIsForgotten) {
    const Layer packages = door();
    keep_layer(packages);
    EXPECT_TRUE(forgotten_layers(image_.entry).empty());
    const fs::path layer = layer_folder(image_, packages);
    fs::last_write_time(layer, fs::file_time_type::clock::now() - std::chrono::days(8));
    EXPECT_EQ(forgotten_layers(image_.entry), std::vector<fs::path>{layer});
}

TEST_F(LayerTest, AScriptMakesAnotherLayer) {
    Layer scripted = door();
    scripted.script = "echo painted\n";
    keep_layer(door());
    EXPECT_FALSE(find_layer(image_, scripted));
    EXPECT_NE(layer_key(image_.definition, door()), layer_key(image_.definition, scripted));
}

TEST_F(LayerTest, ALayerLiesOverALayer) {
    keep_layer(door());
    const BuiltImage with_door = *find_layer(image_, door());
    EXPECT_EQ(with_door.top(), layer_folder(image_, door()));
    const Layer paint{.packages = {}, .script = "echo painted\n"};
    const fs::path upper = layer_folder(with_door, paint);
    EXPECT_EQ(upper.parent_path(), with_door.top() / "with");
    make_folder(upper.parent_path());
    make_folder(upper);
    EXPECT_TRUE(forgotten_layers(image_.entry).empty());
    fs::last_write_time(upper, fs::file_time_type::clock::now() - std::chrono::days(8));
    EXPECT_EQ(forgotten_layers(image_.entry), std::vector<fs::path>{upper});
}

// A guest of a host that is known to be slow.
class HostedGuest : public HouseGuest {
  public:
    HostedGuest(const HouseAnswers& answers, double scale) : HouseGuest(answers), scale_(scale) {}
    double scale() const override { return scale_; }

  private:
    double scale_;
};

class BlameTest : public LayerTest {
  protected:
    // Whom an installation blames: "packages", "harness" or nobody.
    std::string blamed(const std::string& script = "", double scale = 1) {
        Layer layer = door();
        layer.script = script;
        try {
            HostedGuest guest(answers_, scale);
            change_guest(guest, image_, layer, [](const std::string&) {});
            return "nobody";
        } catch (const NotInstallable&) {
            return "packages";
        } catch (const InfraError&) {
            return "harness";
        }
    }

    HouseAnswers answers_;
};

TEST_F(BlameTest, APackageManagerThatRefusesBlamesThePackages) {
    EXPECT_EQ(blamed(), "nobody");
    answers_ = {{"opkg install", {.exit = 100, .out = "", .err = "it has no hinges"}}};
    EXPECT_EQ(blamed(), "packages");
}

TEST_F(BlameTest, AnInstallationThatTakesTooLongBlamesTheHarness) {
    answers_ = {{"opkg install", {.exit = 124, .timed_out = true, .out = "", .err = ""}}};
    EXPECT_EQ(blamed(), "harness");
}

TEST_F(BlameTest, AnInstallationThatWasKilledBlamesTheHarness) {
    answers_ = {{"opkg install", {.exit = 137, .out = "", .err = ""}}};
    EXPECT_EQ(blamed(), "harness");
}

TEST_F(BlameTest, AGuestThatRanOutOfSomethingBlamesTheHarness) {
    answers_ = {{"opkg install", {.exit = 100, .out = "", .err = ""}},
                {"oom_kill", {.exit = 0, .out = "disk is full\n", .err = ""}}};
    EXPECT_EQ(blamed(), "harness");
}

TEST_F(BlameTest, AClamdThatDoesNotWorkBlamesThePackages) {
    answers_ = {{"settle the house", {.exit = 4, .out = "", .err = "clamd does not answer"}}};
    EXPECT_EQ(blamed(), "packages");
}

TEST_F(BlameTest, AClamdThatDoesNotWorkOnASlowMachineBlamesTheHarness) {
    ScriptResult slow{.exit = 0, .out = "", .err = ""};
    slow.seconds = 5.5;
    answers_ = {{"settle the house", {.exit = 4, .out = "", .err = "clamd does not answer"}},
                {"/bin/true", slow}};
    EXPECT_EQ(blamed(), "harness");
    EXPECT_EQ(blamed("", 20), "packages") << "as slow as it is known to be";
}

TEST_F(BlameTest, AUnitThatFailsBlamesThePackages) {
    answers_ = {{"clamproof/booted", {.exit = 1, .out = "clamd.service loaded failed", .err = ""}}};
    EXPECT_EQ(blamed(), "packages");
    answers_ = {{"clamproof/booted", {.exit = 127, .out = "", .err = "not found"}}};
    EXPECT_EQ(blamed(), "harness");
}

TEST_F(BlameTest, WhateverIsOursBlamesTheHarness) {
    answers_ = {{"settle the house", {.exit = 124, .timed_out = true, .out = "", .err = ""}}};
    EXPECT_EQ(blamed(), "harness");
    answers_ = {{"settle the house", {.exit = 2, .out = "", .err = "sh: syntax error"}}};
    EXPECT_EQ(blamed(), "harness");
    answers_ = {{"clamproof/facts", {.exit = 1, .out = "", .err = "VERSION_ID: parameter not set"}}};
    EXPECT_EQ(blamed(), "harness");
    answers_ = {{"clamproof/booted", {.exit = 1, .timed_out = true, .out = "", .err = ""}}};
    EXPECT_EQ(blamed(), "harness") << "whatever status it has left";
    answers_ = {{"settle the house", {.exit = 4, .timed_out = true, .out = "", .err = ""}}};
    EXPECT_EQ(blamed(), "harness");
    answers_ = {{"opkg list", {.exit = 1, .out = "", .err = "no ink"}}};
    EXPECT_EQ(blamed(), "harness");
    answers_ = {{"polish", {.exit = 1, .out = "", .err = "no wax"}}};
    EXPECT_EQ(blamed("polish"), "harness");
}

// What a guest has run out of is asked of it by a script, which is run here.
class ShortageTest : public testing::Test {
  protected:
    ShortageTest() {
        blocks_free(5000);
        guest_.write("/proc/vmstat", "pgfault 1\noom_kill 0\n");
    }

    void blocks_free(int kib) {
        guest_.write_command("df",
                             fmt::format("echo 'Filesystem 1024-blocks Used Available Capacity Mounted on'\n"
                                         "echo '/dev/vda 9000 1 {} 99% /'\n",
                                         kib));
    }
    std::string blamed_on() {
        try {
            blame_the_harness(guest_, {.exit = 100, .out = "", .err = ""}, "installing");
            return "the packages";
        } catch (const InfraError& error) {
            return error.what();
        }
    }

    LocalGuest guest_;
};

TEST_F(ShortageTest, OfSpaceIsSeen) {
    EXPECT_EQ(blamed_on(), "the packages");
    blocks_free(4000);
    EXPECT_EQ(blamed_on(), "installing failed on a guest whose disk is full");
}

TEST_F(ShortageTest, OfMemoryIsSeen) {
    guest_.write("/proc/vmstat", "pgfault 1\noom_kill 2\n");
    EXPECT_EQ(blamed_on(), "installing failed on a guest whose memory ran out");
    make_folder(guest_.path("/usr/lib/clamproof/host"));
    guest_.write("/sys/fs/cgroup/memory.events", "oom 0\noom_kill 0\n");
    EXPECT_EQ(blamed_on(), "the packages") << "it was the host of a container that ran out of it";
    guest_.write("/sys/fs/cgroup/memory.events", "oom 1\noom_kill 1\n");
    EXPECT_EQ(blamed_on(), "installing failed on a guest whose memory ran out");
}

// Layers that lie in stores have to be found again.
TEST(LayerKey, IsWhatItWas) {
    ImageDefinition image;
    image.installed_by = "one\ntwo\nthree\n";
    const Layer layer{.packages = {.files = {"/a/b.deb"}, .digests = {{"b.deb", "beef"}, {"a.deb", "cafe"}}},
                      .script = "true"};
    EXPECT_EQ(layer_key(image, layer),
              sha256("cafe a.deb\nbeef b.deb\none\ntwo\nthree\n" + sha256("true") + "\n").substr(0, 16));
}

TEST_F(LayerTest, ItsKeyHangsOnTheDigestsOfTheScriptsInTheirOrder) {
    std::string digests;
    for (const char* script : {"opkg/install.sh", "opkg/list.sh", "installed.sh"})
        digests += sha256_file(path("package-managers") / script) + "\n";
    EXPECT_EQ(ways_to_install(image_.definition), digests);
}

}  // namespace

namespace {

TEST(LayerJson, IsTheSameAfterItsJourney) {
    for (const Layer& layer : {Layer{}, Layer{.packages = {}, .script = "echo \"x\"\n"},
                               Layer{.packages = {.files = {"/tmp/it's here/b.deb", "a.deb"},
                                                 .digests = {{"a.deb", "beef"}, {"b.deb", "cafe"}}},
                               .keep = Keep::ForThisJob}})
        EXPECT_EQ(layer_from_json(nlohmann::json::parse(to_json(layer).dump())), layer);
}

// The files need not be there: nobody reads them.
TEST(LayerJson, CarriesWhatItsKeyIsMadeOf) {
    const ImageDefinition image;
    const Layer layer{.packages = {.files = {"nowhere/a.deb"}, .digests = {{"a.deb", "beef"}}}};
    Layer other = layer;
    other.packages.digests["a.deb"] = "cafe";
    EXPECT_EQ(layer_key(image, layer_from_json(to_json(layer))), layer_key(image, layer));
    EXPECT_NE(layer_key(image, layer_from_json(to_json(other))), layer_key(image, layer));
}

TEST(LayerJson, WhatIsNoLayerIsRefused) {
    EXPECT_THROW(layer_from_json({{"script", "true"}}), nlohmann::json::exception);
    EXPECT_THROW(layer_from_json("true"), nlohmann::json::exception);
}

}  // namespace

}  // namespace clamproof
