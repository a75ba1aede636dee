/// The logs beside the reports: for each arm of each cell what ran in the guest, to be read by a person.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "results/results.h"

namespace clamproof {

/// "logs/IMAGE/CASE/VARIANT", relative to the out folder: where the logs of a cell are.
std::string log_folder(const CellId& cell);

/// For each cell, in the order of `cells`, the folder of its logs, relative to the out folder:
/// "logs/IMAGE/CASE" and, for a cell of a matrix, "/VARIANT". Cells that ran more than once get a folder each
/// (VARIANT.2, …). Names hold only what every file system and archive takes.
std::vector<std::string> log_folders(const std::vector<CellResult>& cells);

/// "fix-label.log" for the arm fix:label.
std::string log_file_name(const Arm& arm);

/// What ran in the arm, and what was gathered. Guest output is indented and harmless to a terminal.
std::string arm_log(const CellResult& cell, const Arm& arm);

/// "exit 3", "exit 0", "timed out".
std::string step_end(const Step& step);

/// A line with the output's name and, indented, its lines: nothing a guest writes looks like the report's own
/// words. At most about `limit` bytes of it. Empty where there is no output.
std::string indented_output(std::string_view name, const GuestText& output, std::size_t limit);

/// A refusal in one line: "selinux clamd_t unreserved_port_t tcp_socket name_bind, comm clamd, port 1024, 975
/// times".
std::string denial_line(const Denial& denial);

}  // namespace clamproof
