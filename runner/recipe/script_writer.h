/// A case's script as the plain commands that it comes to on one guest.
///
/// The script is not run. What is known of the guest and the variant is put in, the branches that are then
/// decided are taken or left out, and the functions of the shared vocabulary are written out as the commands
/// in them. So what is written is what the script says, and changes with it.
#pragma once

#include <map>
#include <string>

#include "recipe/shell_script.h"

namespace clamproof {

class ScriptWriter {
  public:
    /// @param known the variables whose values are put in. @throws InputError where one is no single line.
    explicit ScriptWriter(const std::map<std::string, std::string>& known);

    /// Functions, and variables that are set to a text. They go before those of libraries added earlier.
    /// @param name for errors. @throws InputError where it cannot be read.
    void add_library(const std::string& text, const std::string& name);

    /// @param name for errors. @throws InputError where it cannot be read or written out, saying why.
    Commands write_out(const std::string& text, const std::string& name) const;

  private:
    std::map<std::string, Word> known_;
    std::map<std::string, Command> functions_;
};

}  // namespace clamproof
