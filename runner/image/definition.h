/// Image definitions: images/NAME.json and the parts they share.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "casefile/facts.h"
#include "guest/cpu.h"
#include "image/download/checksum.h"
#include "support/files.h"

namespace clamproof {

/// One of the disks that its publisher offered behind the same address, by an address of its own.
struct DatedImage {
    std::string image;
    Checksum digest;
};

/// Where an image comes from that its publisher offers for download.
struct CloudSource {
    std::string image;        ///< address of a qcow2 disk
    std::string checksum;     ///< address of the file with its digest
    std::string signature{};  ///< address of the checksum file's detached signature; empty: there is none
    fs::path
        keyring{};  ///< of who signs the checksum file; empty: nobody. Without `signature` it is clear-signed
    std::vector<std::string> fingerprints{};  ///< of the keys that may; empty: any key of the keyring
    /// Which of the disks behind `image` to take while it is to be had: then all hosts have the same.
    std::optional<DatedImage> dated{};
    std::string firmware;  ///< bios or uefi: what the image boots with
    /// Installed before all others, because the control shell needs them and the image lacks them.
    std::vector<std::string> first_packages{};
    std::string network_config{};  ///< file below cloud/, for cloud-init; empty: as the publisher has it
};

/// What a guest is made of. Nothing here knows a distribution: names of suites and packages are data.
struct ImageDefinition {
    std::string name;  ///< of the file
    std::string title;
    bool only_where_named = false;  ///< a run of all images passes over it
    bool untrimmed = false;         ///< made without what the definition leaves out for speed alone
    /// What `files`, `setup` and others name is below these: the definition's own folder, then all others.
    Folders folders;
    /// What its guests are: vm (a libvirt domain; the default) or container. See kind_of (image/kind.h).
    std::string kind = "vm";

    std::string suite;                 ///< for mmdebstrap
    std::vector<std::string> pockets;  ///< updates, security
    /// Lists of packages are taken although their day is over: the mirror of a suite that changes daily may
    /// lag.
    bool takes_old_lists = false;
    std::string snapshot;  ///< the day of which the suite is taken, as its archive names it; empty: today's
    /// Where days of the past are kept: pocket (or "main") → address, in which {day} stands for `snapshot`.
    std::map<std::string, std::string> snapshots;
    std::string
        origin;        ///< of the suite, in apt's word: whose mirrors among this host's; empty: mmdebstrap's
    fs::path keyring;  ///< that vouches for the suite; empty: whom this host's apt believes
    std::optional<CloudSource> cloud;  ///< in place of a suite: what its publisher offers for download
    std::vector<std::string> packages;
    std::vector<std::string> files;      ///< trees below files/, laid over the root in this order
    std::vector<std::string> leave_out;  ///< paths in these trees that are not laid
    std::vector<std::string> setup;      ///< scripts below setup/, run in the root in this order
    bool labels = false;                 ///< write SELinux labels into the tree

    std::string lsm;   ///< selinux, apparmor or none: what the guest has to enforce
    std::string init;  ///< systemd or sysvinit
    int memory_mib =
        0;  ///< what one guest is given; what is counted for a container, which takes what it needs
    /// Script below setup/, run in the booted guest: of a vm before it is saved, of a container at each
    /// start.
    std::string settle;
    /// Of a vm alone, and not allowed for a container, as are `vcpus`, `cpu`, `disk_mib` and `labels`: those
    /// are its host's. Paths in the guest; of a cloud image words for its shell, such as
    /// /boot/vmlinuz-$(uname -r), and the line is added to the one that the image boots with.
    std::string kernel_image;
    std::string initrd_image;
    std::string kernel_line;
    int vcpus = 1;
    CpuLevel cpu = CpuLevel::V1;
    int disk_mib = 0;
    /// Folder below package-managers/ with the scripts by which packages are installed and listed in a guest.
    std::string package_manager;
    /// What comes of installing packages hangs on these, too: the digests of the scripts that do it and list
    /// them, a line each (see ways_to_install).
    std::string installed_by;
    /// Where clamd keeps its things; reaches scripts as CLAMD_<NAME>.
    std::map<std::string, std::string> clamd;

    /// What its guests are asked beside what they tell of themselves. No part of the definition: whoever
    /// reads cases sets it.
    std::vector<Fact> asked;

    /// Hexadecimal, 16 digits, over all of the above but `asked`, and the content of every file named;
    /// without the package manager's, which has no part in building the image.
    std::string digest;

    /// Something that the definition names, by its path in a folder of definitions: "setup/settle.sh".
    fs::path part(const fs::path& path) const { return folders.find(path); }
};

/// The name of an image's untrimmed twin, as which it is built, kept and reported.
std::string untrimmed_twin(const std::string& name);
/// The image that this is the untrimmed twin of, if that is what the name says.
std::optional<std::string> trimmed_twin(const std::string& name);

/// @param name of an image, or of its untrimmed twin
/// @throws InputError with file, line and column where the definition is wrong.
ImageDefinition load_image(const Folders& folders, const std::string& name);

/// Whether load_image would find one of that name.
bool is_defined(const Folders& folders, const std::string& name);
/// Whether it would find this very definition. @throws InputError where one of that name is wrong.
bool is_current(const Folders& folders, const std::string& name, const std::string& digest);

/// A script of the image's package manager.
fs::path package_manager_script(const ImageDefinition& image, const std::string& name);

/// What load_image reads `installed_by` from; a script that is not there has an empty line.
std::string ways_to_install(const ImageDefinition& image);

/// Shell text that exports the clamd block: conf → CLAMD_CONF.
std::string clamd_exports(const ImageDefinition& image);

/// PREFIX_NAME, in capitals. What a shell cannot name becomes an underscore.
std::string variable_name(const std::string& prefix, const std::string& name);

/// Shell text that exports values under their `variable_name`.
std::string exports(const std::string& prefix, const std::map<std::string, std::string>& values);

/// The names of all definitions, sorted; without untrimmed twins. @throws InputError where a folder holds
/// none, or two folders hold one of a name.
std::vector<std::string> image_names(const Folders& folders);

}  // namespace clamproof
