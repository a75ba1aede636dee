#include "guest/hypervisor.h"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace clamproof
