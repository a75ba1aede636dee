#include "image/snapshot.h"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

#include "image/install.h"

namespace clamproof {

std::unique_ptr<Guest> Snapshot::open() {
    if (first_) return std::move(first_);
    auto guest = saved_ ? host_->fork(*saved_) : host_->open();
    if (redo_) redo_(*guest);
    return guest;
}

std::unique_ptr<Guest> Snapshot::fork(const State& state) {
    first_.reset();  // one domain of a name at a time
    return host_->fork(state);
}

void Snapshot::look(const std::function<void(Guest&)>& at) {
    first_ ? at(*first_) : at(*open());
}

std::shared_ptr<Snapshot> Snapshot::with(const Layer& layer, const ImageStore& store, const Tell& tell) {
    if (layer.empty()) return shared_from_this();
    if (!kept_) throw std::logic_error("a layer over one that is not kept");
    auto above = layer.keep == Keep::InStore ? kept(layer, store, tell) : for_this_job(layer, tell);
    above->layers_ = layers_ + " " + layer_key(definition(), layer);
    return above;
}

std::shared_ptr<Snapshot> Snapshot::for_this_job(const Layer& layer, const Tell& tell) {
    auto guest = open();
    auto above = std::make_shared<Snapshot>(change_guest(*guest, built_, layer, tell), shared_from_this(),
                                            std::nullopt);
    above->redo_ = [below = built_, layer, tell](Guest& another) {
        change_guest(another, below, layer, tell);
    };
    above->first_ = std::move(guest);
    above->kept_ = false;
    return above;
}

std::shared_ptr<Snapshot> Snapshot::kept(const Layer& layer, const ImageStore& store, const Tell& tell) {
    StoreEntry entry = built_.entry;
    entry.folder = layer_folder(built_, layer);
    const FileLock making = store.making(entry.name);
    std::optional<State> saved;
    if (saved_) {
        const SavedOrigin origin = origin_of_layers();
        saved = check_saved(entry, origin).state;
        if (!saved) saved = save(layer, entry, origin, tell);
    } else if (!find_layer(built_, layer)) {
        keep_knowledge(change_guest(*open(), built_, layer, tell), entry.folder);
    }
    fs::last_write_time(entry.folder, fs::file_time_type::clock::now());  // see forgotten_layers
    auto above = std::make_shared<Snapshot>(*find_layer(built_, layer), shared_from_this(), saved);
    if (!saved)
        above->redo_ = [below = built_, layer](Guest& guest) {
            change_guest(guest, below, layer, [](const std::string&) {});
        };
    return above;
}

State Snapshot::save(const Layer& layer, const StoreEntry& entry, const SavedOrigin& origin,
                     const Tell& tell) {
    auto guest = open();
    const BuiltImage changed = change_guest(*guest, built_, layer, tell);
    tell("saving its memory");
    const State state = guest->save();
    guest.reset();  // its disk lies on the one that is kept
    keep_knowledge(changed, entry.folder);
    return keep_saved(state, entry, origin, fmt::format("../../../../warm/{}/disk.qcow2", origin.key()));
}

// Over the disk of the saved guest below, which is never changed.
SavedOrigin Snapshot::origin_of_layers() const {
    SavedOrigin origin = built_.origin;
    origin.disk = SealedFolder::digests(built_.top() / "warm" / origin.key()).at("disk.qcow2");
    return origin;
}

}  // namespace clamproof
