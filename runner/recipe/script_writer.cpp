#include "recipe/script_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include "recipe/shell_answers.h"
#include "support/error.h"
#include "support/text.h"

namespace clamproof {
namespace {

// Loops over more words than this stay loops.
constexpr std::size_t most_turns = 4;
constexpr int deepest_call = 40;

Command simple(const char* word) {
    Command made;
    made.words = {{{.kind = Piece::Kind::Text, .text = word, .commands = {}}}};
    return made;
}

Word value_of(const Word& assignment, std::size_t name) {
    Word value = assignment;
    value[0].text.erase(0, name + 1);
    if (value[0].text.empty() && value.size() > 1) value.erase(value.begin());
    return value;
}

class Writing {
  public:
    Writing(std::map<std::string, Word> known, std::map<std::string, Command> functions,
            std::set<std::string> assigned)
        : known_(std::move(known)), functions_(std::move(functions)), assigned_(std::move(assigned)) {}

    // As statements: what only answers, and nobody asked, is left out.
    Commands statements(const Commands& commands) {
        Commands made;
        for (const auto& command : commands)
            for (auto& one : write(command))
                if (!decided(one)) made.push_back(std::move(one));
        return made;
    }

  private:
    // As statements of which a shell wants one at least.
    Commands body(const Commands& commands) {
        Commands made = statements(commands);
        if (made.empty()) made = {simple(":")};
        return made;
    }

    // As what is asked for its status.
    Commands condition(const Commands& commands) {
        Commands made;
        for (const auto& command : commands) {
            if (!made.empty() && decided(made.back())) made.pop_back();
            append(made, write(command));
        }
        return made;
    }

    static void append(Commands& to, Commands what) {
        std::move(what.begin(), what.end(), std::back_inserter(to));
    }

    static bool is_list(const Command& command) {
        return command.kind == Command::Kind::And || command.kind == Command::Kind::Or || command.background;
    }

    // @param lists whether a list can stand there without braces
    static Command as_one(Commands commands, bool lists = true) {
        if (commands.empty()) return simple("true");
        if (commands.size() == 1 && (lists || !is_list(commands[0]))) return std::move(commands[0]);
        Command group{.kind = Command::Kind::Group};
        group.parts = {std::move(commands)};
        return group;
    }

    Commands write(const Command& command) {
        Commands made = write_kind(command);
        if (made.size() == 1 && made[0].comment.empty() && calls_ == 0) made[0].comment = command.comment;
        return made;
    }

    Commands write_kind(const Command& command) {
        switch (command.kind) {
            case Command::Kind::Comment:
                return calls_ > 0 ? Commands{} : Commands{command};
            case Command::Kind::Function:
                functions_[command.name] = command;
                return {};
            case Command::Kind::Simple:
                return write_simple(command);
            case Command::Kind::And:
            case Command::Kind::Or:
                return write_list(command);
            case Command::Kind::If:
                return write_if(command);
            case Command::Kind::Case:
                return write_case(command);
            case Command::Kind::For:
                return write_for(command);
            default:
                break;
        }
        Command made = command;
        made.comment.clear();
        made.redirects = put_in(command.redirects);
        if (command.kind == Command::Kind::While) {
            made.parts = {condition(command.parts[0]), body(command.parts[1])};
            return {made};
        }
        if (command.kind == Command::Kind::Pipeline) {
            made.parts.clear();
            for (const auto& part : command.parts) {
                Command one = as_one(condition(part), false);
                if (one.kind == Command::Kind::Pipeline && one.redirects.empty())
                    made.parts.insert(made.parts.end(), one.parts.begin(), one.parts.end());
                else
                    made.parts.push_back({std::move(one)});
            }
            return {made};
        }
        if (command.kind == Command::Kind::Not) {
            made.parts = {{as_one(condition(command.parts[0]), false)}};
            if (const auto answer = decided(made)) return {simple(*answer ? "true" : "false")};
            return {made};
        }
        Commands inside = condition(command.parts[0]);
        if (command.kind == Command::Kind::Group && made.redirects.empty() && !command.background)
            return inside;
        made.parts = {std::move(inside)};
        return {made};
    }

