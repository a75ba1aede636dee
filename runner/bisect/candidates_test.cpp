#include "bisect/candidates.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "image/install.h"
#include "support/error.h"

namespace clamproof {
namespace {

// A package file of these tests is the line "NAME VERSION"; versions are numbers.
std::vector<PackageFile> describe(const std::string& word) {
    std::vector<fs::path> files;
    if (fs::is_directory(word)) {
        for (const auto& entry : fs::directory_iterator(word)) files.push_back(entry.path());
        std::sort(files.begin(), files.end());
    } else {
        files.emplace_back(word);
    }
    std::vector<PackageFile> packages;
    for (const auto& file : files) {
        PackageFile package{.file = file, .name = {}, .version = {}};
        std::istringstream(read_file(file)) >> package.name >> package.version;
        packages.push_back(package);
    }
    return packages;
}

std::vector<std::string> in_order(std::vector<std::string> versions) {
    std::sort(versions.begin(), versions.end(),
              [](const auto& one, const auto& other) { return std::stod(one) < std::stod(other); });
    versions.erase(std::unique(versions.begin(), versions.end()), versions.end());
    return versions;
}

class Candidates : public ::testing::Test {
  protected:
    void add(const std::string& path, const std::string& content) const {
        make_folder((folder_.path() / path).parent_path());
        write_file(folder_.path() / path, content);
    }
    std::string path(const std::string& name = "") const { return (folder_.path() / name).string(); }
    static std::vector<Candidate> read(const std::string& words) {
        return read_candidates(words, "guest", {.get = describe, .in_order = in_order});
    }
    static std::string names(const std::vector<Candidate>& candidates) {
        std::string all;
        for (const auto& candidate : candidates) {
            all += candidate.name;
            for (const auto& same : candidate.same) all += "=" + same;
            all += " ";
        }
        return all;
    }
    static std::string refusal(const std::function<void()>& act) {
        try {
            act();
        } catch (const InputError& error) {
            return error.what();
        }
        return "none";
    }

