#include "guest/control_shell.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <functional>
#include <optional>
#include <thread>

#include "support/files.h"
#include "support/process.h"

namespace clamproof {
namespace {

struct Line {
    Fd host, guest;
};

Line make_line() {
    int fds[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
    return {Fd(fds[0]), Fd(fds[1])};
}

// A guest that says what the test wants.
class Scripted {
  public:
    explicit Scripted(std::function<void(int)> guest) : line_(make_line()) {
        thread_ = std::thread([fd = line_.guest.get(), guest] { guest(fd); });
    }
    ~Scripted() { thread_.join(); }
    ControlShell shell(std::function<std::string()> why_dead = {}) {
        return ControlShell(std::move(line_.host), "house", std::move(why_dead));
    }

  private:
    Line line_;
    std::thread thread_;
};

std::string read_some(int fd) {
    char buffer[4096];
    const ssize_t n = ::read(fd, buffer, sizeof buffer);
    return n > 0 ? std::string(buffer, static_cast<std::size_t>(n)) : "";
}

void say(int fd, const std::string& text) {
    ASSERT_EQ(::write(fd, text.data(), text.size()), static_cast<ssize_t>(text.size()));
}

std::string id_of(const std::string& request) {
    return request.substr(request.find(' ') + 1,
                          request.find_first_of(" \n", request.find(' ') + 1) - request.find(' ') - 1);
}

TEST(ControlShell, GreetsPastOldNoise) {
    Scripted guest([](int fd) {
        say(fd, "ready old-boot\ndone stale-1 ended 0 0 0\n");
        say(fd, "here " + id_of(read_some(fd)) + " boot-7\n");
    });
    EXPECT_EQ(guest.shell().hello(5), "boot-7");
}

TEST(ControlShell, TellsTheTimeInItsGreeting) {
    Scripted guest([](int fd) {
        const std::string greeting = read_some(fd);
        if (greeting.ends_with(" 1353931200.250000\n")) say(fd, "here " + id_of(greeting) + " boot-7\n");
    });
    EXPECT_EQ(guest.shell().hello(5, 1353931200.25), "boot-7");
}

TEST(ControlShell, TakesStreamsApartAndBinarySafe) {
    const std::string out("a\0b\n", 4);
    Scripted guest([&](int fd) {
        std::string request = read_some(fd);
        while (request.find("script text") == std::string::npos) request += read_some(fd);
        say(fd, "done " + id_of(request) + " ended 3 4 2\n" + out + "e!");
    });
    const ScriptResult result = guest.shell().run({.text = "script text", .deadline = 5});
    EXPECT_EQ(result.exit, 3);
    EXPECT_EQ(result.out, out);
    EXPECT_EQ(result.err, "e!");
    EXPECT_FALSE(result.timed_out);
}

TEST(ControlShell, TheGuestSaysWhetherADeadlineEndedTheScript) {
    const auto answered = [](const std::string& how) {
        Scripted guest([&](int fd) {
            std::string request = read_some(fd);
            while (request.find("script text") == std::string::npos) request += read_some(fd);
            say(fd, "done " + id_of(request) + " " + how + " 124 0 0\n");
        });
        return guest.shell().run({.text = "script text", .deadline = 5});
    };
    EXPECT_TRUE(answered("late").timed_out) << "the guest's clock may be faster than the host's";
    EXPECT_FALSE(answered("ended").timed_out) << "a script may well exit with 124";
}

TEST(ControlShell, AGuestThatEndsIsLost) {
    Line line = make_line();
    line.guest.reset();
    ControlShell shell(std::move(line.host), "house");
    EXPECT_THROW(shell.run({.text = "true", .deadline = 5}), GuestLost);
}

TEST(ControlShell, AGuestThatRestartsIsLost) {
    Scripted guest([](int fd) {
        read_some(fd);
        say(fd, "ready boot-8\n");
    });
    auto shell = guest.shell();
    EXPECT_THROW(shell.run({.text = "true", .deadline = 5}), GuestLost);
}

TEST(ControlShell, ARebootNeedsNoAnswer) {
    Scripted guest([](int fd) {
        const std::string id = id_of(read_some(fd));
        say(fd, "done " + id + " ended 0 0 0\nready boot-9\n");
    });
    auto shell = guest.shell();
    shell.begin({.text = "reboot", .deadline = 5});
    EXPECT_EQ(shell.wait_for_boot("boot-8", 5), "boot-9");
}

TEST(ControlShell, ASilentGuestIsLostWithTheReason) {
    Line line = make_line();
    ControlShell shell(std::move(line.host), "house", [] { return std::string("its kernel panicked"); });
    try {
        shell.hello(30);
        FAIL();
    } catch (const GuestLost& lost) {
        EXPECT_NE(std::string(lost.what()).find("its kernel panicked"), std::string::npos);
    }
}

TEST(ControlShell, SoIsOneThatGoesOnTalking) {
    Scripted guest([](int fd) {
        while (::send(fd, "x\n", 2, MSG_NOSIGNAL) > 0)
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
    });
    auto shell = guest.shell([] { return std::string("it floods its console"); });
    const Stopwatch watch;
    EXPECT_THROW(shell.hello(20), GuestLost);
    EXPECT_LT(watch.seconds(), 10);
    shell = ControlShell(Fd(), "");
}

TEST(ControlShell, OutputBeyondTheProtocolIsRefused) {
    Scripted guest([](int fd) { say(fd, "done " + id_of(read_some(fd)) + " ended 0 99999999999 0\n"); });
    auto shell = guest.shell();
    EXPECT_THROW(shell.run({.text = "true", .deadline = 5}), GuestLost);
}

TEST(ControlShell, EndlessNoiseIsRefused) {
    Scripted guest([](int fd) {
        const std::string noise(65536, 'x');
        while (::send(fd, noise.data(), noise.size(), MSG_NOSIGNAL) > 0) {
        }
    });
    auto shell = guest.shell();
    EXPECT_THROW(shell.hello(20), GuestLost);
    shell = ControlShell(Fd(), "");  // hangs up, so that the guest ends
}

// The guest's end, run here: as a container's, with a socket for its device.
class GuestEnd {
  public:
    GuestEnd() : folder_(testing::TempDir(), "guest-end-"), socket_(folder_.path() / "shell") {
        const std::string scripts = CLAMPROOF_SOURCE_DIR "/images/files/";
        write("control-shell", read_file(scripts + "base/usr/lib/clamproof/control-shell"));
        write("container-shell", read_file(scripts + "container/usr/lib/clamproof/container-shell"));
    }

    ControlShell connect() {
        const Fd listener = listen_at(socket_);
        guest_.emplace(std::vector<std::string>{"perl", (folder_.path() / "container-shell").string()});
        return ControlShell(Fd(::accept(listener.get(), nullptr, nullptr)), "house");
    }

  private:
    static Fd listen_at(const fs::path& path) {
        Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        path.string().copy(address.sun_path, sizeof address.sun_path - 1);
        EXPECT_EQ(::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
        ::listen(fd.get(), 1);
        const timeval patience{.tv_sec = 20, .tv_usec = 0};
        ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        return fd;
    }

    void write(const std::string& name, std::string text) const {
        const auto put = [&](std::string_view there, const std::string& here) {
            for (auto at = text.find(there); at != std::string::npos; at = text.find(there, at + here.size()))
                text.replace(at, there.size(), here);
        };
        put("/usr/lib/clamproof/host/shell", socket_.string());
        put("/usr/lib/clamproof/control-shell", (folder_.path() / "control-shell").string());
        put("/run/clamproof", (folder_.path() / "run").string());
        write_file(folder_.path() / name, text);
    }

    TempDir folder_;
    fs::path socket_;
    std::optional<Child> guest_;
};

TEST(ControlShellOfTheGuest, SaysWhetherADeadlineEndedTheScript) {
    if (!fs::exists("/usr/bin/perl")) GTEST_SKIP() << "the guest's end is in Perl";
    GuestEnd guest;
    ControlShell shell = guest.connect();
    shell.wait_for_boot("", 20);
    const ScriptResult ended = shell.run({.text = "echo out; echo err >&2; exit 124", .deadline = 20});
    EXPECT_EQ(ended.exit, 124);
    EXPECT_FALSE(ended.timed_out) << "that is the script's own status";
    EXPECT_EQ(ended.out, "out\n");
    EXPECT_EQ(ended.err, "err\n");
    const ScriptResult late = shell.run({.text = "echo begun; sleep 60", .deadline = 1});
    EXPECT_EQ(late.exit, 124);
    EXPECT_TRUE(late.timed_out);
    EXPECT_EQ(late.out, "begun\n");
    const ScriptResult mild = shell.run({.text = "trap 'exit 0' TERM; sleep 60 & wait", .deadline = 1});
    EXPECT_TRUE(mild.timed_out) << "however it ends then";
}

}  // namespace
}  // namespace clamproof
