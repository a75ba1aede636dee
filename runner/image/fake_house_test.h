/// An image without a machine, and its guests: their scripts come out as a test says, and what layers do to
/// them can be read.
#pragma once

#include <fmt/format.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "guest/empty_disk_test.h"
#include "guest/guest.h"
#include "guest/overlay.h"
#include "image/built_image.h"
#include "support/process.h"

namespace clamproof {

/// By what is to be found in a script's text; every other script ends well and says nothing.
using HouseAnswers = std::vector<std::pair<std::string, ScriptResult>>;

class HouseGuest : public Guest {
  public:
    explicit HouseGuest(const HouseAnswers& answers, std::string done = "", fs::path folder = {})
        : done(std::move(done)), answers_(answers), folder_(std::move(folder)) {}

    ScriptResult run(const Script& script) override {
        for (const char* word : {"opkg install", "paint", "polish"})
            if (script.text.find(word) != std::string::npos) done += fmt::format("[{}]", word);
        for (const auto& [text, result] : answers_)
            if (script.text.find(text) != std::string::npos) return result;
        return {.exit = 0, .out = "", .err = ""};
    }
    void reboot() override {}
    State save() override {
        write_file(folder_ / "memory", done);
        make_overlay(folder_ / "layer", folder_ / "house-1/disk.qcow2");
        return {.memory = folder_ / "memory", .disk = folder_ / "layer"};
    }
    std::vector<fs::path> diagnose(const fs::path&) noexcept override { return {}; }

    std::string done;  ///< "[opkg install][paint]"

  private:
    const HouseAnswers& answers_;
    fs::path folder_;
};

/// The image "house" in a folder of its own: its definition, and its place in a store.
class House : public GuestHost {
  public:
    House() : folder_(std::filesystem::temp_directory_path(), "house-") {
        for (const char* name : {"package-managers/opkg", "setup", "house-1"}) make_folder(path(name));
        write_file(path("package-managers/installed.sh"), "true\n");
        write_file(path("package-managers/opkg/install.sh"), "opkg install\n");
        write_file(path("package-managers/opkg/list.sh"), "opkg list\n");
        write_file(path("setup/settle.sh"), "settle the house\n");
        write_file(path("door_2.ipk"), "a door");
        built.definition.name = "house";
        built.definition.folders = folder_.path();
        built.definition.package_manager = "opkg";
        built.definition.installed_by = ways_to_install(built.definition);
        built.definition.settle = "settle.sh";
        built.definition.lsm = "none";
        built.entry = {.name = "house", .digest = "1", .folder = path("house-1")};
        built.facts = {{"clamd", "1.0"}};
        built.packages = {{"door", "1"}};
    }

    fs::path path(const std::string& name) const { return folder_.path() / name; }
    Layer door() const { return {.packages = read_packages({path("door_2.ipk")})}; }

    std::unique_ptr<Guest> open() override {
        ++opened;
        return std::make_unique<HouseGuest>(answers, "", folder_.path());
    }
    std::unique_ptr<Guest> fork(const State& state) override {
        ++forked;
        return std::make_unique<HouseGuest>(answers, read_file(state.memory), folder_.path());
    }

    /// A guest of it, saved in the store. To be called once.
    State saved() {
        make_empty_disk(built.entry.disk());
        built.origin = {.machine = {{"accelerator", "tcg"},
                                    {"QEMU", "7"},
                                    {"libvirt", "9"},
                                    {"processor", "p"},
                                    {"machine", "m"}},
                        .disk = sha256_file(built.entry.disk())};
        return keep_saved(HouseGuest(answers, "", folder_.path()).save(), built.entry, built.origin);
    }

    BuiltImage built;
    HouseAnswers answers;
    int opened = 0, forked = 0;

  private:
    TempDir folder_;
};

}  // namespace clamproof
