/// Where an image comes from that its publisher offers for download, as a definition says it.
#pragma once

#include <string>
#include <vector>

#include "support/files.h"

namespace clamproof {

struct CloudSource {
    std::string image;      ///< address of a qcow2 disk
    std::string checksum;   ///< address of the file with its digest
    std::string signature;  ///< address of the checksum file's detached signature; empty: there is none
    fs::path
        keyring;  ///< of who signs the checksum file; empty: nobody. Without `signature` it is clear-signed
    std::string firmware;  ///< bios or uefi: what the image boots with
    /// Installed before all others, because the control shell needs them and the image lacks them.
    std::vector<std::string> first_packages;
};

}  // namespace clamproof
