#include "recipe/shell_answers.h"

#include <algorithm>
#include <cctype>

namespace clamproof {
namespace {

void collect_assigned(const Commands& commands, std::set<std::string>& names) {
    for (const auto& command : commands) {
        if (command.kind == Command::Kind::For) names.insert(command.name);
        for (const auto& word : command.words) names.insert(assigned_by(word));
        if (first_word(command) == "read")
            for (const auto& word : command.words) names.insert(print_word(word));
        for (const auto& part : command.parts) collect_assigned(part, names);
        for (const auto& branch : command.branches) collect_assigned(branch.commands, names);
    }
}

}  // namespace

std::string first_word(const Command& command) {
    std::string word;
    if (command.kind != Command::Kind::Simple || command.words.empty() ||
        !is_literal(command.words[0], &word))
        return "";
    return word;
}

bool names(const Commands& commands, const std::vector<std::string>& words) {
    return std::any_of(commands.begin(), commands.end(), [&](const Command& command) {
        std::string first;
        if (!command.words.empty() && command.kind == Command::Kind::Simple &&
            is_literal(command.words[0], &first) &&
            std::find(words.begin(), words.end(), first) != words.end())
            return true;
        return std::any_of(command.parts.begin(), command.parts.end(),
                           [&](const Commands& part) { return names(part, words); }) ||
               std::any_of(command.branches.begin(), command.branches.end(),
                           [&](const Branch& branch) { return names(branch.commands, words); });
    });
}

std::string assigned_by(const Word& word) {
    if (word.empty() || word[0].kind != Piece::Kind::Text || word[0].quoted) return "";
    const std::string& text = word[0].text;
    const std::size_t end = text.find('=');
    if (end == std::string::npos || end == 0 || std::isdigit(static_cast<unsigned char>(text[0]))) return "";
    const bool is_name = std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end),
                                     [](unsigned char c) { return std::isalnum(c) || c == '_'; });
    return is_name ? text.substr(0, end) : "";
}

std::set<std::string> assigned_in(const Commands& commands) {
    std::set<std::string> names;
    collect_assigned(commands, names);
    return names;
}

std::optional<bool> decided(const Command& command) {
    if (!command.redirects.empty()) return std::nullopt;
    if (command.kind == Command::Kind::Not) {
        if (command.parts[0].size() != 1) return std::nullopt;
        const auto inner = decided(command.parts[0][0]);
        return inner ? std::optional(!*inner) : std::nullopt;
    }
    const std::string word = first_word(command);
    if (word == "true" || word == ":") return true;
    if (word == "false") return false;
    if (word != "[") return std::nullopt;
    std::vector<std::string> words;
    for (const auto& one : command.words)
        if (!is_literal(one, &words.emplace_back())) return std::nullopt;
    if (words.size() == 4 && words[1] == "-z") return words[2].empty();
    if (words.size() == 4 && words[1] == "-n") return !words[2].empty();
    if (words.size() == 5 && words[2] == "=") return words[1] == words[3];
    if (words.size() == 5 && words[2] == "!=") return words[1] != words[3];
    return std::nullopt;
}

bool only_asks(const Command& command) {
    switch (command.kind) {
        case Command::Kind::Simple:
            return first_word(command) == "[" || decided(command).has_value();
        case Command::Kind::Not:
        case Command::Kind::And:
        case Command::Kind::Or:
            return std::all_of(command.parts.begin(), command.parts.end(), [](const Commands& part) {
                return std::all_of(part.begin(), part.end(), only_asks);
            });
        default:
            return false;
    }
}

std::optional<std::string> glob_of(const Word& pattern) {
    std::string glob;
    for (const auto& piece : pattern) {
        if (piece.kind != Piece::Kind::Text) return std::nullopt;
        for (const char c : piece.text) {
            if (piece.quoted && std::string_view("*?[]\\").find(c) != std::string_view::npos) glob += '\\';
            glob += c;
        }
    }
    return glob;
}

}  // namespace clamproof
