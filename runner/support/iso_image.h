/// ISO 9660 images with Rock Ridge names, of which every file belongs to root.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "support/files.h"

namespace clamproof {

class IsoImage {
  public:
    /// @param file is overwritten. @param label of the volume, in capitals. @throws InfraError.
    IsoImage(const fs::path& file, const std::string& label);
    ~IsoImage();
    IsoImage(const IsoImage&) = delete;
    IsoImage& operator=(const IsoImage&) = delete;

    /// @param name below the root, whose folders need not be added. @throws InfraError.
    void add(const std::string& name, std::string_view content, int mode = 0644);
    void add_link(const std::string& name, const std::string& target);
    /// Completes the image; without it, what was written is none. @throws InfraError.
    void close();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace clamproof
