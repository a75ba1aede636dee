#include "image/built_image.h"

#include <chrono>
#include <nlohmann/json.hpp>
#include <system_error>

#include "image/settle.h"
#include "support/error.h"

namespace clamproof {
namespace {

Told pairs_in(const fs::path& file) {
    std::error_code ignored;
    return fs::exists(file, ignored) ? parse_pairs(read_file(file)) : Told();
}

}  // namespace

std::optional<BuiltImage> find_built(const ImageDefinition& image, const ImageStore& store,
                                     const std::function<void(const std::string&)>& say) {
    const auto entry = store.find(image, say);
    return entry ? std::optional(known_of(image, *entry)) : std::nullopt;
}

// A cloud image boots with what its own boot loader gave it.
BuiltImage known_of(const ImageDefinition& image, const StoreEntry& entry) {
    const auto lock = nlohmann::json::parse(read_file(entry.lock_file()));
    BuiltImage built{.definition = image,
                     .entry = entry,
                     .facts = facts_of(image, entry.folder),
                     .kernel_line = lock.value("kernel_line", image.kernel_line)};
    for (const auto& package : lock.at("packages"))
        built.packages[package.at("name").get<std::string>()] = package.at("version").get<std::string>();
    return built;
}

// They do not depend on the accelerator: those of any saved state will do.
std::map<std::string, std::string> facts_of(const ImageDefinition& image, const fs::path& folder) {
    Told told = pairs_in(folder / "facts");
    told.merge(pairs_in(folder / "answers"));
    return facts_by_name(image, told);
}

void keep_told(const fs::path& folder, const Told& told) {
    Told facts, answers = pairs_in(folder / "answers");
    for (const auto& [name, value] : told) (is_question(name) ? answers : facts)[name] = value;
    if (!answers.empty()) write_file(folder / "answers", pair_lines(answers));
    write_file(folder / "facts", pair_lines(facts));
}

fs::path layer_folder(const BuiltImage& image, const Layer& layer) {
    return image.top() / "with" / layer_key(image.definition, layer);
}

std::optional<BuiltImage> find_layer(const BuiltImage& image, const Layer& layer) {
    if (layer.empty()) return image;
    const fs::path folder = layer_folder(image, layer);
    std::error_code ignored;
    if (!fs::exists(folder / "packages", ignored)) return std::nullopt;
    BuiltImage with = image;
    with.facts = parse_pairs(read_file(folder / "facts"));
    with.packages = parse_pairs(read_file(folder / "packages"));
    if (fs::exists(folder / "words", ignored)) with.output = read_file(folder / "words");
    with.layer = folder;
    return with;
}

void keep_knowledge(const BuiltImage& with, const fs::path& layer) {
    make_folder(layer, for_all_to_read);
    write_file_durably(layer / "facts", pair_lines(with.facts));
    write_file(layer / "words", with.output);
    write_file_durably(layer / "packages", pair_lines(with.packages));
}

std::vector<fs::path> forgotten_layers(const StoreEntry& entry) {
    std::vector<fs::path> layers;
    std::error_code ignored;
    const auto a_week_ago = fs::file_time_type::clock::now() - std::chrono::days(7);
    for (const auto& layer : fs::directory_iterator(entry.folder / "with", ignored)) {
        if (layer.last_write_time() < a_week_ago) {
            layers.push_back(layer);
            continue;
        }
        const auto over_it =
            forgotten_layers({.name = entry.name, .digest = entry.digest, .folder = layer.path()});
        layers.insert(layers.end(), over_it.begin(), over_it.end());
    }
    return layers;
}

}  // namespace clamproof
