/// Which digest each downloaded image had when it was first used: what lies behind an address may change, and
/// is then not used before somebody says so.
#pragma once

#include <optional>
#include <string>

#include "image/checksum_file.h"
#include "support/files.h"

namespace clamproof {

class Pins {
  public:
    explicit Pins(fs::path file = cache_folder() / "pins.json");

    /// @throws InfraError where the file cannot be read.
    std::optional<Checksum> find(const std::string& url) const;
    void set(const std::string& url, const Checksum& checksum) const;

  private:
    fs::path file_;
};

}  // namespace clamproof
