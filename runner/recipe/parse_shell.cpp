#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "recipe/shell_script.h"
#include "support/error.h"

namespace clamproof {
namespace {

constexpr std::array closing_words = {"then", "else", "elif", "fi", "do", "done", "esac", "}"};

bool is_name_char(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

void add_text(Word& word, bool quoted, std::string_view text) {
    if (!word.empty() && word.back().kind == Piece::Kind::Text && word.back().quoted == quoted)
        word.back().text += text;
    else
        word.push_back(
            {.kind = Piece::Kind::Text, .quoted = quoted, .text = std::string(text), .commands = {}});
}

// Recursive descent over the characters. Deeper than any script nests, it gives up.
class ShellParser {
  public:
    ShellParser(std::string_view text, const std::string& name) : text_(text), name_(name) {}

    Commands all() {
        Commands commands = list();
        if (at_ < text_.size()) fail(fmt::format("did not expect \"{}\"", text_.substr(at_, 10)));
        return commands;
    }

  private:
    [[noreturn]] void fail(const std::string& what) const {
        const auto line =
            1 + std::count(text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(at_), '\n');
        throw InputError(fmt::format("{}:{}: cannot be read as shell: {}", name_, line, what));
    }
    bool ended() const { return at_ >= text_.size(); }
    char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
    bool looking_at(std::string_view what) const { return text_.substr(at_).starts_with(what); }
    bool take(std::string_view what) {
        if (!looking_at(what)) return false;
        at_ += what.size();
        return true;
    }
    void expect(std::string_view what) {
        if (!take(what)) fail(fmt::format("expected \"{}\"", what));
    }

    void blanks() {
        while (peek() == ' ' || peek() == '\t' || looking_at("\\\n")) at_ += peek() == '\\' ? 2 : 1;
    }
    std::string comment() {
        const std::size_t from = at_;
        at_ = std::min(text_.find('\n', at_), text_.size());
        return std::string(text_.substr(from, at_ - from));
    }
    // Past a line's end, and past the here-documents that begin there.
    void line_end() {
        ++at_;
        for (const auto& document : std::exchange(awaited_, {})) read_document(*document);
    }
    void line_ends() {
        for (;;) {
            blanks();
            if (peek() == '\n')
                line_end();
            else if (peek() == '#')
                comment();
            else
                return;
        }
    }

    // The word that begins here, where it is a reserved one.
    bool at_word(std::string_view word) const {
        if (!looking_at(word)) return false;
        const char next = peek(word.size());
        return next == '\0' || std::string_view(" \t\n;&|()<>").find(next) != std::string_view::npos;
    }
    bool take_word(std::string_view word) {
        blanks();
        if (!at_word(word)) return false;
        at_ += word.size();
        return true;
    }
    void expect_word(std::string_view word) {
        line_ends();
        if (!take_word(word)) fail(fmt::format("expected \"{}\"", word));
    }
    bool list_ends() const {
        return ended() || peek() == ')' || looking_at(";;") ||
               std::any_of(closing_words.begin(), closing_words.end(),
                           [&](const char* word) { return at_word(word); });
    }

    Commands list() {
        Commands commands;
        bool fresh = true;  // no command on this line yet
        for (;;) {
            blanks();
            if (peek() == '\n') {
                line_end();
                fresh = true;
            } else if (peek() == '#') {
                std::string text = comment();
                if (fresh || commands.empty())
                    commands.push_back({.kind = Command::Kind::Comment, .name = std::move(text)});
                else
                    commands.back().comment = std::move(text);
            } else if (list_ends()) {
                return commands;
            } else {
                commands.push_back(and_or());
                fresh = false;
                blanks();
                if (peek() == '&') {
                    commands.back().background = true;
                    ++at_;
                } else if (peek() == ';' && peek(1) != ';') {
                    ++at_;
                }
            }
        }
    }

    Command and_or() {
        Command left = pipeline();
        for (;;) {
            blanks();
            const bool both = looking_at("&&");
            if (!both && !looking_at("||")) return left;
            at_ += 2;
            line_ends();
            Command right = pipeline();
            Command joined{.kind = both ? Command::Kind::And : Command::Kind::Or};
            joined.parts = {{std::move(left)}, {std::move(right)}};
            left = std::move(joined);
        }
    }

    Command pipeline() {
        if (take_word("!")) {
            Command negated{.kind = Command::Kind::Not};
            negated.parts = {{pipeline()}};
            return negated;
        }
        Command first = command();
        blanks();
        if (peek() != '|' || peek(1) == '|') return first;
        Command pipe{.kind = Command::Kind::Pipeline};
        pipe.parts = {{std::move(first)}};
        while (blanks(), peek() == '|' && peek(1) != '|') {
            ++at_;
            line_ends();
            pipe.parts.push_back({command()});
        }
        return pipe;
    }

    Command command() {
        blanks();
        if (++depth_ > 100) fail("it nests too deeply");
        Command made = compound();
        --depth_;
        if (made.kind != Command::Kind::Simple && made.kind != Command::Kind::Function)
            while (redirect(made)) {
            }
        return made;
    }

    Command compound() {
        if (peek() == '(') {
            ++at_;
            Command made{.kind = Command::Kind::Subshell};
            made.parts = {list()};
            expect(")");
            return made;
        }
        if (take_word("{")) {
            Command made{.kind = Command::Kind::Group};
            made.parts = {list()};
            expect_word("}");
            return made;
        }
        if (take_word("if")) return if_command();
        if (take_word("case")) return case_command();
        if (take_word("for")) return for_command();
        for (const char* word : {"while", "until"})
            if (take_word(word)) {
                Command made{.kind = Command::Kind::While, .name = word};
                made.parts = {list()};
                expect_word("do");
                made.parts.push_back(list());
                expect_word("done");
                return made;
            }
        return simple();
    }

    Command if_command() {
        Command made{.kind = Command::Kind::If};
        do {
            made.parts.push_back(list());
            expect_word("then");
            made.parts.push_back(list());
        } while (take_word("elif"));
        if (take_word("else")) made.parts.push_back(list());
        expect_word("fi");
        return made;
    }

    Command for_command() {
        Command made{.kind = Command::Kind::For};
        blanks();
        while (is_name_char(peek())) made.name += text_[at_++];
        expect_word("in");
        while (blanks(), peek() != ';' && peek() != '\n' && !ended()) made.words.push_back(word());
        take(";");
        expect_word("do");
        made.parts = {list()};
        expect_word("done");
        return made;
    }

    Command case_command() {
        Command made{.kind = Command::Kind::Case};
        blanks();
        made.words.push_back(word());
        expect_word("in");
        for (line_ends(); !take_word("esac"); line_ends()) {
            Branch branch;
            take("(");
            do {
                blanks();
                branch.patterns.push_back(word());
                blanks();
            } while (take("|"));
            expect(")");
            branch.commands = list();
            take(";;");
            made.branches.push_back(std::move(branch));
        }
        return made;
    }

    Command simple() {
        Command made;
        for (;;) {
            blanks();
            if (redirect(made)) continue;
            if (std::string_view("\n;&|)#").find(peek()) != std::string_view::npos || ended()) break;
            if (peek() == '(') {
                std::string name;
                if (made.words.size() != 1 || !is_literal(made.words[0], &name)) fail("did not expect \"(\"");
                expect("(");
                blanks();
                expect(")");
                line_ends();
                Command function{.kind = Command::Kind::Function, .name = std::move(name)};
                function.parts = {{command()}};
                return function;
            }
            made.words.push_back(word());
        }
        if (made.words.empty() && made.redirects.empty()) fail("expected a command");
        return made;
    }

    bool redirect(Command& command) {
        blanks();
        std::size_t digits = 0;
        while (std::isdigit(static_cast<unsigned char>(peek(digits)))) ++digits;
        if (peek(digits) != '<' && peek(digits) != '>') return false;
        Redirect made;
        made.op = std::string(text_.substr(at_, digits));
        at_ += digits;
        for (const char* op : {"<<-", "<<", ">>", ">&", "<&", ">|", "<>", "<", ">"})
            if (take(op)) {
                made.op += op;
                break;
            }
        blanks();
        made.target = word();
        if (made.op.ends_with("<<-")) fail("<<- is not known here");
        if (made.op.ends_with("<<")) {
            auto document = std::make_shared<HereDocument>();
            document->literal = std::any_of(made.target.begin(), made.target.end(),
                                            [](const Piece& piece) { return piece.quoted; });
            for (const auto& piece : made.target) document->end += piece.text;
            awaited_.push_back(document);
            made.document = document;
        }
        command.redirects.push_back(std::move(made));
        return true;
    }

    void read_document(HereDocument& document) {
        std::size_t last = at_;
        const auto line = [&] { return text_.substr(last, text_.find('\n', last) - last); };
        while (line() != document.end) {
            last = text_.find('\n', last);
            if (last++ == std::string_view::npos)
                fail(fmt::format("nothing ends the here-document {}", document.end));
        }
        if (document.literal) add_text(document.body, true, text_.substr(at_, last - at_));
        while (!document.literal && at_ < last) inside_quotes(document.body, "$`\\");
        at_ = std::min(last + document.end.size() + 1, text_.size());
    }

    // A character or an expansion where double quotes hold. @param escaped what a backslash takes its meaning
    // from
    void inside_quotes(Word& word, std::string_view escaped) {
        if (peek() == '$') return dollar(word, true);
        if (peek() == '`') fail("backquotes are not read: write $(…)");
        if (peek() == '\\' && peek(1) == '\n') {
            at_ += 2;
            return;
        }
        if (peek() == '\\' && escaped.find(peek(1)) != std::string_view::npos && peek(1) != '\0') ++at_;
        add_text(word, true, text_.substr(at_++, 1));
    }

    Word word() {
        Word made;
        word_until(made, " \t\n;&|()<>");
        if (made.empty()) fail("expected a word");
        return made;
    }

    void word_until(Word& made, std::string_view end) {
        while (!ended() && end.find(peek()) == std::string_view::npos) {
            const char c = peek();
            if (c == '\'') {
                const std::size_t close = text_.find('\'', ++at_);
                if (close == std::string_view::npos) fail("nothing ends a single quote");
                add_text(made, true, text_.substr(at_, close - at_));
                at_ = close + 1;
            } else if (c == '"') {
                ++at_;
                add_text(made, true, "");
                while (peek() != '"') {
                    if (ended()) fail("nothing ends a double quote");
                    inside_quotes(made, "$`\\\"");
                }
                ++at_;
            } else if (c == '\\') {
                if (peek(1) != '\n') add_text(made, true, text_.substr(at_ + 1, 1));
                at_ += 2;
            } else if (c == '$') {
                dollar(made, false);
            } else if (c == '`') {
                fail("backquotes are not read: write $(…)");
            } else {
                add_text(made, false, text_.substr(at_++, 1));
            }
        }
        // "$x" is no more than $x in quotes.
        std::erase_if(made, [&](const Piece& piece) {
            return made.size() > 1 && piece.kind == Piece::Kind::Text && piece.quoted && piece.text.empty();
        });
    }

    void dollar(Word& word, bool quoted) {
        expect("$");
        Piece piece{.kind = Piece::Kind::Variable, .quoted = quoted, .commands = {}};
        if (take("((")) {
            piece.kind = Piece::Kind::Arithmetic;
            for (int open = 0; open > 0 || !looking_at("))");) {
                if (ended()) fail("nothing ends $((");
                if (peek() == '(') ++open;
                if (peek() == ')') --open;
                inside_quotes(piece.argument, "");
            }
            at_ += 2;
        } else if (take("(")) {
            piece.kind = Piece::Kind::Substitution;
            piece.commands = list();
            expect(")");
        } else if (take("{")) {
            while (is_name_char(peek())) piece.text += text_[at_++];
            if (piece.text.empty()) piece.text += text_[at_++];
            for (const char* op : {":-", ":+", ":=", ":?", "##", "%%", "-", "+", "=", "?", "#", "%"})
                if (piece.op.empty() && take(op)) piece.op = op;
            word_until(piece.argument, "}");
            expect("}");
        } else if (std::isdigit(static_cast<unsigned char>(peek())) ||
                   (peek() != '\0' && std::string_view("@*#?$!-").find(peek()) != std::string_view::npos)) {
            piece.text = text_[at_++];
        } else if (is_name_char(peek())) {
            while (is_name_char(peek())) piece.text += text_[at_++];
        } else {
            add_text(word, quoted, "$");
            return;
        }
        word.push_back(std::move(piece));
    }

    std::string_view text_;
    const std::string& name_;
    std::size_t at_ = 0;
    int depth_ = 0;
    std::vector<std::shared_ptr<HereDocument>> awaited_;
};

}  // namespace

Commands parse_shell(std::string_view text, const std::string& name) {
    return ShellParser(text, name).all();
}

}  // namespace clamproof
