#include "results/again.h"

#include "support/text.h"

namespace clamproof {
namespace {

std::string variants_of(const CellResult& cell) {
    std::string words;
    for (const auto& [name, value] : cell.variant) words += " --variant " + shell_word(name + "=" + value);
    return words;
}

std::string packages_of(const CellResult& cell) {
    std::string words;
    for (const auto& file : cell.install) words += " --install " + shell_word(file);
    return words;
}

}  // namespace

CellResult blank_result(const CellId& cell, const std::vector<std::string>& install, const Called& called) {
    CellResult result;
    result.image = cell.image;
    result.case_id = cell.case_id;
    result.variant = cell.variant;
    result.install = install;
    result.called = called;
    result.again = again_command(result);
    return result;
}

std::string command_of(const Called& called, const std::string& words) {
    std::string command = shell_word(called.program) + " " + words;
    for (const auto& option : called.options) command += " " + shell_word(option);
    return command;
}

std::string again_command(const CellResult& cell) {
    return command_of(cell.called, "run --image " + shell_word(cell.image) + " --case " +
                                       shell_word(cell.case_id) + variants_of(cell) + packages_of(cell));
}

std::string recipe_command(const CellResult& cell) {
    return command_of(cell.called, "recipe " + shell_word(cell.image) + " " + shell_word(cell.case_id) +
                                       variants_of(cell) + packages_of(cell));
}

std::string kept_command(const CellResult& cell, const std::string& file) {
    return command_of(cell.called, "shell " + shell_word(file));
}

std::string look_command(const CellResult& cell, const std::string& at) {
    return command_of(cell.called, "shell " + shell_word(cell.image) + " --case " + shell_word(cell.case_id) +
                                       variants_of(cell) +
                                       (cell.verdict == Verdict::NotInstallable ? "" : packages_of(cell)) +
                                       " --at " + shell_word(at));
}

}  // namespace clamproof
