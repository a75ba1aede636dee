/// Where one process keeps its guests, so that the next one can clear up after it, however it died.
#pragma once

#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "guest/container_engine.h"
#include "support/file_lock.h"
#include "support/files.h"

namespace clamproof {

/// Two folders that live as long as their owner, or as a guest that cannot be ended: one for large files, one
/// with a short path for sockets (which must stay under 108 characters) and the embedded hypervisor's root.
/// What is in them others can reach where they know its name and it is theirs: QEMU may be another user's
/// (qemu_user.h).
class RunFolder {
  public:
    /// @throws InfraError.
    RunFolder();
    ~RunFolder();
    RunFolder(const RunFolder&) = delete;
    RunFolder& operator=(const RunFolder&) = delete;

    const fs::path& files() const { return files_.path(); }
    const fs::path& sockets() const { return sockets_.path(); }

  private:
    explicit RunFolder(const FileLock& registry);

    TempDir files_;
    TempDir sockets_;
    FileLock alive_;  // the kernel drops it with the process
};

/// Ends the guests and removes the folders of processes that are gone. Where some guests may be left, the
/// folders stay, and the next one tries again.
/// @returns a sentence for each, empty where there was nothing to do.
std::vector<std::string> reap_dead_runs();

/// Every QEMU whose command line names a path below `folder`.
std::vector<int> guests_of(const fs::path& folder);

/// Kills every QEMU whose command line names a path below `folder` and waits until it is gone, at most 2 s,
/// and until it is reaped, at most 0.1 s more; removes the containers that are marked with `folder`.
EndedGuests kill_guests_of(const fs::path& folder) noexcept;

/// Ends the guests that are kept in `folder` when `interrupted` says so: whatever waits for one notices at
/// once. Asks every 50 ms, until the thread is told to stop.
std::jthread end_guests_when(std::function<bool()> interrupted, const RunFolder& folder);

/// Ends this process, which a call holds that does not return: keeps the ends of its guests' consoles, ends
/// the guests, and tells where the consoles are. Its folders stay for the next start to clear up.
/// @param words what hangs
[[noreturn]] void end_hung_process(const std::string& words, const RunFolder& folder,
                                   const std::function<void(const std::string&)>& say) noexcept;

/// As kill_guests_of, for the guests of a process of this user that is still there.
void kill_guests_of_process(int pid) noexcept;

}  // namespace clamproof
