/// The content-addressed store of built images: $XDG_CACHE_HOME/clamproof/images/NAME-DIGEST/.
///
///     disk.qcow2 vmlinuz initrd lock.json     what a build makes; never written again
///     rootfs.tar lock.json                    … of a container
///     seal                                    the digest of each, checked on use
///     facts                                   what the booted guest tells of itself
///     answers                                 … and to what cases ask (casefile/facts.h)
///     warm/KEY/…                              the booted, settled guest, for one accelerator and QEMU
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "image/definition.h"
#include "support/file_lock.h"

namespace clamproof {

/// Folders of the store are for all to read: QEMU may be another user's than who has built them, and so may
/// be who runs them. There is no secret in a guest.
inline constexpr fs::perms for_all_to_read{0755};

/// A folder whose files are known to be what they were when it was sealed.
class SealedFolder {
  public:
    /// Writes a seal over the files in `folder`, as the last act of making it but one: move_into_place, which
    /// sees to it that after a power cut no seal vouches for what never came to the disk. Lets everybody read
    /// them. @throws InfraError.
    static void seal(const fs::path& folder, const std::vector<std::string>& files);

    /// As seal, where the digests are known already and need not be counted again.
    /// @param digests name → hexadecimal SHA-256
    static void seal_known(const fs::path& folder, const std::map<std::string, std::string>& digests);

    /// What was sealed: name → hexadecimal SHA-256. @throws InfraError where there is no seal.
    static std::map<std::string, std::string> digests(const fs::path& folder);

    /// @returns empty where every file is as sealed; else a sentence that names what is not. Reads a file
    /// again only where its size, times or inode changed since it was last found good.
    static std::string damage(const fs::path& folder);
};

/// One built image.
struct StoreEntry {
    std::string name;
    std::string digest;
    fs::path folder;
    /// Keeps others from removing or replacing the image while a copy of this lives; none: nothing does.
    std::shared_ptr<const FileLock> use{};

    fs::path disk() const { return folder / "disk.qcow2"; }
    fs::path rootfs() const { return folder / "rootfs.tar"; }
    fs::path kernel() const { return folder / "vmlinuz"; }
    fs::path initrd() const { return folder / "initrd"; }
    fs::path lock_file() const { return folder / "lock.json"; }
    fs::path warm(const std::string& key) const { return folder / "warm" / key; }
    /// MiB on disk.
    std::uint64_t size_mib() const;
};

/// Where the logs of a build or a first boot that failed are kept.
fs::path failed_build_folder(const std::string& image);

/// Two kinds of lock keep processes apart. What is being made of images of a name, it alone is made of them:
/// `making`. What is in use stays: `use` of an entry, which is shared, and `claim`, which excludes it.
/// Whoever has a claim waits for nothing else, and nobody waits for a claim while he makes anything: those
/// who use the entry may be about to make something of it.
class ImageStore {
  public:
    /// @param wait whom waits for locks tell, and what ends them
    explicit ImageStore(fs::path folder = cache_folder() / "images", LockWait wait = {});

    const fs::path& folder() const { return folder_; }
    fs::path entry_folder(const ImageDefinition& image) const;

    /// Held by whoever builds, warms up or imports images of that name. Waits for it.
    /// @throws InfraError where the wait was cancelled.
    FileLock making(const std::string& image) const;
    /// Nothing where somebody does one of these.
    std::optional<FileLock> try_making(const std::string& image) const;

    /// Held by whoever removes or replaces an image. Waits until nobody uses it. @throws as above.
    FileLock claim(const StoreEntry& entry) const;
    /// Nothing where somebody uses it: see `users`.
    std::optional<FileLock> try_claim(const StoreEntry& entry) const;
    /// "process 12 (clamproof run --quick)", for messages.
    std::string users(const StoreEntry& entry) const;

    /// The built image, checked, and in use from then on. A damaged one is removed unless somebody uses it.
    /// @param say told the sentence about a damaged entry @throws InfraError.
    std::optional<StoreEntry> find(const ImageDefinition& image,
                                   const std::function<void(const std::string&)>& say) const;

    /// @throws InfraError where a damaged image lies where a new one is to be, and somebody uses it.
    void need_room(const ImageDefinition& image) const;
    /// Gives a complete, sealed folder its place. To be called by whoever holds `making`.
    /// @returns the image, in use from then on. @throws InfraError.
    StoreEntry take_in(const fs::path& made, const ImageDefinition& image) const;

    /// Makes room for another image of the same definition. Waits until nobody uses the one that is there.
    /// @returns whether there is one that `restore` could bring back. @throws InfraError.
    bool set_aside(const ImageDefinition& image) const;
    /// What was set aside goes for good where another has taken its place, and comes back where none has.
    /// @returns the one that came back. @throws InfraError.
    std::optional<StoreEntry> restore(const ImageDefinition& image) const;

    /// The same of every image that was set aside by somebody who was interrupted. Passes by what is being
    /// made. @returns those that came back.
    std::vector<StoreEntry> restore_interrupted() const;

    /// Every complete entry, sorted by name, without those that were set aside.
    std::vector<StoreEntry> entries() const;

    /// A kernel to try accelerators with: of an entry, else the host's own; empty where there is none.
    fs::path some_kernel() const;

    /// SHA-256 of every package in them, by their lock files.
    std::set<std::string> package_digests() const;

  private:
    StoreEntry entry_of(const ImageDefinition& image) const;
    std::vector<StoreEntry> entries_named(std::string_view suffix) const;
    std::optional<StoreEntry> restore_held(StoreEntry entry) const;
    std::shared_ptr<const FileLock> use(const StoreEntry& entry) const;

    fs::path folder_;
    LockWait wait_;
};

}  // namespace clamproof
