/// What guests tell of themselves, by name: a table beside the images, and what a case brings.
///
///     images/facts.json       told by every guest (its /usr/lib/clamproof/facts), or by the image itself
///     cases/NAME/case.json    "facts": told by a script of the case, which every guest is asked once
///
/// The second kind is no part of an image: another script is another question, and nothing is built anew.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "support/folders.h"
#include "support/json_file.h"

namespace clamproof {

/// A fact that a guest may tell and a case may ask for.
struct Fact {
    std::string name;
    bool is_version = false;               ///< may be compared: "<0.104"
    std::vector<std::string> values = {};  ///< all there are; empty where the fact is open
    std::filesystem::path script = {};     ///< that tells it; empty where every guest does of itself

    /// Names what the script says, whatever the fact is called: the same for equal scripts.
    std::string question() const;
};

/// Whether it is a question rather than the name of a fact.
inline bool is_question(std::string_view text) {
    return text.find(':') != std::string_view::npos;
}

/// The name of the table in a folder of images. A site's own images may go without.
inline constexpr const char* facts_file = "facts.json";

/// The tables of all folders of images. @throws InputError naming the place, or where two tables hold a fact
/// of one name.
std::vector<Fact> load_facts(const Folders& images);

/// Reads the "facts" of a case, an object of them by name.
/// @param folder of the case, with the scripts @param told by every guest: these names are taken
/// @throws InputError naming the place.
std::vector<Fact> read_own_facts(const Json& node, const std::filesystem::path& folder,
                                 const std::vector<Fact>& told);

/// What all cases of some folders bring, each fact once; nothing where there is no such folder. Looks at
/// nothing else in them.
/// @throws InputError where two cases bring different facts of one name.
std::vector<Fact> facts_brought_by(const Folders& cases, const std::vector<Fact>& told);

/// Words that name files, options and values: lower-case letters, digits, - . _
bool is_plain_word(std::string_view text);
/// Names that become a part of a shell variable's: lower-case letters, digits and _
bool is_variable_word(std::string_view text);

}  // namespace clamproof
