#include "guest/vm.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <pugixml.hpp>
#include <set>
#include <sstream>
#include <thread>

#include "guest/empty_disk_test.h"
#include "guest/overlay.h"
#include "support/clock.h"
#include "support/process.h"

namespace clamproof {
namespace {

// A script as it came to the guest's end of the line.
struct Arrived {
    double deadline = 0;
    std::string text;
};

// What is behind a domain: a control shell without a machine.
struct World {
    // Nothing: no answer comes.
    std::function<std::optional<std::string>(const Arrived&)> answer = [](const Arrived&) {
        return "ended 0";
    };
    bool boots = true, can_save = true;
    std::string console;         // that a boot writes
    int lines_before_ready = 0;  // that come on it, ten a second
    std::atomic<bool> running = true;
    std::atomic<int> boot = 1;
    std::vector<Arrived> scripts;
    std::string greeting;
};

class FakeDomain : public Domain {
  public:
    FakeDomain(World& world, const std::string& xml, bool cold) : world_(world), cold_(cold) {
        pugi::xml_document document;
        document.load_string(xml.c_str());
        const auto path_of = [&](const char* node) {
            return std::string(document.select_node(node).attribute().value());
        };
        console_ = path_of("//serial/source/@path");
        disk_ = path_of("//disk[1]/source/@file");
        listener_ = listen_at(path_of("//channel[target/@name='org.clamproof.shell.0']/source/@path"));
    }
    ~FakeDomain() override {
        over_ = true;
        ::shutdown(listener_.get(), SHUT_RDWR);
        if (line_) ::shutdown(line_.get(), SHUT_RDWR);
        if (thread_.joinable()) thread_.join();
    }

    void resume() override {
        if (cold_) std::ofstream(console_) << world_.console;
        line_ = Fd(::accept(listener_.get(), nullptr, nullptr));
        thread_ = std::thread([this] { serve(); });
    }
    void snapshot(const fs::path& file, const fs::path& layer) override {
        if (!world_.can_save) throw InfraError("no space left");
        EXPECT_EQ(disk_below(layer), disk_.string());
        write_file(file, "memory");
        disk_ = layer;
    }
    bool running() const override { return world_.running; }
    void destroy() noexcept override {}
    bool send_keys(std::initializer_list<unsigned int>) noexcept override { return true; }

  private:
    static Fd listen_at(const std::string& path) {
        Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
        ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
        ::listen(fd.get(), 1);
        return fd;
    }

    void say(const std::string& text) { ::send(line_.get(), text.data(), text.size(), MSG_NOSIGNAL); }

    bool read(std::string& text, std::size_t count) {
        text.resize(count);
        for (std::size_t at = 0; at < count;) {
            const ssize_t n = ::read(line_.get(), text.data() + at, count - at);
            if (n <= 0) return false;
            at += static_cast<std::size_t>(n);
        }
        return true;
    }

    void serve() {
        for (int line = 0; cold_ && line < world_.lines_before_ready && !over_; ++line) {
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
            std::ofstream(console_, std::ios::app) << "still at it\n";
        }
        if (cold_ && world_.boots) say("ready boot-1\n");
        for (std::string line, byte; read(byte, 1);) {
            if (byte != "\n") {
                line += byte;
                continue;
            }
            std::istringstream words(line);
            std::string verb, id;
            words >> verb >> id;
            if (verb == "hello") {
                world_.greeting = line;
                say("here " + id + " boot-" + std::to_string(world_.boot) + "\n");
            } else {
                run(id, words);
            }
            line.clear();
        }
    }

    void run(const std::string& id, std::istringstream& words) {
        Arrived script;
        std::size_t text = 0, input = 0;
        words >> script.deadline >> text >> input;
        std::string ignored;
        read(script.text, text);
        read(ignored, input);
        const auto answer = world_.answer(script);
        world_.scripts.push_back(script);
        if (answer) say("done " + id + " " + *answer + " 0 0\n");
        if (script.text.find("exec reboot") != std::string::npos)
            say("ready boot-" + std::to_string(++world_.boot) + "\n");
    }

    World& world_;
    bool cold_;
    std::atomic<bool> over_ = false;
    fs::path console_, disk_;
    Fd listener_, line_;
    std::thread thread_;
};

class FakeDomains : public Domains {
  public:
    std::unique_ptr<Domain> start(const std::string& xml, const std::string&, Begin) override {
        return std::make_unique<FakeDomain>(world, xml, true);
    }
    std::unique_ptr<Domain> restore(const fs::path& file, const std::string& xml, const std::string&,
                                    Begin) override {
        if (read_file(file) != "memory") throw InfraError("this is no memory");
        return std::make_unique<FakeDomain>(world, xml, false);
    }

