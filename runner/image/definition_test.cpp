#include "image/definition.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "image/kind.h"
#include "image/settle.h"
#include "support/error.h"

namespace clamproof {
namespace {

constexpr const char* part = R"json({
    "source": { "debootstrap": { "suite": "old", "pockets": ["updates"] } },
    "packages": ["door"], "files": ["base"], "setup": ["paint.sh"], "settle": "settle.sh",
    "package_manager": "opkg",
    "lsm": "none", "init": "systemd", "memory_mib": 256, "vcpus": 1, "disk_mib": 512,
    "kernel": { "image": "/k", "initrd": "/i", "line": ["quiet"] },
    "clamd": { "conf": "/c", "unit": "u", "initscript": "/s", "user": "it's", "log": "/l", "socket": "/k",
               "database": "/d", "confinement": "none" }
})json";

class DefinitionTest : public testing::Test {
  protected:
    DefinitionTest() : folder_(testing::TempDir(), "images-") {
        for (const char* name : {"parts", "files/base/etc", "setup", "package-managers/opkg"})
            make_folder(folder_.path() / name);
        write("parts/all.json", part);
        write("files/base/etc/hosts", "127.0.0.1 house\n");
        write("setup/paint.sh", "true\n");
        for (const char* script : {"install.sh", "list.sh", "date.sh", "lock.sh"})
            write(std::string("package-managers/opkg/") + script, "true\n");
        write("setup/settle.sh", "true\n");
        write("house.json", R"({ "title": "A house", "include": ["parts/all.json"],
            "source": { "debootstrap": { "suite": "new" } }, "packages": ["roof"],
            "kernel": { "line": ["root=/dev/vda"] } })");
    }

    void write(const std::string& name, const std::string& text) { write_file(folder_.path() / name, text); }
    ImageDefinition load() { return load_image(folder_.path(), "house"); }

    std::string complaint() {
        try {
            load();
            return "";
        } catch (const InputError& error) {
            return error.what();
        }
    }

    clamproof::TempDir folder_;
};

TEST_F(DefinitionTest, ListsWhoseDayIsOverAreTakenWhereItSaysSo) {
    const ImageDefinition house = load();
    EXPECT_FALSE(house.takes_old_lists);
    write("house.json", R"({ "title": "A house", "include": ["parts/all.json"],
        "source": { "debootstrap": { "suite": "new", "check_valid_until": false } } })");
    const ImageDefinition lagging = load();
    EXPECT_TRUE(lagging.takes_old_lists);
    EXPECT_NE(lagging.digest, house.digest);
    EXPECT_EQ(facts_by_name(house, {{"lsm", "none"}}).at("archive"), "current");
    EXPECT_EQ(facts_by_name(lagging, {{"lsm", "none"}}).at("archive"), "may-be-old");
}

TEST_F(DefinitionTest, MergesItsParts) {
    const ImageDefinition house = load();
    EXPECT_EQ(house.title, "A house");
    EXPECT_EQ(house.suite, "new");
    EXPECT_EQ(house.pockets, std::vector<std::string>{"updates"});
    EXPECT_EQ(house.packages, (std::vector<std::string>{"door", "roof"}));
    EXPECT_EQ(house.kernel_line, "quiet root=/dev/vda");
    EXPECT_EQ(image_names(folder_.path()), std::vector<std::string>{"house"});
}