    Commands write_simple(const Command& command) {
        Command made = command;
        made.comment.clear();
        made.words = put_in(command.words);
        made.redirects = put_in(command.redirects);
        if (made.words.empty() && made.redirects.empty()) return {simple("true")};
        const std::string word = first_word(made);
        if (word == "shift" && calls_ > 0) {
            std::string count = "1";
            if (made.words.size() > 1) is_literal(made.words[1], &count);
            const std::size_t left_out = std::min(args_.size(), number_from<std::size_t>(count).value_or(1));
            args_.erase(args_.begin(), args_.begin() + static_cast<std::ptrdiff_t>(left_out));
            return {};
        }
        if (const auto function = functions_.find(word); function != functions_.end() && !word.empty())
            return call(function->second, made);
        if (const auto answer = decided(made)) return {simple(*answer ? "true" : "false")};
        return {made};
    }

    Commands call(const Command& function, const Command& as) {
        const Command& body = function.parts[0][0];
        if (body.kind != Command::Kind::Group)
            throw InputError(
                fmt::format("{} keeps its variables to itself: it needs a plain form", function.name));
        if (calls_ >= deepest_call) throw InputError(fmt::format("{} calls itself", function.name));
        auto args = std::exchange(args_, {as.words.begin() + 1, as.words.end()});
        ++calls_;
        Commands inside = condition(body.parts[0]);
        --calls_;
        args_ = std::move(args);
        if (calls_ == 0 && names(inside, {"return", "shift", "local"}))
            throw InputError(fmt::format("{} returns early: it needs a plain form", function.name));
        if (inside.empty()) inside = {simple("true")};
        if (as.redirects.empty() && !as.background) return inside;
        Command one = as_one(std::move(inside));
        one.redirects.insert(one.redirects.end(), as.redirects.begin(), as.redirects.end());
        one.background = one.background || as.background;
        return {std::move(one)};
    }

    Commands write_list(const Command& command) {
        const bool is_or = command.kind == Command::Kind::Or;
        Commands left = condition(command.parts[0]);
        if (left.empty()) left = {simple("true")};
        Command last = std::move(left.back());
        left.pop_back();
        if (const auto answer = decided(last)) {
            append(left, *answer == is_or ? Commands{simple(is_or ? "true" : "false")}
                                          : condition(command.parts[1]));
            return left;
        }
        Command right = as_one(condition(command.parts[1]), false);
        const bool says_nothing = decided(right).has_value();
        if (says_nothing && only_asks(last) && decided(right) == is_or) {
            left.push_back(simple("true"));
            return left;
        }
        Command made{.kind = command.kind};
        if (is_or && decided(right) == true) right = simple(":");
        made.parts = {{std::move(last)}, {std::move(right)}};
        made.background = command.background;
        left.push_back(std::move(made));
        return left;
    }

    Commands write_if(const Command& command) {
        Command made{.kind = Command::Kind::If};
        made.redirects = put_in(command.redirects);
        Commands before;
        std::size_t n = 0;
        for (; n + 1 < command.parts.size(); n += 2) {
            Commands asked = condition(command.parts[n]);
            if (asked.empty()) asked = {simple("true")};
            const auto answer = decided(asked.back());
            if (answer == false && asked.size() == 1) continue;
            if (answer == true && asked.size() == 1) break;
            // What only comes before the question may as well come before the `if`.
            if (made.parts.empty()) {
                std::move(asked.begin(), asked.end() - 1, std::back_inserter(before));
                asked.erase(asked.begin(), asked.end() - 1);
            }
            made.parts.push_back(std::move(asked));
            made.parts.push_back(body(command.parts[n + 1]));
        }
        Commands otherwise;
        if (n + 1 < command.parts.size())
            otherwise = statements(command.parts[n + 1]);
        else if (n < command.parts.size())
            otherwise = statements(command.parts[n]);
        const bool does_nothing = otherwise.empty() && says_nothing(made);
        if (made.parts.empty() || does_nothing) {
            append(before, otherwise.empty() ? Commands{simple("true")} : std::move(otherwise));
            return before;
        }
        if (!otherwise.empty()) made.parts.push_back(std::move(otherwise));
        before.push_back(std::move(made));
        return before;
    }

