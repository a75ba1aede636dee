/// What building an image would take, seen before anything is downloaded or built.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "image/store.h"

namespace clamproof {

/// What is asked about a host.
struct BuildHost {
    std::function<bool(const std::string& program)> has_program;
    bool is_root = false;
    std::uint64_t free_mib = 0;  ///< where images are stored
    int available_mib = 0;       ///< of memory
    /// What the image's guests would run on, in words. @throws InfraError where nothing does.
    std::function<std::string(const ImageDefinition&)> runs_on;
};
BuildHost build_host_here(const ImageStore& store, const std::string& accelerator, int available_mib);

struct BuildPlan {
    std::vector<std::string> steps;    ///< what would be done, in its order
    std::vector<std::string> missing;  ///< what the host lacks for it, with what to do
};
BuildPlan plan_build(const ImageDefinition& image, const BuildHost& host);

}  // namespace clamproof
