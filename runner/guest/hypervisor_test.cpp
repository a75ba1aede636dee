#include "guest/hypervisor.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>

#include "support/error.h"

namespace clamproof {
namespace {

// libvirt's own mock driver: no daemon, no guest.
constexpr const char* mock = "test:///default";
constexpr const char* xml =
    "<domain type='test'><name>house</name><memory unit='MiB'>64</memory><os><type>hvm</type></os></domain>";

TEST(Hypervisor, StartsADomain) {
    Hypervisor hypervisor(mock);
    const auto domain = hypervisor.start(xml, "house", Begin::Running);
    EXPECT_TRUE(domain->running());
    domain->destroy();
    EXPECT_FALSE(domain->running());
}

TEST(Hypervisor, WhatWasNotSavedIsNotRestored) {
    Hypervisor hypervisor(mock);
    EXPECT_THROW(hypervisor.restore("/nonexistent/memory", "", "house", Begin::Running), InfraError);
}

TEST(Hypervisor, ADomainOutlivesAFailedSnapshot) {
    Hypervisor hypervisor(mock);
    const auto domain = hypervisor.start(xml, "house", Begin::Running);
    EXPECT_THROW(domain->snapshot("/nonexistent/memory", "/nonexistent/layer"), InfraError);
    EXPECT_TRUE(domain->running());
}

TEST(Hypervisor, ADomainEndsWithItsOwner) {
    Hypervisor hypervisor(mock);
    { const auto domain = hypervisor.start(xml, "house", Begin::Running); }
    EXPECT_NO_THROW(hypervisor.start(xml, "house", Begin::Running));
}

TEST(Hypervisor, TellsLibvirtsReason) {
    Hypervisor hypervisor(mock);
    try {
        hypervisor.start("<domain/>", "house", Begin::Running);
        FAIL();
    } catch (const InfraError& error) {
        EXPECT_TRUE(std::string(error.what()).starts_with("cannot start house: ")) << error.what();
    }
}

TEST(Hypervisor, AnUnknownUriIsNamed) {
    try {
        const Hypervisor hypervisor("nowhere:///at-all");
        hypervisor.version();
        FAIL();
    } catch (const InfraError& error) {
        EXPECT_TRUE(std::string(error.what()).starts_with("cannot open nowhere:///at-all: ")) << error.what();
    }
}

// A daemon that takes a connection and never says a word.
TEST(Hypervisor, ACallThatDoesNotReturnIsToldOf) {
    const clamproof::TempDir folder(testing::TempDir(), "libvirt-");
    const fs::path socket = folder.path() / "socket";
    Fd daemon(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, socket.c_str(), sizeof address.sun_path - 1);
    ASSERT_EQ(::bind(daemon.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    ASSERT_EQ(::listen(daemon.get(), 4), 0);
    const std::string uri = "qemu+unix:///system?socket=" + socket.string();
    std::string told;
    const Hypervisor hypervisor(uri, {.answer = 0.2, .on_hang = [&](const std::string& words) {
                                          told = words;
                                          daemon.reset();  // as a QEMU that is killed, this lets it return
                                      }});
    EXPECT_THROW(hypervisor.version(), InfraError);
    EXPECT_EQ(told, "opening " + uri + " has not come to an end in 0 s");
}

}  // namespace
}  // namespace clamproof
