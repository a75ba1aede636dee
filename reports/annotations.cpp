#include <fmt/format.h>

#include "reports/layout.h"
#include "reports/reports.h"
#include "reports/summary.h"
#include "support/text.h"

namespace clamproof {
namespace {

// As actions/toolkit's core package escapes data and properties.
std::string escaped(std::string_view text, std::string_view special) {
    std::string result;
    for (const char c : text) {
        if (special.find(c) != std::string_view::npos)
            result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
        else
            result += c;
    }
    return result;
}

std::string message_text(std::string_view text) {
    return escaped(document_text(text), "%\r\n");
}

std::string property_text(std::string_view text) {
    return escaped(document_text(text), "%\r\n:,");
}

// "cases/x/case.json:40": GitHub wants file and line apart.
std::string place(const CellResult& cell) {
    const auto colon = cell.expectation.rfind(':');
    if (colon == std::string::npos) return "";
    return fmt::format("file={},line={},", property_text(cell.expectation.substr(0, colon)),
                       property_text(cell.expectation.substr(colon + 1)));
}

}  // namespace

std::string annotations(const RunResults& run) {
    std::string text;
    for (const auto& cell : run.results) {
        if (cell.outcome != Outcome::Mismatch && cell.outcome != Outcome::Flaky &&
            cell.outcome != Outcome::Infra)
            continue;
        std::string message = verdict_and_expected(cell);
        if (const std::string why = reason(cell); !why.empty()) message += ": " + why;
        for (const auto& finding : findings(cell))
            message +=
                fmt::format("\nclaimed: {}\nseen: {}", one_line(finding.claimed), one_line(finding.seen));
        if (!cell.again.empty()) message += "\nagain: " + one_line(cell.again);
        text += fmt::format("::error {}title={}::{}\n", place(cell), property_text(cell_name(cell)),
                            message_text(message));
    }
    return text;
}

}  // namespace clamproof