    // Whatever the answers are.
    static bool says_nothing(const Command& command) {
        for (std::size_t n = 0; n + 1 < command.parts.size(); n += 2) {
            const auto& asked = command.parts[n];
            const auto& then = command.parts[n + 1];
            if (!std::all_of(asked.begin(), asked.end(), only_asks) || then.size() != 1 || !decided(then[0]))
                return false;
        }
        return true;
    }

    Commands write_case(const Command& command) {
        Command made{.kind = Command::Kind::Case};
        made.words = {put_in(command.words[0])};
        made.redirects = put_in(command.redirects);
        std::string subject;
        const bool known = is_literal(made.words[0], &subject);
        for (const auto& branch : command.branches) {
            Branch one;
            for (const auto& pattern : branch.patterns) {
                one.patterns.push_back(put_in(pattern));
                const auto glob = glob_of(one.patterns.back());
                if (known && glob && match_glob(*glob, subject)) return condition(branch.commands);
            }
            one.commands = statements(branch.commands);
            made.branches.push_back(std::move(one));
        }
        if (known) return {simple("true")};
        return {made};
    }

    Commands write_for(const Command& command) {
        Command made = command;
        made.comment.clear();
        made.words = put_in(command.words);
        made.redirects = put_in(command.redirects);
        const bool known = std::all_of(made.words.begin(), made.words.end(),
                                       [](const Word& word) { return is_literal(word); });
        if (!known || made.words.size() > most_turns || !made.redirects.empty()) {
            made.parts = {body(command.parts[0])};
            return {made};
        }
        Commands turns;
        for (const auto& word : made.words) {
            const auto before = known_;
            known_[command.name] = word;
            append(turns, statements(command.parts[0]));
            known_ = before;
        }
        return turns;
    }

    // --- Words -------------------------------------------------------------------------------------------

    std::vector<Word> put_in(const std::vector<Word>& words) {
        std::vector<Word> made;
        for (const auto& word : words) {
            const bool all_arguments = word.size() == 1 && word[0].kind == Piece::Kind::Variable &&
                                       word[0].text == "@" && calls_ > 0;
            if (all_arguments) {
                made.insert(made.end(), args_.begin(), args_.end());
                continue;
            }
            Word one = put_in(word);
            if (!one.empty()) made.push_back(std::move(one));
        }
        return made;
    }

    std::vector<Redirect> put_in(std::vector<Redirect> redirects) {
        for (auto& redirect : redirects) {
            if (!redirect.document) {
                redirect.target = put_in(redirect.target);
                continue;
            }
            auto document = std::make_shared<HereDocument>(*redirect.document);
            if (!document->literal) document->body = put_in(document->body);
            redirect.document = std::move(document);
        }
        return redirects;
    }

    Word put_in(const Word& word) {
        Word made;
        for (const auto& piece : word) {
            Word pieces = put_in(piece);
            std::move(pieces.begin(), pieces.end(), std::back_inserter(made));
        }
        return made;
    }

    static Word quoted_as(Word value, const Piece& piece) {
        for (auto& one : value) one.quoted = one.quoted || piece.quoted;
        if (value.empty() && piece.quoted) return literal_word("");
        return value;
    }

    // The value of a variable; nothing where only the machine knows it.
    std::optional<Word> value_of_variable(const std::string& name) const {
        if (const auto index = number_from<std::size_t>(name); index && *index > 0 && calls_ > 0)
            return *index <= args_.size() ? args_[*index - 1] : Word{};
        if (name == "*" && calls_ > 0) {
            Word all;
            for (const auto& arg : args_) {
                if (!all.empty())
                    all.push_back({.kind = Piece::Kind::Text, .quoted = true, .text = " ", .commands = {}});
                all.insert(all.end(), arg.begin(), arg.end());
            }
            return all;
        }
        if (const auto found = known_.find(name); found != known_.end()) return found->second;
        return std::nullopt;
    }

