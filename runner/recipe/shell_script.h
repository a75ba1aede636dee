/// POSIX shell text as a tree, and the tree as text again.
///
/// What is in the tree is quoted where it is printed: text that is put into it is data, whatever it holds.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace clamproof {

struct Command;
using Commands = std::vector<Command>;
struct Piece;
using Word = std::vector<Piece>;

/// A part of a word.
struct Piece {
    enum class Kind {
        Text,          ///< `text` as it is
        Variable,      ///< $text, or ${text OPERATOR argument}
        Substitution,  ///< $(commands)
        Arithmetic,    ///< $((argument))
    };
    Kind kind = Kind::Text;
    bool quoted = false;  ///< the shell neither splits nor expands what comes of it
    std::string text = {};
    std::string op = {};  ///< of a variable: "", "-", ":-", "##", …
    Word argument = {};
    Commands commands;  // not "= {}": Clang wants to know all of a Command for that
};

/// The body of a here-document.
struct HereDocument {
    std::string end;
    bool literal = false;  ///< nothing in it is expanded
    Word body;
};

struct Redirect {
    std::string op;  ///< with the descriptor before it: ">", "2>&", "<<"
    Word target;
    std::shared_ptr<const HereDocument> document{};
};

struct Branch {
    std::vector<Word> patterns;
    Commands commands;
};

struct Command {
    enum class Kind {
        Simple,    ///< words, assignments among them
        Pipeline,  ///< parts[0] | parts[1] | …
        And,       ///< parts[0] && parts[1]
        Or,        ///< parts[0] || parts[1]
        Not,       ///< ! parts[0]
        Group,     ///< { parts[0] }
        Subshell,  ///< ( parts[0] )
        If,        ///< if parts[0] then parts[1] elif parts[2] then parts[3] … else: the odd one at the end
        For,       ///< for name in words do parts[0]
        While,     ///< while parts[0] do parts[1]; `name` is while or until
        Case,      ///< case words[0] in branches
        Function,  ///< name() parts[0], one Group or Subshell
        Comment,   ///< on a line of its own
    };
    Kind kind = Kind::Simple;
    std::string name = {};
    std::vector<Word> words = {};
    std::vector<Commands> parts = {};
    std::vector<Branch> branches = {};
    std::vector<Redirect> redirects = {};
    bool background = false;
    std::string comment = {};  ///< at the end of its line
};

/// @param name of the file, for errors
/// @throws InputError at what is no POSIX shell, and at what this does not read (backquotes).
Commands parse_shell(std::string_view text, const std::string& name);

/// Lines with their ends, `indent` levels of four spaces in.
std::string print_shell(const Commands& commands, int indent = 0);

/// A word as it is written in a script.
std::string print_word(const Word& word);

/// A word of this text alone.
Word literal_word(std::string text);

/// Whether nothing in the word is expanded: it is `text`.
bool is_literal(const Word& word, std::string* text = nullptr);

}  // namespace clamproof
