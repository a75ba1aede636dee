/// Where a run finds things and what it runs guests on: the same for the program and its workers.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace clamproof {

struct Settings {
    std::filesystem::path images = "images";  ///< folder of image definitions
    std::filesystem::path cases = "cases";    ///< folder of cases, with lib.sh
    std::filesystem::path out = "out";        ///< reports and evidence
    std::string accelerator = "auto";         ///< auto, kvm or tcg
    std::string connect{};                    ///< libvirt URI; empty: the embedded driver
    int repeat = 1;                           ///< how often every cell is run
    bool capsules = false;                    ///< keep a guest whose claim did not hold, unexpectedly
};

}  // namespace clamproof