    // Only what a script sets in lower case is its own, and then it is set by nobody else.
    bool is_unset(const std::string& name) const {
        return std::islower(static_cast<unsigned char>(name[0])) && !assigned_.contains(name);
    }

    Word put_in(const Piece& piece) {
        Piece kept = piece;
        switch (piece.kind) {
            case Piece::Kind::Text:
                return {piece};
            case Piece::Kind::Arithmetic:
                kept.argument = put_in(piece.argument);
                return {kept};
            case Piece::Kind::Substitution:
                return substitution(std::move(kept));
            case Piece::Kind::Variable:
                break;
        }
        const auto value = value_of_variable(piece.text);
        if (piece.op.empty()) return value ? quoted_as(*value, piece) : Word{piece};
        kept.argument = put_in(piece.argument);
        const bool tells_empty = piece.op.front() == ':';
        const bool is_missing = (!value && is_unset(piece.text)) ||
                                (value && tells_empty && is_empty(*value)) || (value && value->empty());
        const char kind = piece.op.back();
        if (kind == '-' && (value || is_missing))
            return quoted_as(is_missing ? kept.argument : *value, piece);
        if (kind == '+' && (value || is_missing))
            return quoted_as(is_missing ? Word{} : kept.argument, piece);
        if (value)
            throw InputError(
                fmt::format("${{{}{}…}} of a known value cannot be written out", piece.text, piece.op));
        return {kept};
    }

    static bool is_empty(const Word& word) {
        std::string text;
        return is_literal(word, &text) && text.empty();
    }

    Word substitution(Piece piece) {
        piece.commands = condition(piece.commands);
        if (piece.commands.size() != 1 || !piece.commands[0].redirects.empty()) return {piece};
        const Command& only = piece.commands[0];
        std::vector<std::string> words;
        for (const auto& word : only.words)
            if (!is_literal(word, &words.emplace_back())) return {piece};
        if (words.size() == 2 && words[0] == "echo") return quoted_as(literal_word(words[1]), piece);
        if (words.size() == 2 && words[0] == "dirname" && words[1].rfind('/') > 0 && words[1].front() == '/')
            return quoted_as(literal_word(words[1].substr(0, words[1].rfind('/'))), piece);
        return {piece};
    }

    std::map<std::string, Word> known_;
    std::map<std::string, Command> functions_;
    std::set<std::string> assigned_;
    std::vector<Word> args_;
    int calls_ = 0;
};

}  // namespace

ScriptWriter::ScriptWriter(const std::map<std::string, std::string>& known) {
    for (const auto& [name, value] : known) {
        if (std::any_of(value.begin(), value.end(), [](unsigned char c) { return c < ' ' || c == 127; }))
            throw InputError(
                fmt::format("the value of {} is no single line: it cannot stand in a script", name));
        known_[name] = literal_word(value);
    }
}

void ScriptWriter::add_library(const std::string& text, const std::string& name) {
    for (const auto& command : parse_shell(text, name)) {
        if (command.kind == Command::Kind::Function) functions_[command.name] = command;
        if (command.kind != Command::Kind::Simple) continue;
        for (const auto& word : command.words) {
            const std::string variable = assigned_by(word);
            if (variable.empty()) continue;
            if (const Word value = value_of(word, variable.size()); is_literal(value))
                known_[variable] = value;
        }
    }
}

Commands ScriptWriter::write_out(const std::string& text, const std::string& name) const {
    const Commands script = parse_shell(text, name);
    try {
        return Writing(known_, functions_, assigned_in(script)).statements(script);
    } catch (const InputError& error) {
        throw InputError(fmt::format("{} cannot be written out as plain commands: {}", name, error.what()));
    }
}

}  // namespace clamproof
