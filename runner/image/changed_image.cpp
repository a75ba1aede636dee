#include "image/changed_image.h"

#include <utility>

namespace clamproof {

ChangedImage::ChangedImage(PreparedImage& below, Stage stage, std::function<void(const std::string&)> tell,
                           const std::function<void(Guest&)>& look)
    : below_(below),
      stage_(std::move(stage)),
      tell_(std::move(tell)),
      built_(below.built()),
      first_(change(below.pristine())) {
    look(*first_);
}

std::unique_ptr<Guest> ChangedImage::fork(const State& state) {
    const bool anew = state.memory == below_.pristine().memory;
    if (anew && first_) return std::move(first_);
    first_.reset();  // one domain of a name at a time
    return anew ? change(state) : below_.fork(state);
}

std::unique_ptr<Guest> ChangedImage::change(const State& state) {
    auto guest = below_.fork(state);
    built_ = change_guest(*guest, below_.built(), stage_, tell_);
    return guest;
}

}  // namespace clamproof
