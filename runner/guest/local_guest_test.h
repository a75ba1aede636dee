/// This host as a guest: scripts that guests run are run here, on a folder in place of the guest's own.
#pragma once

#include <re2/re2.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "guest/guest.h"
#include "support/files.h"
#include "support/process.h"

namespace clamproof {

class LocalGuest : public Guest {
  public:
    /// Makes the folders that its paths are taken from; its commands go before the host's.
    LocalGuest() : root_(std::filesystem::temp_directory_path(), "guest-") { make_folder(path("/bin")); }

    /// A path of the guest, on this host.
    std::filesystem::path path(const std::string& in_guest) const { return root_.path().string() + in_guest; }

    void write(const std::string& in_guest, const std::string& content) const {
        std::filesystem::create_directories(path(in_guest).parent_path());
        write_file(path(in_guest), content);
    }
    /// A program of the guest's, by its name or its path, as a shell script.
    void write_command(const std::string& name, const std::string& script) const {
        const std::string file = name.starts_with("/") ? name : "/bin/" + name;
        write(file, translated("#!/bin/sh\n" + script));
        std::filesystem::permissions(path(file), std::filesystem::perms::owner_all);
    }

    ScriptResult run(const Script& script) override {
        const ProcessResult result = run_process(
            {.argv = {"sh", "-c", "PATH=" + path("/bin").string() + ":$PATH\n" + translated(script.text)}});
        return {.exit = result.exit,
                .timed_out = result.timed_out,
                .out = without_root(result.out),
                .err = without_root(result.err)};
    }
    void reboot() override {}
    State save() override { return {}; }
    std::vector<std::filesystem::path> diagnose(const std::filesystem::path&) noexcept override { return {}; }

  private:
    // Where a word begins with one of the folders that the guest has of its own.
    std::string translated(std::string text) const {
        static const re2::RE2 own("(?m)(^|[\\s\"'=<>(])(/(?:etc|lib|proc|run|sys|usr/lib|var)\\b)");
        re2::RE2::GlobalReplace(&text, own, "\\1" + root_.path().string() + "\\2");
        return text;
    }
    std::string without_root(std::string text) const {
        const std::string root = root_.path().string();
        for (auto at = text.find(root); at != std::string::npos; at = text.find(root))
            text.erase(at, root.size());
        return text;
    }

    TempDir root_;
};

}  // namespace clamproof