    void lend(const fs::path& file) const override { lent.insert(file); }
    void take_back(const fs::path& file) const override { lent.erase(file); }

    World world;
    mutable std::set<fs::path> lent;
};

class VmTest : public testing::Test {
  protected:
    VmTest() : disk_(run_.files() / "disk") { make_empty_disk(disk_); }

    VmHost host(double scale = 1, BootPatience patience = {}) {
        return {domains_, run_, {.name = "house", .uuid = uuid_from("house")}, disk_, scale, patience};
    }

    template <typename Act>
    static std::string why_lost(const Act& act) {
        try {
            act();
            return "it is not lost";
        } catch (const GuestLost& lost) {
            return lost.what();
        }
    }

    FakeDomains domains_;
    World& world_ = domains_.world;
    RunFolder run_;
    fs::path disk_;
};

TEST_F(VmTest, DeadlinesAreThoseOfASlowHost) {
    VmHost slow = host(2.5);
    const auto guest = slow.open();
    EXPECT_EQ(guest->scale(), 2.5);
    guest->run({.text = "true", .deadline = 10});
    EXPECT_EQ(world_.scripts.back().deadline, 25);
    EXPECT_EQ(world_.scripts.back().text, "export CLAMPROOF_SCALE=3\ntrue");
    guest->run({.text = "true", .deadline = 2000});
    EXPECT_EQ(world_.scripts.back().deadline, 3600);
}

TEST_F(VmTest, NoHostIsSoSlowThatABootIsWaitedForWithoutEnd) {
    const BootPatience slow = on_slow_host({.silence = 30, .longest = 60}, 2.5);
    EXPECT_EQ(slow.silence, 75);
    EXPECT_EQ(slow.longest, 150);
    const BootPatience slowest = on_slow_host({.silence = 1000, .longest = 1000}, 20);
    EXPECT_EQ(slowest.silence, 900);
    EXPECT_EQ(slowest.longest, 3600);
}

TEST_F(VmTest, AScriptsEndIsAResult) {
    VmHost vms = host();
    const auto guest = vms.open();
    world_.answer = [](const Arrived&) { return "late 124"; };
    const ScriptResult result = guest->run({.text = "true"});
    EXPECT_EQ(result.exit, 124);
    EXPECT_TRUE(result.timed_out);
}

TEST_F(VmTest, AGuestThatDoesNotBootIsLostWithItsLastWords) {
    world_.boots = false;
    world_.console = "Waiting for the disk\n";
    VmHost vms = host(1, {.silence = 0.3, .longest = 0.3});
    const std::string why = why_lost([&] { vms.open(); });
    EXPECT_NE(why.find("waiting for the guest to boot"), std::string::npos) << why;
    EXPECT_NE(why.find("Waiting for the disk"), std::string::npos) << why;
}

TEST_F(VmTest, ABootIsWaitedForAsLongAsItSaysSomething) {
    world_.lines_before_ready = 12;
    VmHost vms = host(1, {.silence = 0.3, .longest = 20});
    EXPECT_EQ(why_lost([&] { vms.open(); }), "it is not lost");
}

TEST_F(VmTest, ABootThatSaysSomethingForEverIsLost) {
    world_.lines_before_ready = 1000;
    VmHost vms = host(1, {.silence = 0.3, .longest = 1});
    const Stopwatch watch;
    EXPECT_NE(why_lost([&] { vms.open(); }).find("waiting for the guest to boot"), std::string::npos);
    EXPECT_LT(watch.seconds(), 10);
}

TEST_F(VmTest, APanicIsSeenOnTheConsole) {
    world_.boots = false;
    world_.console = "[ 1.0] Kernel panic - not syncing: no init\r\n[ 1.1] more";
    VmHost vms = host();
    const Stopwatch watch;
    const std::string why = why_lost([&] { vms.open(); });
    EXPECT_NE(why.find("its kernel panicked (Kernel panic - not syncing: no init)"), std::string::npos)
        << why;
    EXPECT_LT(watch.seconds(), 10);
}

TEST_F(VmTest, AProcessorThatLacksSomethingIsSeenOnTheConsole) {
    world_.boots = false;
    world_.console =
        "Fatal glibc error: CPU does not support x86-64-v3\r\n[ 1.0] Kernel panic - not syncing\r\n";
    VmHost vms = host();
    const std::string why = why_lost([&] { vms.open(); });
    EXPECT_NE(why.find("made for a processor that it does not have (CPU does not support x86-64-v3)"),
              std::string::npos)
        << why;
}

TEST_F(VmTest, AGuestThatIsGoneBeforeItAnswersIsLost) {
    VmHost vms = host();
    const auto guest = vms.open();
    world_.answer = [&](const Arrived&) -> std::optional<std::string> {
        world_.running = false;
        return std::nullopt;
    };
    const std::string why = why_lost([&] { guest->run({.text = "true"}); });
    EXPECT_NE(why.find("the guest is gone, while waiting for a script to end"), std::string::npos) << why;
}

TEST_F(VmTest, ItIsBackFromARebootWhenItHasBooted) {
    VmHost vms = host();
    const auto guest = vms.open();
    guest->reboot();
    EXPECT_NE(world_.scripts.back().text.find("clamproof/booted"), std::string::npos);
    guest->reboot();
    EXPECT_EQ(world_.boot, 3);
    world_.answer = [](const Arrived& script) {
        return script.text.find("clamproof/booted") == std::string::npos ? "ended 0" : "late 124";
    };
    EXPECT_NE(why_lost([&] { guest->reboot(); }).find("does not finish booting"), std::string::npos);
    world_.answer = [](const Arrived&) { return "ended 1"; };
    EXPECT_NO_THROW(guest->reboot()) << "that a unit has failed is for the case to judge";
}

TEST_F(VmTest, AFailedSaveLeavesTheGuestRunning) {
    VmHost vms = host();
    const auto guest = vms.open();
    world_.can_save = false;
    EXPECT_THROW(guest->save(), InfraError);
    EXPECT_EQ(guest->run({.text = "true"}).exit, 0);
    world_.can_save = true;
    const State state = guest->save();
    EXPECT_EQ(disk_below(state.disk), disk_.string());
}

TEST_F(VmTest, AGuestMayWriteToItsDiskAndItsConsoleAlone) {
    VmHost vms = host();
    const auto guest = vms.open();
    EXPECT_EQ(domains_.lent.size(), 2U);
    const State state = guest->save();
    EXPECT_EQ(domains_.lent.size(), 2U);
    EXPECT_FALSE(domains_.lent.contains(state.disk)) << "others go on from it";
}

TEST_F(VmTest, AGuestThatFloodsItsConsoleIsLost) {
    VmHost vms = host();
    const auto guest = vms.open();
    const fs::path console =
        *std::find_if(domains_.lent.begin(), domains_.lent.end(),
                      [](const fs::path& file) { return file.filename() == "console.log"; });
    world_.answer = [&](const Arrived&) -> std::optional<std::string> {
        fs::resize_file(console, 33 << 20);
        return std::nullopt;
    };
    const std::string why = why_lost([&] { guest->run({.text = "true"}); });
    EXPECT_NE(why.find("it floods its console, with more than 32 MiB"), std::string::npos) << why;
    guest->diagnose(run_.files() / "evidence");
    EXPECT_EQ(fs::file_size(run_.files() / "evidence/console.log"), 4U << 20);
}

TEST_F(VmTest, AStateOutlivesItsGuestAndTheStatesAboveOutliveIt) {
    VmHost vms = host();
    std::optional<State> first, second;
    first = vms.open()->save();
    {
        const auto guest = vms.fork(*first);
        EXPECT_NE(world_.greeting.find('.'), std::string::npos)
            << "the clock is not set: " << world_.greeting;
        second = guest->save();
        EXPECT_EQ(disk_below(second->disk), first->disk.string());
        guest->run({.text = "true"});
    }
    const fs::path below = first->disk;
    first.reset();
    EXPECT_TRUE(fs::exists(below));
    EXPECT_EQ(vms.fork(*second)->run({.text = "true"}).exit, 0);
    second.reset();
    EXPECT_FALSE(fs::exists(below));
}

TEST_F(VmTest, WhatIsNoStateIsNotGoneOnFrom) {
    VmHost vms = host();
    write_file(run_.files() / "memory", "noise");
    try {
        vms.fork({.memory = run_.files() / "memory", .disk = disk_});
        FAIL();
    } catch (const InfraError& error) {
        EXPECT_EQ(std::string(error.what()).find("while restoring house"), 0U) << error.what();
    }
}

TEST_F(VmTest, ItsDiskIsLeftWhenItIsShutDown) {
    VmHost vms = host();
    const auto guest = vms.open();
    try {
        guest->shut_down(0.05);
        FAIL();
    } catch (const InfraError& error) {
        EXPECT_NE(std::string(error.what()).find("does not go down"), std::string::npos) << error.what();
    }
    world_.answer = [&](const Arrived&) -> std::optional<std::string> {
        world_.running = false;
        return std::nullopt;
    };
    EXPECT_EQ(disk_below(guest->shut_down(5)), disk_.string());
    EXPECT_THROW(guest->run({.text = "true"}), GuestLost);
}

}  // namespace
}  // namespace clamproof
