#include "guest/domain_xml.h"

#include <gtest/gtest.h>

#include <pugixml.hpp>
#include <regex>

namespace clamproof {
namespace {

Machine house() {
    return {.name = "house <&\"'>",
            .uuid = uuid_from("house"),
            .memory_mib = 300,
            .kernel = "/k",
            .initrd = "/i",
            .kernel_line = "a=\"b\" & c"};
}

pugi::xml_document parsed(const Machine& machine) {
    pugi::xml_document document;
    EXPECT_TRUE(document.load_string(
        domain_xml(machine, {.disk = "/d & e", .console = "/c", .shell = "/s", .tty = "/t"}).c_str()));
    return document;
}

TEST(DomainXml, EscapesWhatItIsGiven) {
    const auto document = parsed(house());
    const auto domain = document.child("domain");
    EXPECT_STREQ(domain.child_value("name"), "house <&\"'>");
    EXPECT_STREQ(domain.child("os").child_value("cmdline"), "a=\"b\" & c");
    EXPECT_STREQ(domain.select_node("devices/disk/source/@file").attribute().value(), "/d & e");
}

TEST(DomainXml, EmulatesOrAccelerates) {
    Machine machine = house();
    EXPECT_STREQ(parsed(machine).child("domain").attribute("type").value(), "qemu");
    machine.accelerator = Accelerator::Kvm;
    EXPECT_STREQ(parsed(machine).child("domain").attribute("type").value(), "kvm");
    EXPECT_STREQ(parsed(machine).child("domain").child("cpu").attribute("mode").value(), "host-passthrough");
}

TEST(DomainXml, EmulatesTheProcessorThatAGuestIsMadeFor) {
    Machine machine = house();
    EXPECT_EQ(parsed(machine).select_nodes("//cpu/feature").size(), 0U);
    machine.cpu = CpuLevel::V3;
    const auto document = parsed(machine);
    EXPECT_STREQ(document.select_node("//cpu/model").node().child_value(), "Nehalem");
    for (const auto& feature : cpu_features(CpuLevel::V3))
        EXPECT_TRUE(
            document.select_node(("//cpu/feature[@policy='require'][@name='" + feature + "']").c_str()))
            << feature;
    EXPECT_TRUE(document.select_node("//cpu/feature[@policy='require'][@name='xsaveopt']"));
}

TEST(DomainXml, GivesTheGuestNoWayOut) {
    const auto document = parsed(house());
    EXPECT_FALSE(document.select_node("//interface"));
    EXPECT_FALSE(document.select_node("//graphics"));
    EXPECT_FALSE(document.select_node("//hostdev"));
}

TEST(DomainXml, LetsTheGuestsOwnBootLoaderStartIt) {
    Machine machine = house();
    machine.boot = Boot::Bios;
    const auto bios = parsed(machine);
    EXPECT_FALSE(bios.select_node("domain/os/kernel"));
    EXPECT_FALSE(bios.select_node("domain/os/@firmware"));
    machine.boot = Boot::Uefi;
    EXPECT_STREQ(parsed(machine).child("domain").child("os").attribute("firmware").value(), "efi");
    EXPECT_STREQ(parsed(house()).child("domain").child("os").child_value("kernel"), "/k");
}

TEST(DomainXml, HasASeedAndAWayOutWhereAsked) {
    Machine machine = house();
    machine.seed = "/seed";
    machine.network = true;
    const auto document = parsed(machine);
    const auto seed = document.select_node("//disk[target/@dev='vdb']").node();
    EXPECT_STREQ(seed.child("source").attribute("file").value(), "/seed");
    EXPECT_TRUE(seed.child("readonly"));
    EXPECT_STREQ(document.select_node("//interface/@type").attribute().value(), "user");
    EXPECT_FALSE(parsed(house()).select_node("//disk[target/@dev='vdb']"));
}

TEST(DomainXml, SparesTheQuestionsAboutTheCpu) {
    const auto document = parsed(house());
    const auto domain = document.child("domain");
    EXPECT_STREQ(domain.attribute("xmlns:qemu").value(), "http://libvirt.org/schemas/domain/qemu/1.0");
    EXPECT_STREQ(domain.child("qemu:capabilities").child("qemu:del").attribute("capability").value(),
                 "cpu-unavailable-features");
}

TEST(DomainXml, AUuidIsStableAndWellFormed) {
    const std::regex form("[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}");
    EXPECT_TRUE(std::regex_match(uuid_from("x"), form));
    EXPECT_EQ(uuid_from("x"), uuid_from("x"));
    EXPECT_NE(uuid_from("x"), uuid_from("y"));
}

}  // namespace
}  // namespace clamproof
