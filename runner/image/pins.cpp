#include "image/pins.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "support/error.h"

namespace clamproof {
namespace {

nlohmann::ordered_json read_pins(const fs::path& file) {
    std::error_code ignored;
    if (!fs::exists(file, ignored)) return nlohmann::ordered_json::object();
    auto pins = nlohmann::ordered_json::parse(read_file(file), nullptr, false);
    bool good = pins.is_object();
    if (good)
        for (const auto& [url, digest] : pins.items())
            good = good && digest.is_string() && checksum_from_text(digest.get<std::string>());
    if (!good)
        throw InfraError(fmt::format("{} is damaged; remove it, and images are pinned anew", file.string()));
    return pins;
}

}  // namespace

Pins::Pins(fs::path file) : file_(std::move(file)) {}

std::optional<Checksum> Pins::find(const std::string& url) const {
    const auto pins = read_pins(file_);
    return pins.contains(url) ? checksum_from_text(pins[url].get<std::string>()) : std::nullopt;
}

void Pins::set(const std::string& url, const Checksum& checksum) const {
    make_folder(file_.parent_path());
    const FileLock lock(file_.parent_path() / ".pins.lock");
    auto pins = read_pins(file_);
    pins[url] = checksum.text();
    write_file(file_, pins.dump(1) + "\n");
}

}  // namespace clamproof
