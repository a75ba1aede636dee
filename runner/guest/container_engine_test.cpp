#include "guest/container_engine.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

#include "support/error.h"

namespace clamproof {
namespace {

// A program that writes down what it is asked for, and does what little a test needs.
class ContainerEngineTest : public testing::Test {
  protected:
    ContainerEngineTest() : folder_(testing::TempDir(), "engine-") {
        ::setenv("XDG_CACHE_HOME", folder_.path().c_str(), 1);
    }
    ~ContainerEngineTest() override { ::unsetenv("XDG_CACHE_HOME"); }

    ContainerEngine engine(const std::string& program, const std::string& does) {
        const fs::path path = folder_.path() / program;
        write_file(path, "#!/bin/sh\necho \"$@\" >>" + log().string() + "\n" + does + "\n");
        fs::permissions(path, fs::perms::owner_all);
        return ContainerEngine({path.string()});
    }

    fs::path log() const { return folder_.path() / "asked"; }

    clamproof::TempDir folder_;
};

TEST_F(ContainerEngineTest, TheFirstWayThatWorksIsTakenAndRemembered) {
    const ContainerEngine podman = engine(
        "podman", "case \"$*\" in version*) echo 1.2 ;; --runtime=runc\\ run*) ;; *) exit 126 ;; esac");
    const ContainerEngine found = working_engine(podman, "house");
    ASSERT_EQ(found.command().size(), 2u);
    EXPECT_EQ(found.command()[1], "--runtime=runc");
    EXPECT_TRUE(found.has_own_users());
    EXPECT_EQ(found.root_of_containers() != 0, ::geteuid() == 0);
    EXPECT_EQ(found.without_own_users().root_of_containers(), 0U);
    EXPECT_EQ(missing_bounds(found.without_own_users()).empty(), ::geteuid() != 0);
    fs::remove(log());
    EXPECT_EQ(working_engine(podman, "house").command(), found.command());
    EXPECT_EQ(read_file(log()).find("run "), std::string::npos) << "it is not tried again";
}

TEST_F(ContainerEngineTest, AnAnswerThatIsDamagedIsForgotten) {
    const ContainerEngine podman = engine("podman", "case \"$*\" in version*) echo 1.2 ;; esac");
    const ContainerEngine found = working_engine(podman, "house");
    for (const auto& answer : fs::directory_iterator(folder_.path() / "clamproof/container-engines")) {
        const std::string whole = read_file(answer.path());
        for (std::size_t at = 0; at <= whole.size(); at += 9) {
            std::string damaged = whole.substr(0, at);
            if (at < whole.size()) damaged += static_cast<char>(whole[at] ^ 1) + whole.substr(at + 1);
            write_file(answer.path(), damaged);
            const ContainerEngine again = working_engine(podman, "house");
            EXPECT_EQ(again.command(), found.command()) << at;
            EXPECT_EQ(again.bounds(), found.bounds()) << at;
        }
        write_file(answer.path(), "");
        EXPECT_EQ(working_engine(podman, "house").command(), found.command());
    }
}

TEST_F(ContainerEngineTest, ContainersAreKeptWithinTheBoundsThatTheHostCanKeep) {
    // Of memory it cannot, and goes on; of disk it cannot, and does not.
    const ContainerEngine docker =
        engine("docker",
               "case \"$*\" in version*) echo 1.2 ;; *--memory=*) echo it is discarded >&2 ;; "
               "*--storage-opt=*) exit 125 ;; esac");
    const ContainerEngine found = working_engine(docker, "house");
    EXPECT_EQ(found.command(), docker.command());
    EXPECT_EQ(found.bounds(), std::vector<std::string>{"--pids-limit=2048"});
    EXPECT_FALSE(found.has_own_users());
    EXPECT_EQ(missing_bounds(found), (std::vector<std::string>{"memory", "disk", "rights as root"}));
    EXPECT_EQ(working_engine(docker, "house").bounds(), found.bounds()) << "it is remembered";
}

TEST_F(ContainerEngineTest, AHostOnWhichNoWayWorksIsToldSo) {
    const ContainerEngine docker =
        engine("docker", "case $1 in version) echo 1.2 ;; *) echo it rains >&2; exit 126 ;; esac");
    try {
        working_engine(docker, "house");
        FAIL();
    } catch (const InfraError& error) {
        const std::string said = error.what();
        EXPECT_NE(said.find("docker 1.2 cannot run a container on this host"), std::string::npos) << said;
        EXPECT_NE(said.find("exited with 126: it rains"), std::string::npos) << said;
    }
}

TEST_F(ContainerEngineTest, TheOneThatIsAskedForIsTaken) {
    const ContainerEngine docker = engine("docker", "[ $1 = ps ]");
    ::setenv("CLAMPROOF_CONTAINER_ENGINE", docker.command().front().c_str(), 1);
    EXPECT_EQ(installed_engine().command(), docker.command());
    ::setenv("CLAMPROOF_CONTAINER_ENGINE", (folder_.path() / "none").c_str(), 1);
    try {
        installed_engine();
        ADD_FAILURE();
    } catch (const InfraError& error) {
        EXPECT_NE(std::string(error.what()).find("/none is not installed; clamproof doctor"),
                  std::string::npos)
            << error.what();
    }
    ::unsetenv("CLAMPROOF_CONTAINER_ENGINE");
}

TEST_F(ContainerEngineTest, ItsNameTellsVersionAndOptions) {
    std::vector<std::string> command = engine("podman", "echo 4.3.1").command();
    command.emplace_back("--runtime=runc");
    EXPECT_EQ(ContainerEngine(command).name(), "podman 4.3.1 --runtime=runc");
}

TEST_F(ContainerEngineTest, TheContainersOfARunAreRemoved) {
    record_engine(engine("docker", "[ $1 != ps ] || printf 'one\\ntwo\\n'"), folder_.path());
    const EndedGuests ended = remove_containers_of(folder_.path());
    EXPECT_EQ(ended.count, 2u);
    EXPECT_EQ(ended.trouble, "");
    const std::string asked = read_file(log());
    EXPECT_NE(asked.find("--filter=label=org.clamproof.run=" + folder_.path().string() + "\n"),
              std::string::npos)
        << asked;
    EXPECT_TRUE(asked.ends_with("rm --force one two\n")) << asked;
}

TEST_F(ContainerEngineTest, ContainersThatCannotBeRemovedAreTold) {
    record_engine(engine("docker", "[ $1 != rm ] || { echo it is stuck >&2; exit 125; }; echo one"),
                  folder_.path());
    const EndedGuests ended = remove_containers_of(folder_.path());
    EXPECT_EQ(ended.count, 1u);
    EXPECT_NE(ended.trouble.find("exited with 125: it is stuck"), std::string::npos) << ended.trouble;
}

TEST_F(ContainerEngineTest, AContainerThatSomebodyElseHasRemovedIsGone) {
    record_engine(
        engine("docker", fmt::format("cd {}; [ $1 != rm ] || {{ touch gone; exit 1; }}; [ -e gone ] || "
                                     "echo one",
                                     folder_.path().string())),
        folder_.path());
    EXPECT_EQ(remove_containers_of(folder_.path()).trouble, "");
}

TEST_F(ContainerEngineTest, AnEngineThatDoesNotAnswerIsNoSignThatNothingIsLeft) {
    record_engine(engine("docker", "echo no daemon >&2; exit 1"), folder_.path());
    EXPECT_NE(remove_containers_of(folder_.path()).trouble.find("no daemon"), std::string::npos);
}

TEST_F(ContainerEngineTest, OfAContainersLogsFilesAreKeptAndNothingElse) {
    const fs::path evidence = folder_.path() / "evidence";
    const auto packed = [&](const std::string& name) {
        return "tar -C " + folder_.path().string() + " -c " + name + " ;; ";
    };
    write_file(folder_.path() / "file", "it rained\n");
    fs::create_symlink(folder_.path() / "file", folder_.path() / "link");
    run_checked("making a pipe", {.argv = {"mkfifo", (folder_.path() / "pipe").string()}});
    const ContainerEngine podman = engine(
        "podman", "case $2 in house:/var/log/dpkg.log) " + packed("file") + "*/syslog) " + packed("link") +
                      "*/messages) " + packed("pipe") + "*/kern.log) yes ;; *) exit 125 ;; esac");
    copy_logs(podman, "house", evidence);
    std::vector<std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(evidence)) found.push_back(entry.path());
    EXPECT_EQ(found, (std::vector<std::string>{evidence / "log", evidence / "log/dpkg.log"}));
    EXPECT_EQ(read_file(evidence / "log/dpkg.log"), "it rained\n");
}

TEST_F(ContainerEngineTest, WhereNoEngineWasNotedNoneIsAsked) {
    EXPECT_EQ(remove_containers_of(folder_.path()).count, 0u);
    fs::create_symlink("/dev/zero", folder_.path() / "container-engine");
    EXPECT_EQ(remove_containers_of(folder_.path()).count, 0u) << "and no other file in its place is believed";
}

}  // namespace
}  // namespace clamproof