TEST_F(DefinitionTest, ItsTrimsAreLeftOutOfItsUntrimmedTwin) {
    const std::string without = load().digest;
    make_folder(folder_.path() / "files/bare");
    write("files/bare/empty", "");
    write("setup/sweep.sh", "true\n");
    write("parts/trims.json",
          R"({ "trims": { "files": ["bare"], "setup": ["sweep.sh"], "kernel_line": ["fast"] } })");
    write("house.json", R"({ "title": "A house", "include": ["parts/all.json", "parts/trims.json"],
        "source": { "debootstrap": { "suite": "new" } }, "packages": ["roof"],
        "kernel": { "line": ["root=/dev/vda"] } })");
    const ImageDefinition house = load();
    EXPECT_EQ(house.files, (std::vector<std::string>{"base", "bare"}));
    EXPECT_EQ(house.setup, (std::vector<std::string>{"sweep.sh", "paint.sh"})) << "the last one packs";
    EXPECT_EQ(house.kernel_line, "quiet root=/dev/vda fast");
    EXPECT_NE(house.digest, without);

    const ImageDefinition twin = load_image(folder_.path(), untrimmed_twin("house"));
    EXPECT_EQ(twin.name, "house-untrimmed");
    EXPECT_EQ(twin.title, "A house, without trims");
    EXPECT_EQ(twin.files, std::vector<std::string>{"base"});
    EXPECT_EQ(twin.setup, std::vector<std::string>{"paint.sh"});
    EXPECT_EQ(twin.kernel_line, "quiet root=/dev/vda");
    EXPECT_EQ(twin.digest, without) << "made of the same as a house that never had any";
    EXPECT_EQ(untrimmed_twin(twin.name), twin.name);
    EXPECT_EQ(trimmed_twin(twin.name), "house");
    EXPECT_EQ(trimmed_twin("house"), std::nullopt);
    EXPECT_TRUE(is_defined(folder_.path(), twin.name));
    EXPECT_FALSE(is_defined(folder_.path(), "home-untrimmed"));
}

TEST_F(DefinitionTest, AnUntrimmedTwinHasNoFileOfItsOwn) {
    write("house-untrimmed.json", "{}");
    EXPECT_THROW(image_names(folder_.path()), InputError);
}

TEST_F(DefinitionTest, ATrimThatIsNotThereIsRefused) {
    write("house.json",
          R"({ "title": "A house", "include": ["parts/all.json"], "trims": { "setup": ["sweep.sh"] } })");
    EXPECT_NE(complaint().find("house.json:1:"), std::string::npos) << complaint();
    EXPECT_NE(complaint().find("sweep.sh"), std::string::npos) << complaint();
}

