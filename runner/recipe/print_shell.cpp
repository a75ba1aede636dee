#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

#include "recipe/shell_script.h"
#include "support/error.h"
#include "support/text.h"

namespace clamproof {
namespace {

// The bodies of here-documents that begin on a line, until it is at its end.
using Documents = std::vector<std::shared_ptr<const HereDocument>>;

bool begins_with_name_char(const Word& word, std::size_t at) {
    if (at >= word.size() || word[at].kind != Piece::Kind::Text || word[at].text.empty()) return false;
    const auto c = static_cast<unsigned char>(word[at].text.front());
    return std::isalnum(c) || c == '_';
}

std::string all_flat(const Commands& commands, Documents& documents);

// Texts within double quotes, or where such quotes are understood.
std::string escaped(const std::string& text, std::string_view what) {
    std::string safe;
    for (const char c : text) {
        if (what.find(c) != std::string_view::npos) safe += '\\';
        safe += c;
    }
    return safe;
}

std::string expansion(const Word& word, std::size_t at);

std::string between_quotes(const Word& word, std::string_view escapes) {
    std::string text;
    for (std::size_t at = 0; at < word.size(); ++at)
        text += word[at].kind == Piece::Kind::Text ? escaped(word[at].text, escapes) : expansion(word, at);
    return text;
}

std::string expansion(const Word& word, std::size_t at) {
    const Piece& piece = word[at];
    switch (piece.kind) {
        case Piece::Kind::Variable:
            if (!piece.op.empty()) return "${" + piece.text + piece.op + print_word(piece.argument) + "}";
            return begins_with_name_char(word, at + 1) ? "${" + piece.text + "}" : "$" + piece.text;
        case Piece::Kind::Arithmetic:
            return "$((" + between_quotes(piece.argument, "") + "))";
        case Piece::Kind::Substitution: {
            Documents inside;
            const std::string text = all_flat(piece.commands, inside);
            if (!inside.empty())
                throw InputError("a here-document within $(…) cannot be written on one line");
            return "$(" + text + ")";
        }
        case Piece::Kind::Text:
            break;
    }
    return piece.text;
}

// One run of pieces that are all quoted.
std::string quoted_run(const Word& word, std::size_t begin, std::size_t end) {
    const Word run(word.begin() + static_cast<std::ptrdiff_t>(begin),
                   word.begin() + static_cast<std::ptrdiff_t>(end));
    std::string text;
    if (!is_literal(run, &text)) return '"' + between_quotes(run, "$`\\\"") + '"';
    if (shell_word(text) == text) return text;
    const bool plain_in_double = text.find_first_of("$`\\\"\n") == std::string::npos;
    return text.find('\'') != std::string::npos && plain_in_double ? '"' + text + '"' : shell_quote(text);
}

std::string head(const Redirect& redirect) {
    const bool quote = redirect.document && redirect.document->literal;
    return redirect.op + (redirect.document
                              ? (quote ? "'" + redirect.document->end + "'" : redirect.document->end)
                              : print_word(redirect.target));
}

std::string with_redirects(std::string text, const Command& command, Documents& documents) {
    for (const auto& redirect : command.redirects) {
        text += (text.empty() ? "" : " ") + head(redirect);
        if (redirect.document) documents.push_back(redirect.document);
    }
    return text;
}

std::string words_of(const std::vector<Word>& words, const char* between = " ") {
    std::vector<std::string> texts;
    for (const auto& word : words) texts.push_back(print_word(word));
    return fmt::format("{}", fmt::join(texts, between));
}

std::string flat(const Command& command, Documents& documents) {
    const auto part = [&](std::size_t n) { return all_flat(command.parts.at(n), documents); };
    std::string text;
    switch (command.kind) {
        case Command::Kind::Simple:
            text = words_of(command.words);
            break;
        case Command::Kind::Pipeline:
            for (std::size_t n = 0; n < command.parts.size(); ++n) text += (n == 0 ? "" : " | ") + part(n);
            break;
        case Command::Kind::And:
            text = part(0) + " && " + part(1);
            break;
        case Command::Kind::Or:
            text = part(0) + " || " + part(1);
            break;
        case Command::Kind::Not:
            text = "! " + part(0);
            break;
        case Command::Kind::Group:
            text = "{ " + part(0) + "; }";
            break;
        case Command::Kind::Subshell:
            text = "(" + part(0) + ")";
            break;
        case Command::Kind::If: {
            std::size_t n = 0;
            for (; n + 1 < command.parts.size(); n += 2)
                text += fmt::format("{} {}; then {}; ", n == 0 ? "if" : "elif", part(n), part(n + 1));
            if (n < command.parts.size()) text += "else " + part(n) + "; ";
            text += "fi";
            break;
        }
        case Command::Kind::For:
            text = fmt::format("for {} in {}; do {}; done", command.name, words_of(command.words), part(0));
            break;
        case Command::Kind::While:
            text = fmt::format("{} {}; do {}; done", command.name, part(0), part(1));
            break;
        case Command::Kind::Case:
            text = "case " + words_of(command.words) + " in";
            for (const auto& branch : command.branches)
                text += fmt::format(" {}) {} ;;", words_of(branch.patterns, " | "),
                                    all_flat(branch.commands, documents));
            text += " esac";
            break;
        case Command::Kind::Function:
            text = command.name + "() " + part(0);
            break;
        case Command::Kind::Comment:
            return "";
    }
    return with_redirects(std::move(text), command, documents);
}

std::string all_flat(const Commands& commands, Documents& documents) {
    std::string text;
    for (const auto& command : commands) {
        if (command.kind == Command::Kind::Comment) continue;
        if (!text.empty() && !text.ends_with(" &")) text += ";";
        text += (text.empty() ? "" : " ") + flat(command, documents) + (command.background ? " &" : "");
    }
    return text;
}

// A list whose last command is too much for a line.
bool ends_with_lines(const Command& command) {
    const Command& last = command.parts[1][0];
    return last.kind == Command::Kind::Group && last.redirects.empty() &&
           std::any_of(last.parts[0].begin(), last.parts[0].end(), [](const Command& one) {
               return one.kind == Command::Kind::While || one.kind == Command::Kind::For ||
                      one.kind == Command::Kind::If || one.kind == Command::Kind::Case;
           });
}

class Page {
  public:
    void print(const Commands& commands, int indent) {
        for (const auto& command : commands) print(command, indent);
    }
    std::string text;

