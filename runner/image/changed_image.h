/// An image that something is done to for once: every guest that is forked from it anew has it done to it,
/// and nothing is kept.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "image/installed.h"

namespace clamproof {

class ChangedImage : public GuestSource {
  public:
    /// Does it to a first guest, which is the first to be forked.
    /// @param below outlives this @param tell told what is being done @param look may look around in that
    /// guest
    /// @throws NotInstallable, InfraError.
    ChangedImage(PreparedImage& below, Stage stage, std::function<void(const std::string&)> tell,
                 const std::function<void(Guest&)>& look);

    /// The image as it is in that guest.
    const BuiltImage& built() const { return built_; }

    State pristine() override { return below_.pristine(); }
    /// @throws NotInstallable, InfraError.
    std::unique_ptr<Guest> fork(const State& state) override;

  private:
    std::unique_ptr<Guest> change(const State& state);

    PreparedImage& below_;
    Stage stage_;
    std::function<void(const std::string&)> tell_;
    BuiltImage built_;
    std::unique_ptr<Guest> first_;
};

}  // namespace clamproof
