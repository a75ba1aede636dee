#include "guest/hypervisor.h"

#include <gtest/gtest.h>

#include "support/error.h"

namespace clamproof {
namespace {

// libvirt's own mock driver: no daemon, no guest.
constexpr const char* mock = "test:///default";
constexpr const char* xml =
    "<domain type='test'><name>house</name><memory unit='MiB'>64</memory><os><type>hvm</type></os></domain>";

TEST(Hypervisor, StartsSavesRestoresAndEndsADomain) {
    const clamproof::TempDir folder(testing::TempDir(), "hypervisor-");
    Hypervisor hypervisor(mock);
    {
        Domain domain = hypervisor.start(xml, "house", Begin::Running);
        EXPECT_TRUE(domain.running());
        domain.save(folder.path() / "memory");
        EXPECT_FALSE(domain.running());
    }
    EXPECT_TRUE(hypervisor.restore(folder.path() / "memory", "", "house", Begin::Running).running());
    EXPECT_THROW(hypervisor.restore(folder.path() / "nothing", "", "house", Begin::Running), InfraError);
}

TEST(Hypervisor, ADomainEndsWithItsOwner) {
    Hypervisor hypervisor(mock);
    { Domain domain = hypervisor.start(xml, "house", Begin::Running); }
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
        Hypervisor hypervisor("nowhere:///at-all");
        FAIL();
    } catch (const InfraError& error) {
        EXPECT_TRUE(std::string(error.what()).starts_with("cannot open nowhere:///at-all: ")) << error.what();
    }
}

}  // namespace
}  // namespace clamproof