    TempDir folder_{fs::temp_directory_path(), "candidates"};
};

TEST_F(Candidates, FilesOfAFolderAreInTheOrderOfTheirVersions) {
    add("a", "leak 10");
    add("b", "leak 9");
    add("c", "leak 11");
    const auto candidates = read(path());
    EXPECT_EQ(names(candidates), "b a c ");
    EXPECT_EQ(candidates[0].image, "guest");
    EXPECT_EQ(candidates[0].files(), std::vector<std::string>{path("b")});
}

TEST_F(Candidates, SetsAreInTheOrderOfThePackageThatTellsThemApart) {
    add("one/always", "always 7");
    add("one/leak", "leak 10");
    add("two/always", "always 7");
    add("two/leak", "leak 9");
    add("two/added", "added 1");
    const auto candidates = read(path());
    EXPECT_EQ(names(candidates), "two one ");
    EXPECT_EQ(candidates[0].packages.size(), 3u);
}

TEST_F(Candidates, TheSameContentIsOneCandidate) {
    add("a", "leak 1");
    add("b", "leak 2");
    add("c", "leak 2");
    add("d", "leak 3");
    EXPECT_EQ(names(read(path())), "a b=c d ");
    EXPECT_EQ(names(between(read(path()), "d", "a")), "d c=b a ");
    EXPECT_EQ(names(between(read(path()), "c", "")), "b=c d ");
}

TEST_F(Candidates, ASetIsInstalledOneMoreAtATime) {
    add("1-base", "base 5");
    add("2-leak", "leak 6");
    const auto candidates = read("set:" + path());
    EXPECT_EQ(names(candidates), "none base leak ");
    EXPECT_TRUE(candidates[0].packages.empty());
    EXPECT_EQ(candidates[2].files(), (std::vector<std::string>{path("1-base"), path("2-leak")}));
}

TEST_F(Candidates, ImagesAreInTheOrderInWhichTheyAreNamed) {
    const auto candidates = read("image:new,old");
    EXPECT_EQ(names(candidates), "new old ");
    EXPECT_EQ(candidates[0].image, "new");
    EXPECT_EQ(named_images("image:new,old"), (std::vector<std::string>{"new", "old"}));
    EXPECT_TRUE(named_images("new").empty());
}

TEST_F(Candidates, WordsOfThePackageSourceAreInTheOrderInWhichTheyAreNamed) {
    add("a", "leak 2");
    add("b", "leak 1");
    EXPECT_EQ(names(read("packages:" + path("a") + "," + path("b"))), path("a") + " " + path("b") + " ");
}

TEST_F(Candidates, RevisionsAreMadeByACommand) {
    const auto candidates = read("make:9-11:build: all");
    EXPECT_EQ(names(candidates), "9 10 11 ");
    EXPECT_EQ(candidates[0].command, "build: all");
    EXPECT_TRUE(candidates[0].packages.empty());
    for (const char* wrong : {"make:9", "make:9-11", "make:9-11:", "make:11-9:x", "make:a-b:x"})
        EXPECT_NE(refusal([&] { read(wrong); }).find("is not make:FIRST-LAST:COMMAND"), std::string::npos);
}

TEST_F(Candidates, EndsAreNamedByNameOrVersion) {
    add("a", "leak 1");
    add("b", "leak 2");
    add("c", "leak 3");
    const auto all = read(path());
    EXPECT_EQ(names(between(all, "", "")), "a b c ");
    EXPECT_EQ(names(between(all, "b", "")), "b c ");
    EXPECT_EQ(names(between(all, "3", "2")), "c b ");
}

TEST_F(Candidates, WhatCannotBeSearchedIsRefusedInASentence) {
    EXPECT_NE(refusal([&] { read(path("nowhere")); }).find("there is no folder"), std::string::npos);
    EXPECT_NE(refusal([&] { read(path()); }).find("holds no package files"), std::string::npos);
    add("a", "leak 1");
    EXPECT_NE(refusal([&] { read(path()); }).find("is one candidate"), std::string::npos);
    add("b", "leak 1");
    EXPECT_NE(refusal([&] { read(path()); }).find("are all the very same"), std::string::npos);
    add("c", "leak 2");
    EXPECT_NE(refusal([&] { between(read(path()), "d", ""); }).find("unknown candidate \"d\""),
              std::string::npos);
    EXPECT_NE(refusal([&] { between(read(path()), "c", "2"); }).find("are the same candidate, c"),
              std::string::npos);
}

}  // namespace

namespace {

class MadePackages : public ::testing::Test {
  protected:
    std::vector<PackageFile> make(const std::string& command) const {
        return make_packages(command, "7", folder_.path() / "made" / "7", [] { return false; });
    }
    std::string refusal(const std::string& command) const {
        try {
            make(command);
        } catch (const NotInstallable& error) {
            return error.what();
        }
        return "none";
    }
    TempDir folder_{fs::temp_directory_path(), "made"};
};

TEST_F(MadePackages, TheCommandKnowsRevisionAndFolder) {
    EXPECT_TRUE(made_before(folder_.path() / "made" / "7").empty());
    const auto made = make("echo $REVISION >$PACKAGES/b; echo a >$PACKAGES/a");
    ASSERT_EQ(made.size(), 2u);
    EXPECT_EQ(made[0].file, folder_.path() / "made" / "7" / "a");
    EXPECT_EQ(read_file(made[1].file), "7\n");
    EXPECT_EQ(made_before(folder_.path() / "made" / "7").size(), 2u);
}

TEST_F(MadePackages, WhatCannotBeMadeCannotBeToldAbout) {
    EXPECT_NE(
        refusal("echo the cellar is flooded >&2; exit 125").find("exited with 125: the cellar is flooded"),
        std::string::npos);
    EXPECT_NE(refusal("true").find("made no packages of 7"), std::string::npos);
    EXPECT_TRUE(made_before(folder_.path() / "made" / "7").empty());
}

}  // namespace

}  // namespace clamproof
