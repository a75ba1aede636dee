#include "guest/machine_key.h"

#include <gtest/gtest.h>

#include <string>

#include "support/error.h"

namespace clamproof {
namespace {

const HypervisorVersions versions{.hypervisor = "QEMU 7.2.22", .libvirt = "9.0.0"};

Machine plain_machine(Accelerator accelerator = Accelerator::Tcg) {
    Machine machine;
    machine.name = "house";
    machine.accelerator = accelerator;
    return machine;
}

std::string complaint(const std::string& hypervisor, const std::string& libvirt) try {
    require_supported({.hypervisor = hypervisor, .libvirt = libvirt});
    return "";
} catch (const InfraError& error) {
    return error.what();
}

TEST(MachineKey, WhatIsTooOldIsNamedWithWhatItTakes) {
    EXPECT_EQ(complaint("QEMU 7.2.0", "9.0.0"), "");
    EXPECT_EQ(complaint("QEMU 10.0.2", "11.3.0"), "");
    EXPECT_EQ(complaint("QEMU 6.2.0", "9.0.0"),
              "QEMU 6.2.0 is too old for vms: they need QEMU 7.2 or later, as in Debian 12 and Ubuntu 24.04; "
              "images that are containers can be run all the same");
    EXPECT_NE(complaint("QEMU 7.1.50", "9.0.0"), "");
    EXPECT_EQ(
        complaint("QEMU 7.2.0", "8.10.0").find("libvirt 8.10.0 is too old for vms: they need libvirt 9.0"),
        0U);
}

TEST(MachineKey, PartsAreReadable) {
    const auto parts = machine_parts(versions, plain_machine());
    ASSERT_EQ(parts.size(), 5u);
    EXPECT_EQ(parts[0], (MachinePart{"accelerator", "tcg"}));
    EXPECT_EQ(parts[1], (MachinePart{"QEMU", "7.2.22"}));
    EXPECT_EQ(parts[2], (MachinePart{"libvirt", "9.0.0"}));
    EXPECT_EQ(parts[3], (MachinePart{"processor", "emulated"}));
}

TEST(MachineKey, EveryPartCounts) {
    const auto parts = machine_parts(versions, plain_machine());
    const std::string key = machine_key(parts);
    EXPECT_EQ(key.size(), 16u);
    for (std::size_t i = 0; i < parts.size(); ++i) {
        auto others = parts;
        others[i].value += "x";
        EXPECT_NE(machine_key(others), key) << parts[i].name;
    }
}

TEST(MachineKey, WhatTheGuestSeesCountsAndPathsDoNot) {
    const auto key = [](const Machine& machine) { return machine_key(machine_parts(versions, machine)); };
    Machine larger = plain_machine(), elsewhere = plain_machine();
    larger.memory_mib *= 2;
    elsewhere.kernel = "/elsewhere/vmlinuz";
    EXPECT_NE(key(plain_machine()), key(larger));
    EXPECT_EQ(key(plain_machine()), key(elsewhere));
}

TEST(MachineKey, KvmDependsOnTheProcessor) {
    const auto parts = machine_parts(versions, plain_machine(Accelerator::Kvm));
    EXPECT_NE(parts[3].value.find(" with features "), std::string::npos);
}

}  // namespace
}  // namespace clamproof