TEST_F(DefinitionTest, ADayOfThePastNeedsAnArchiveThatHasIt) {
    const std::string today = load().digest;
    const auto define = [&](const std::string& day, const std::string& snapshots) {
        write("house.json",
              fmt::format(R"({{ "title": "A house", "include": ["parts/all.json"], "packages": ["roof"],
            "kernel": {{ "line": ["root=/dev/vda"] }},
            "source": {{ "debootstrap": {{ "suite": "new", "snapshot": "{}", "snapshots": {} }} }} }})",
                          day, snapshots));
    };
    define("20261101T000000Z", R"({ "main": "https://past.example/{day}" })");
    const ImageDefinition past = load();
    EXPECT_EQ(past.snapshot, "20261101T000000Z");
    EXPECT_NE(past.digest, today);
    EXPECT_EQ(facts_by_name(past, {{"lsm", "none"}}).at("archive"), "20261101T000000Z");
    define("yesterday", R"({ "main": "https://past.example/{day}" })");
    EXPECT_NE(complaint().find("\"yesterday\" is no day such as 20261101T000000Z"), std::string::npos);
    define("20261101T000000Z", "{}");
    EXPECT_NE(complaint().find("needs an address of \"main\" in \"snapshots\""), std::string::npos)
        << complaint();
}

class OwnDefinitionTest : public DefinitionTest {
  protected:
    OwnDefinitionTest() : own_(testing::TempDir(), "own-images-") {
        write_file(own_.path() / "home.json", read_file(folder_.path() / "house.json"));
        folders_.add(folder_.path());
        folders_.add(own_.path());
    }

    clamproof::TempDir own_;
    Folders folders_;
};

TEST_F(OwnDefinitionTest, UsesThePartsThatComeWithClamproof) {
    EXPECT_EQ(image_names(folders_), (std::vector<std::string>{"home", "house"}));
    const ImageDefinition home = load_image(folders_, "home");
    EXPECT_EQ(home.digest, load().digest) << "wherever they are found";
    EXPECT_EQ(home.part("setup/paint.sh"), folder_.path() / "setup/paint.sh");
    EXPECT_EQ(home.installed_by, load().installed_by);
}

TEST_F(OwnDefinitionTest, ItsOwnPartsGoBeforeThem) {
    make_folder(own_.path() / "setup");
    write_file(own_.path() / "setup/paint.sh", "false\n");
    const ImageDefinition home = load_image(folders_, "home");
    EXPECT_EQ(home.part("setup/paint.sh"), own_.path() / "setup/paint.sh");
    EXPECT_NE(home.digest, load().digest);
    EXPECT_EQ(load_image(folders_, "house").digest, load().digest) << "nobody else's parts change";
}

TEST_F(OwnDefinitionTest, ANameThatIsTakenIsRefused) {
    write_file(own_.path() / "house.json", "{}");
    EXPECT_THROW(image_names(folders_), InputError);
}

TEST_F(DefinitionTest, ItsDigestCoversEveryFile) {
    const std::string digest = load().digest;
    EXPECT_EQ(load().digest, digest);
    write("files/base/etc/hosts", "127.0.0.1 home\n");
    const std::string other_file = load().digest;
    EXPECT_NE(other_file, digest);
    write("setup/settle.sh", "false\n");
    EXPECT_NE(load().digest, other_file);

    std::set<std::string> digests = {digest, other_file, load().digest};
    const auto is_another = [&](const char* what) {
        EXPECT_TRUE(digests.insert(load().digest).second) << what;
    };
    const fs::path tree = folder_.path() / "files/base/etc";
    write("setup/paint.sh", "false\n");
    is_another("a script of the set-up");
    fs::permissions(tree / "hosts", fs::perms::owner_all);
    is_another("a mode");
    fs::rename(tree / "hosts", tree / "hosts.old");
    is_another("a name");
    fs::create_symlink("hosts.old", tree / "hosts");
    is_another("a link");
    fs::remove(tree / "hosts");
    fs::create_symlink("hosts.new", tree / "hosts");
    is_another("where it leads");
}

TEST_F(DefinitionTest, ItsDigestCoversEveryKeyButWords) {
    const std::string digest = load().digest;
    // The last of the definition goes before those of its parts.
    const auto with = [&](const std::string& more) {
        write("parts/more.json", "{ " + more + " }");
        write("house.json", R"({ "title": "A house", "include": ["parts/all.json", "parts/more.json"],
            "source": { "debootstrap": { "suite": "new" } }, "packages": ["roof"],
            "kernel": { "line": ["root=/dev/vda"] } })");
        return load().digest;
    };
    write("setup/polish.sh", "true\n");
    std::set<std::string> digests = {digest};
    for (const char* more :
         {R"("packages": ["stairs"])", R"("setup": ["polish.sh"])", R"("memory_mib": 257)", R"("vcpus": 2)",
          R"("disk_mib": 513)", R"("labels": true)", R"("init": "sysvinit")", R"("leave_out": ["etc/fstab"])",
          R"("settle": "polish.sh")", R"("kernel": { "line": ["loud"] })", R"("clamd": { "user": "her" })",
          R"("source": { "debootstrap": { "pockets": ["security"] } })"})
        EXPECT_TRUE(digests.insert(with(more)).second) << more;
    EXPECT_EQ(with(R"("title": "Another house")"), digest);
    EXPECT_EQ(with(R"("only_where_named": true)"), digest);
    EXPECT_TRUE(load().only_where_named);
    EXPECT_EQ(with(R"("$schema": "../image.schema.json")"), digest);
    EXPECT_EQ(with(R"("memory_mib": 256 /* as it was */)"), digest);
    EXPECT_EQ(with(R"("source": { "debootstrap": { "keyring": "/k.gpg", "origin": "House" } })"), digest)
        << "whom to believe";
}

TEST_F(DefinitionTest, ReadsWhoVouchesForASuite) {
    const auto with = [&](const std::string& keyring) {
        write("house.json",
              R"({ "title": "A house", "include": ["parts/all.json"], "source": { "debootstrap": {
            "origin": "House", "keyring": ")" +
                  keyring + "\" } } }");
    };
    EXPECT_TRUE(load().keyring.empty());
    with("/usr/share/house.gpg");
    EXPECT_EQ(load().keyring, "/usr/share/house.gpg");
    EXPECT_EQ(load().origin, "House");
    with("house.gpg");
    EXPECT_NE(complaint().find("house.json:2:"), std::string::npos) << complaint();
    make_folder(folder_.path() / "keyrings");
    write("keyrings/house.gpg", "");
    EXPECT_EQ(load().keyring, folder_.path() / "keyrings/house.gpg");
}