  private:
    void line(int indent, const std::string& words) {
        text += std::string(static_cast<std::size_t>(indent) * 4, ' ') + words + "\n";
    }
    void print(const Command& command, int indent) {
        Documents documents;
        const std::string tail =
            (command.background ? " &" : "") + (command.comment.empty() ? "" : " " + command.comment);
        const auto head = [&](const Commands& part) { return all_flat(part, documents); };
        const auto close = [&](const std::string& word) {
            line(indent, with_redirects(word, command, documents) + tail);
        };
        switch (command.kind) {
            case Command::Kind::Comment:
                line(indent, command.name);
                break;
            case Command::Kind::Group:
            case Command::Kind::Subshell: {
                const bool group = command.kind == Command::Kind::Group;
                line(indent, group ? "{" : "(");
                print(command.parts[0], indent + 1);
                close(group ? "}" : ")");
                break;
            }
            case Command::Kind::If: {
                std::size_t n = 0;
                for (; n + 1 < command.parts.size(); n += 2) {
                    line(indent, (n == 0 ? "if " : "elif ") + head(command.parts[n]) + "; then");
                    print(command.parts[n + 1], indent + 1);
                }
                if (n < command.parts.size()) {
                    line(indent, "else");
                    print(command.parts[n], indent + 1);
                }
                close("fi");
                break;
            }
            case Command::Kind::And:
            case Command::Kind::Or:
                if (!ends_with_lines(command)) {
                    line(indent, flat(command, documents) + tail);
                    break;
                }
                line(indent,
                     head(command.parts[0]) + (command.kind == Command::Kind::And ? " && {" : " || {"));
                print(command.parts[1][0].parts[0], indent + 1);
                close("}");
                break;
            case Command::Kind::For:
                line(indent, fmt::format("for {} in {}; do", command.name, words_of(command.words)));
                print(command.parts[0], indent + 1);
                close("done");
                break;
            case Command::Kind::While:
                line(indent, command.name + " " + head(command.parts[0]) + "; do");
                print(command.parts[1], indent + 1);
                close("done");
                break;
            case Command::Kind::Case:
                line(indent, "case " + words_of(command.words) + " in");
                for (const auto& branch : command.branches) {
                    line(indent, words_of(branch.patterns, " | ") + ")");
                    print(branch.commands, indent + 1);
                    line(indent + 1, ";;");
                }
                close("esac");
                break;
            default:
                line(indent, flat(command, documents) + tail);
        }
        for (const auto& document : documents)
            text += (document->literal ? between_quotes(document->body, "")
                                       : between_quotes(document->body, "$`\\")) +
                    document->end + "\n";
    }
};

}  // namespace

std::string print_word(const Word& word) {
    std::string text;
    for (std::size_t at = 0; at < word.size();) {
        if (!word[at].quoted) {
            text += word[at].kind == Piece::Kind::Text ? word[at].text : expansion(word, at);
            ++at;
            continue;
        }
        std::size_t end = at;
        while (end < word.size() && word[end].quoted) ++end;
        text += quoted_run(word, at, end);
        at = end;
    }
    return text;
}

std::string print_shell(const Commands& commands, int indent) {
    Page page;
    page.print(commands, indent);
    return page.text;
}

Word literal_word(std::string text) {
    return {{.kind = Piece::Kind::Text, .quoted = true, .text = std::move(text), .commands = {}}};
}

bool is_literal(const Word& word, std::string* text) {
    std::string all;
    bool expands = false;
    for (const auto& piece : word) {
        if (piece.kind != Piece::Kind::Text) return false;
        if (!piece.quoted) expands = expands || piece.text.find_first_of("*?[~") != std::string::npos;
        all += piece.text;
    }
    if (expands && all != "[") return false;
    if (text) *text = std::move(all);
    return true;
}

}  // namespace clamproof
