#include "image/definition.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <re2/re2.h>

#include <algorithm>
#include <cctype>

#include "image/kind.h"
#include "support/error.h"
#include "support/json_file.h"
#include "support/json_reader.h"
#include "support/text.h"

namespace clamproof {
namespace {

constexpr int deepest_include = 8;
constexpr std::string_view untrimmed_suffix = "-untrimmed";

// Parts first, in the order they are named, then the file itself over them.
Json read_with_parts(const Folders& folders, const fs::path& file, int depth) {
    Json own = read_json_file(file);
    const Json* include = own.find("include");
    if (!include) return own;
    if (depth == deepest_include) throw include->error("parts include each other more than 8 deep");
    std::optional<Json> merged;
    for (const Json& name : include->as_array("\"include\"")) {
        const fs::path part = folders.find(name.as_string("a part"));
        if (!fs::is_regular_file(part)) throw name.error(fmt::format("there is no {}", part.string()));
        Json below = read_with_parts(folders, part, depth + 1);
        merged = merged ? merge_json(std::move(*merged), below) : std::move(below);
    }
    auto& members = std::get<Json::Object>(own.value());
    std::erase_if(members, [](const Json::Member& member) { return member.key == "include"; });
    return merged ? merge_json(std::move(*merged), own) : own;
}

void need(const Json& at, const fs::path& path) {
    if (!fs::exists(path)) throw at.error(fmt::format("there is no {}", path.string()));
}

// @param key of a list of names, and the folder that these are below
void check_names(const Json& root, const char* key, const ImageDefinition& image) {
    if (const Json* list = root.find(key))
        for (const Json& name : list->as_array()) need(name, image.part(key / fs::path(name.as_string())));
}

// One below keyrings/, or a file of the host's own, which some hosts may not have.
fs::path read_keyring(ObjectReader& reader, const ImageDefinition& image) {
    const fs::path named = reader.string("keyring");
    if (named.is_absolute()) return named;
    const fs::path keyring = image.part("keyrings" / named);
    need(reader.at("keyring"), keyring);
    return keyring;
}

bool has_pocket(const ImageDefinition& image, const std::string& pocket) {
    return std::find(image.pockets.begin(), image.pockets.end(), pocket) != image.pockets.end();
}

std::string read_address(ObjectReader& reader, const char* key) {
    const std::string url = reader.string(key);
    if (!url.starts_with("http://") && !url.starts_with("https://"))
        throw reader.error(key, fmt::format("\"{}\" does not begin with http:// or https://", url));
    return url;
}

// A day as archives of the past write it: 20261101T000000Z.
bool is_snapshot_day(const std::string& day) {
    static const re2::RE2 form("[0-9]{8}T[0-9]{6}Z");
    return re2::RE2::FullMatch(day, form);
}

void read_snapshot(ObjectReader& debootstrap, ImageDefinition& image) {
    if (const Json* node = debootstrap.find("snapshots")) {
        ObjectReader snapshots(*node, "snapshots");
        for (const char* pocket : {"main", "security"})
            if (snapshots.find(pocket)) image.snapshots[pocket] = read_address(snapshots, pocket);
        snapshots.finish();
    }
    if (!debootstrap.find("snapshot")) return;
    image.snapshot = debootstrap.string("snapshot");
    if (!is_snapshot_day(image.snapshot))
        throw debootstrap.error("snapshot",
                                fmt::format("\"{}\" is no day such as 20261101T000000Z", image.snapshot));
    for (const char* pocket : {"main", "security"})
        if (!image.snapshots.contains(pocket) && (pocket == std::string("main") || has_pocket(image, pocket)))
            throw debootstrap.error("snapshot",
                                    fmt::format("needs an address of \"{}\" in \"snapshots\"", pocket));
}

void read_debootstrap(const Json& node, ImageDefinition& image) {
    ObjectReader debootstrap(node, "debootstrap");
    image.suite = debootstrap.string("suite");
    image.pockets = debootstrap.strings("pockets");
    image.origin = debootstrap.optional_string("origin").value_or("");
    if (debootstrap.find("keyring")) image.keyring = read_keyring(debootstrap, image);
    image.takes_old_lists = !debootstrap.optional_boolean("check_valid_until").value_or(true);
    read_snapshot(debootstrap, image);
    debootstrap.finish();
    if (const Json* pockets = node.find("pockets"))
        for (const Json& pocket : pockets->as_array())
            if (pocket.as_string() != "updates" && pocket.as_string() != "security")
                throw pocket.error(
                    fmt::format("unknown pocket \"{}\"; expected updates or security", pocket.as_string()));
}

// As they are printed for people: groups of digits, with or without blanks.
std::vector<std::string> read_fingerprints(ObjectReader& reader) {
    std::vector<std::string> fingerprints = reader.strings("fingerprints");
    for (std::string& fingerprint : fingerprints) {
        std::erase(fingerprint, ' ');
        const auto is_digit = [](unsigned char c) { return std::isdigit(c) || (c >= 'A' && c <= 'F'); };
        if (fingerprint.size() != 40 || !std::all_of(fingerprint.begin(), fingerprint.end(), is_digit))
            throw reader.error("fingerprints",
                               fmt::format("\"{}\" is no fingerprint: 40 digits, 0-9 and A-F", fingerprint));
    }
    return fingerprints;
}

DatedImage read_dated(const Json& node) {
    ObjectReader reader(node, "dated");
    const std::string image = read_address(reader, "image");
    const auto digest = checksum_from_text(reader.string("digest"));
    if (!digest) throw reader.error("digest", "is not sha256: or sha512: and as many digits as that has");
    reader.finish();
    return {.image = image, .digest = *digest};
}

void read_cloud(const Json& node, ImageDefinition& image) {
    ObjectReader cloud(node, "cloud");
    CloudSource source;
    source.image = read_address(cloud, "image");
    source.checksum = read_address(cloud, "checksum");
    if (cloud.find("signature")) source.signature = read_address(cloud, "signature");
    source.fingerprints = read_fingerprints(cloud);
    if (cloud.find("keyring")) {
        source.keyring = read_keyring(cloud, image);
    } else if (!source.signature.empty()) {
        throw cloud.error("signature", "needs a \"keyring\" to be checked with");
    } else if (!source.fingerprints.empty()) {
        throw cloud.error("fingerprints", "need a \"keyring\" that has their keys");
    }
    if (const Json* dated = cloud.find("dated")) source.dated = read_dated(*dated);
    source.firmware = cloud.word("firmware", {"bios", "uefi"});
    source.first_packages = cloud.strings("first_packages");
    source.network_config = cloud.optional_string("network_config").value_or("");
    cloud.finish();
    image.cloud = source;
}

void read_source(const Json& node, ImageDefinition& image) {
    ObjectReader source(node, "the source");
    if (const Json* cloud = source.find("cloud")) {
        read_cloud(*cloud, image);
    } else {
        read_debootstrap(source.at("debootstrap"), image);
    }
    source.finish();
}

void read_clamd(const Json& node, ImageDefinition& image) {
    ObjectReader clamd(node, "clamd");
    for (const char* key : {"conf", "unit", "initscript", "user", "log", "socket", "database", "confinement"})
        image.clamd[key] = clamd.string(key);
    clamd.finish();
}

// How a guest of any cloud image is provisioned.
std::vector<fs::path> cloud_files(const ImageDefinition& image) {
    std::vector<fs::path> files = {"cloud/bootstrap.sh", "cloud/prepare.sh", "cloud/lay.sh", "cloud/close.sh",
                                   "package-managers" / fs::path(image.package_manager) / "provision.sh"};
    if (!image.cloud->network_config.empty())
        files.push_back("cloud" / fs::path(image.cloud->network_config));
    return files;
}

// Files are laid and kernel words added after all others. Scripts run before all others: the last of these
// leaves the tree as it is packed.
void read_trims(const Json& node, ImageDefinition& image) {
    ObjectReader trims(node, "the trims");
    const auto files = trims.strings("files"), setup = trims.strings("setup"),
               words = trims.strings("kernel_line");
    trims.finish();
    check_names(node, "files", image);
    check_names(node, "setup", image);
    if (image.untrimmed) return;
    image.files.insert(image.files.end(), files.begin(), files.end());
    image.setup.insert(image.setup.begin(), setup.begin(), setup.end());
    if (!words.empty()) image.kernel_line += fmt::format(" {}", fmt::join(words, " "));
}

// The keys that say nothing of what the guest is made of. A key that is missing here only costs a build.
Json without_words(Json definition, bool untrimmed) {
    const auto drop = [](Json& from, std::initializer_list<std::string_view> keys) {
        std::erase_if(std::get<Json::Object>(from.value()), [&](const Json::Member& member) {
            return std::find(keys.begin(), keys.end(), member.key) != keys.end();
        });
    };
    drop(definition, {"title", "only_where_named", "$schema"});
    if (untrimmed) drop(definition, {"trims"});
    for (Json::Member& member : std::get<Json::Object>(definition.value())) {
        if (member.key != "source") continue;
        for (Json::Member& source : std::get<Json::Object>(member.value.value()))  // whom to believe
            drop(source.value, {"checksum", "signature", "keyring", "fingerprints", "origin", "snapshots"});
    }
    return definition;
}

// Over the merged definition, and over content, mode and name of every file that it names.
std::string digest_of(const ImageDefinition& image, const Json& definition) {
    std::string all = canonical_text(without_words(definition, image.untrimmed)) + "\n";
    std::vector<std::pair<fs::path, fs::path>> files;  // by name, whichever folder it is found in
    const auto add = [&](const fs::path& name) { files.emplace_back(name, image.part(name)); };
    for (const auto& name : image.files) {
        const fs::path tree = "files" / fs::path(name);
        const fs::path found = image.part(tree);
        for (const auto& entry : fs::recursive_directory_iterator(found))
            files.emplace_back(tree / entry.path().lexically_relative(found), entry.path());
    }
    for (const auto& script : image.setup) add("setup" / fs::path(script));
    if (!image.settle.empty()) add("setup" / fs::path(image.settle));
    if (image.cloud)
        for (const auto& file : cloud_files(image)) add(file);
    std::sort(files.begin(), files.end());
    for (const auto& [name, file] : files) {
        const auto status = fs::symlink_status(file);
        const bool executable = (status.permissions() & fs::perms::owner_exec) != fs::perms::none;
        all += fmt::format("{} {} ", name.string(), executable);
        if (fs::is_symlink(status)) all += fs::read_symlink(file).string();
        if (fs::is_regular_file(status)) all += sha256_file(file);
        all += "\n";
    }
    return sha256(all).substr(0, 16);
}

}  // namespace

std::string untrimmed_twin(const std::string& name) {
    return trimmed_twin(name) ? name : name + std::string(untrimmed_suffix);
}

std::optional<std::string> trimmed_twin(const std::string& name) {
    if (!name.ends_with(untrimmed_suffix)) return std::nullopt;
    return name.substr(0, name.size() - untrimmed_suffix.size());
}

bool is_defined(const Folders& folders, const std::string& name) {
    const auto names = image_names(folders);
    return std::find(names.begin(), names.end(), trimmed_twin(name).value_or(name)) != names.end();
}

bool is_current(const Folders& folders, const std::string& name, const std::string& digest) {
    return is_defined(folders, name) && load_image(folders, name).digest == digest;
}

ImageDefinition load_image(const Folders& folders, const std::string& name) {
    const auto twin = trimmed_twin(name);
    const fs::path file = folders.find(twin.value_or(name) + ".json");
    ImageDefinition image;
    image.name = name;
    image.untrimmed = twin.has_value();
    image.folders = folders.beginning_with(file.parent_path());
    const Json root = read_with_parts(image.folders, file, 0);
    ObjectReader reader(root, "the image");
    image.title = reader.string("title") + (twin ? ", without trims" : "");
    image.only_where_named = reader.optional_boolean("only_where_named").value_or(false);
    if (reader.find("kind")) image.kind = reader.word("kind", names_of_kinds());
    kind_of(image).read(reader, image);
    read_source(reader.at("source"), image);
    image.packages = reader.strings("packages");
    image.files = reader.strings("files");
    image.leave_out = reader.strings("leave_out");
    image.setup = reader.strings("setup");
    if (const Json* trims = reader.find("trims")) read_trims(*trims, image);
    image.lsm = reader.word("lsm", {"selinux", "apparmor", "none"});
    image.init = reader.word("init", {"systemd", "sysvinit"});
    image.memory_mib = static_cast<int>(reader.integer("memory_mib", 64, 1 << 20));
    image.settle = reader.string("settle");
    image.package_manager = reader.string("package_manager");
    read_clamd(reader.at("clamd"), image);
    reader.find("$schema");  // for editors
    reader.finish();

    check_names(root, "files", image);
    check_names(root, "setup", image);
    need(reader.at("settle"), image.part("setup" / fs::path(image.settle)));
    std::vector<const char*> manager = {"install.sh", "list.sh"};
    if (!image.cloud) manager.insert(manager.end(), {"date.sh", "lock.sh"});
    for (const char* script : manager)
        need(reader.at("package_manager"), package_manager_script(image, script));
    if (image.cloud)
        for (const auto& part : cloud_files(image)) need(reader.at("source"), image.part(part));
    image.digest = digest_of(image, root);
    image.installed_by = ways_to_install(image);
    return image;
}

fs::path package_manager_script(const ImageDefinition& image, const std::string& name) {
    return image.part("package-managers" / fs::path(image.package_manager) / name);
}

std::string ways_to_install(const ImageDefinition& image) {
    std::string digests;
    for (const char* name : {"install.sh", "list.sh", "../installed.sh"}) {
        const fs::path script = package_manager_script(image, name);
        digests += (fs::exists(script) ? sha256_file(script) : "") + "\n";
    }
    return digests;
}

std::string variable_name(const std::string& prefix, const std::string& name) {
    std::string variable = prefix + "_";
    for (char c : name)
        variable += std::isalnum(static_cast<unsigned char>(c)) ? static_cast<char>(std::toupper(c)) : '_';
    return variable;
}

std::string exports(const std::string& prefix, const std::map<std::string, std::string>& values) {
    std::string text;
    for (const auto& [name, value] : values)
        text += fmt::format("export {}={}\n", variable_name(prefix, name), shell_quote(value));
    return text;
}

std::string clamd_exports(const ImageDefinition& image) {
    return exports("CLAMD", image.clamd);
}

std::vector<std::string> image_names(const Folders& folders) {
    const auto names_in = [](const fs::path& folder) {
        std::vector<std::string> names;
        std::error_code error;
        for (const auto& entry : fs::directory_iterator(folder, error)) {
            const std::string file = entry.path().filename();
            if (entry.is_regular_file() && file.ends_with(".json") && !file.ends_with(".schema.json") &&
                file != facts_file)
                names.push_back(entry.path().stem());
            if (!names.empty() && trimmed_twin(names.back()))
                throw InputError(
                    fmt::format("{}: a name that ends in {} is that of an image without its trims",
                                (folder / file).string(), untrimmed_suffix));
        }
        if (names.empty())
            throw InputError(
                fmt::format("there is no image definition (*.json) in {}; see --images", folder.string()));
        return names;
    };
    std::vector<std::string> all;
    for (const auto& [name, folder] : by_name(folders, "image", names_in)) all.push_back(name);
    return all;
}

}  // namespace clamproof