constexpr const char* hut = R"json({
    "title": "A hut", "kind": "container", "source": { "debootstrap": { "suite": "new" } },
    "packages": ["door"], "files": ["base"], "setup": ["paint.sh"], "settle": "settle.sh",
    "package_manager": "opkg", "lsm": "none", "init": "systemd", "memory_mib": 256,
    "clamd": { "conf": "/c", "unit": "u", "initscript": "/s", "user": "it's", "log": "/l", "socket": "/k",
               "database": "/d", "confinement": "none" }
})json";

TEST_F(DefinitionTest, AContainerHasNoMachine) {
    EXPECT_EQ(&kind_of(load()), &vm_kind());
    write("house.json", hut);
    EXPECT_EQ(&kind_of(load()), &container_kind());
    for (const char* key : {"\"vcpus\": 1", "\"disk_mib\": 512", "\"kernel\": {}", "\"labels\": true"}) {
        write("house.json", std::string(hut).insert(1, std::string(key) + ","));
        EXPECT_NE(complaint().find("a container has what its host has"), std::string::npos) << complaint();
    }
    write("house.json",
          std::string(hut).replace(std::string(hut).find("\"lsm\": \"none\""), 13, "\"lsm\": \"selinux\""));
    EXPECT_NE(complaint().find("security modules are the host's"), std::string::npos) << complaint();
}

TEST_F(DefinitionTest, AContainerIsNoCloudImage) {
    const std::string suite = "\"debootstrap\": { \"suite\": \"new\" }";
    write("house.json",
          std::string(hut).replace(std::string(hut).find(suite), suite.size(), "\"cloud\": {}"));
    EXPECT_NE(complaint().find("a container is made of a suite"), std::string::npos) << complaint();
}

TEST_F(DefinitionTest, AMachineHasAKernel) {
    write("house.json", std::string(hut).replace(std::string(hut).find("container"), 9, "vm"));
    EXPECT_NE(complaint().find("kernel"), std::string::npos) << complaint();
}

TEST_F(DefinitionTest, ExportsTheClamdBlock) {
    EXPECT_NE(clamd_exports(load()).find("export CLAMD_USER='it'\\''s'\n"), std::string::npos);
    EXPECT_EQ(exports("VARIANT", {{"a-b", "c"}}), "export VARIANT_A_B='c'\n");
}

TEST_F(DefinitionTest, NamesThePlaceOfAMistake) {
    write("parts/all.json", std::string(part).replace(std::string(part).find("256"), 3, "\"x\""));
    EXPECT_NE(complaint().find("parts/all.json:5:"), std::string::npos) << complaint();
}

TEST_F(DefinitionTest, NamesWhatIsMissing) {
    fs::remove(folder_.path() / "package-managers/opkg/lock.sh");
    EXPECT_NE(complaint().find("opkg/lock.sh"), std::string::npos) << complaint();
    fs::remove(folder_.path() / "package-managers/opkg/list.sh");
    EXPECT_NE(complaint().find("opkg/list.sh"), std::string::npos) << complaint();
    fs::remove(folder_.path() / "setup/paint.sh");
    EXPECT_NE(complaint().find("setup/paint.sh"), std::string::npos) << complaint();
    fs::remove(folder_.path() / "parts/all.json");
    EXPECT_NE(complaint().find("house.json:1:"), std::string::npos) << complaint();
}

// What is asked of a cloud image besides what every definition has.
constexpr const char* cloud = R"({ "title": "A house", "include": ["parts/all.json"], "source": { "cloud": {
    "image": "https://vendor.example/house.qcow2", "checksum": "https://vendor.example/SUMS",
    "signature": "https://vendor.example/SUMS.asc", "keyring": "vendor.asc", "firmware": "uefi",
    "first_packages": ["perl"] } }, "leave_out": ["etc/fstab"] })";

std::string without_source() {
    std::string text = part;
    const auto begin = text.find("\"source\"");
    return text.erase(begin, text.find('\n', begin) - begin);
}

TEST_F(DefinitionTest, ReadsWhereACloudImageComesFrom) {
    write("parts/all.json", without_source());
    make_folder(folder_.path() / "keyrings");
    write("keyrings/vendor.asc", "");
    write("house.json", cloud);
    make_folder(folder_.path() / "cloud");
    for (const char* script : {"bootstrap.sh", "prepare.sh", "lay.sh", "close.sh"})
        write(std::string("cloud/") + script, "true\n");
    EXPECT_NE(complaint().find("provision.sh"), std::string::npos) << complaint();
    write("package-managers/opkg/provision.sh", "true\n");
    const ImageDefinition house = load();
    ASSERT_TRUE(house.cloud);
    EXPECT_EQ(house.cloud->image, "https://vendor.example/house.qcow2");
    EXPECT_EQ(house.cloud->signature, "https://vendor.example/SUMS.asc");
    EXPECT_EQ(house.cloud->keyring, folder_.path() / "keyrings/vendor.asc");
    EXPECT_EQ(house.cloud->firmware, "uefi");
    EXPECT_EQ(house.leave_out, std::vector<std::string>{"etc/fstab"});
    write("house.json", std::string(cloud).replace(std::string(cloud).find("uefi"), 4, "bios"));
    const std::string other_firmware = load().digest;
    EXPECT_NE(other_firmware, house.digest);
    write("cloud/lay.sh", "false\n");
    EXPECT_NE(load().digest, other_firmware);
    const auto with = [&](const std::string& more) {
        std::string text = cloud;
        write("house.json", text.replace(text.find("\"firmware\""), 0, more));
    };
    with(R"("fingerprints": ["CB3B C9A2 53FD A178 F033 48C7 B2BE 5948 992B 0ED6"], )");
    EXPECT_EQ(load().cloud->fingerprints,
              std::vector<std::string>{"CB3BC9A253FDA178F03348C7B2BE5948992B0ED6"});
    with(R"("fingerprints": ["CB3B"], )");
    EXPECT_NE(complaint().find("\"CB3B\" is no fingerprint"), std::string::npos) << complaint();
    with(R"("dated": { "image": "https://vendor.example/1", "digest": "sha256:12" }, )");
    EXPECT_NE(complaint().find("is not sha256: or sha512:"), std::string::npos) << complaint();
    with(R"("network_config": "card.yaml", )");
    EXPECT_NE(complaint().find("cloud/card.yaml"), std::string::npos) << complaint();
    write("cloud/card.yaml", "version: 2\n");
    const std::string with_card = load().digest;
    write("cloud/card.yaml", "version: 1\n");
    EXPECT_NE(load().digest, with_card);
}

TEST_F(DefinitionTest, KnowsTheProcessorThatAGuestIsMadeFor) {
    write("parts/all.json", part);
    const std::string own = R"({ "title": "A house", "include": ["parts/all.json"],
            "source": { "debootstrap": { "suite": "new" } })";
    write("house.json", own + " }");
    EXPECT_EQ(load().cpu, CpuLevel::V1);
    write("house.json", own + R"(, "cpu": "x86-64-v3" })");
    EXPECT_EQ(load().cpu, CpuLevel::V3);
    write("house.json", own + R"(, "cpu": "x86-64-v9" })");
    EXPECT_NE(complaint().find("x86-64-v9"), std::string::npos) << complaint();
}

TEST_F(DefinitionTest, RefusesACloudImageThatCannotBeChecked) {
    write("parts/all.json", without_source());
    write("house.json", cloud);
    EXPECT_NE(complaint().find("there is no "), std::string::npos) << complaint();
    const auto with = [&](const std::string& word, const std::string& other) {
        std::string text = cloud;
        write("house.json", text.replace(text.find(word), word.size(), other));
        return complaint();
    };
    EXPECT_NE(with("\"keyring\": \"vendor.asc\", ", "").find("needs a \"keyring\""), std::string::npos);
    EXPECT_NE(with("https://vendor.example/SUMS\"", "ftp://vendor.example/SUMS\"")
                  .find("does not begin with http://"),
              std::string::npos);
    EXPECT_NE(with("\"checksum\"", "\"checksums\"").find("\"checksum\""), std::string::npos);
}

TEST_F(DefinitionTest, PartsThatIncludeEachOtherAreRefused) {
    write("parts/all.json", R"({ "include": ["parts/all.json"] })");
    EXPECT_NE(complaint().find("include each other"), std::string::npos) << complaint();
}

}  // namespace
}  // namespace clamproof
